import { useCallback, useState } from 'react';
import type { FileToken } from '#shared/ipc/views.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useFilePicker } from '../../ui/use-file-picker.tsx';
import { useSaveText } from '../../ui/use-save-text.ts';
import { useAct } from './use-act.ts';
import { useKeyFile } from './use-key-file.tsx';

interface SignFileProps {
  readonly of: 'roster' | 'order';
  readonly onClose: () => void;
}

/** One more signature on the file of a roster or a standing order; what comes of it is saved as a file again. */
export function SignFile({ of, onClose }: SignFileProps) {
  const roster = useAct('respond.signChosenRoster');
  const order = useAct('respond.signChosenOrder');
  const save = useSaveText();
  const key = useKeyFile('Choose my key file …');
  const [file, setFile] = useState<FileToken | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const { pick, picker } = useFilePicker(
    of,
    useCallback((tokens: readonly FileToken[]) => setFile(tokens[0] ?? null), []),
  );
  const error = roster.error ?? order.error;
  const sign = async (): Promise<void> => {
    const given = file === null ? null : key.take();
    if (file === null || given === null) return;
    setFile(null);
    setDone(null);
    const request = { token: file.token, ...given };
    const signed = of === 'roster' ? await roster.run(request) : await order.run(request);
    if (signed === null) return;
    const who =
      'people' in signed
        ? `signed by ${signed.people.join(', ')}`
        : `${signed.signatures} signatures are on it`;
    if (await save(file.name, signed.text)) setDone(`${file.name}: ${who}. Hand it on, or take it in here.`);
  };
  return (
    <Dialog
      title={of === 'roster' ? 'Sign the next roster' : 'Sign a standing order'}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" disabled={file === null || !key.chosen} onClick={() => void sign()}>
            Sign and save
          </Button>
        </>
      }
    >
      <p>
        {of === 'roster'
          ? 'Whoever signs the next roster says who may approve from then on. Read the file first.'
          : 'Whoever signs a standing order lets one operator act within it without asking again. Read it first.'}
      </p>
      <div className="respond-buttons">
        <Button icon="file" onClick={pick}>
          Choose the file …
        </Button>
        {file === null ? <span className="muted">none chosen</span> : <LogText text={file.name} />}
      </div>
      {key.fields}
      {error === null ? null : <ErrorState what="It was not signed" error={error} />}
      {done === null ? null : (
        <p role="status">
          <LogText text={done} />
        </p>
      )}
      {picker}
    </Dialog>
  );
}
