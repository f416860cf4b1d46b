import { type FormEvent, useState } from 'react';
import type { OutputOf } from '#shared/ipc/contract.ts';
import type { FileToken } from '#shared/ipc/views.ts';
import type { Failure } from '#shared/util/result.ts';
import { useConsole } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { ErrorState } from '../../ui/states.tsx';

interface ImportDialogProps {
  readonly file: FileToken;
  readonly onClose: () => void;
}

/** Takes owners in from a file, with a reason; lines that were not understood are listed. */
export function ImportDialog({ file, onClose }: ImportDialogProps) {
  const { bridge } = useConsole();
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const [done, setDone] = useState<OutputOf<'ownership.import'> | null>(null);
  const ready = why.trim() !== '' && !busy;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    const result = await bridge.request('ownership.import', { token: file.token, why: why.trim() });
    setBusy(false);
    if (result.ok) setDone(result.value);
    else setError(result.error);
  };
  return (
    <Dialog
      title="Import owners"
      onClose={onClose}
      actions={
        done === null ? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" type="submit" form="ownership-import" disabled={!ready || error !== null}>
              {busy ? 'Importing …' : 'Import'}
            </Button>
          </>
        ) : (
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        )
      }
    >
      {done === null ? (
        <form id="ownership-import" className="ownership-form" onSubmit={(event) => void submit(event)}>
          <p>
            From <LogText text={file.name} />. Each row takes the place of the one with its pattern.
          </p>
          <Field label="Reason" hint="Stands in the case’s journal beside the import and your name.">
            {(attributes) => (
              <Input {...attributes} value={why} onChange={({ target }) => setWhy(target.value)} />
            )}
          </Field>
          {error === null ? null : (
            <ErrorState what="The file was not imported: choose it again" error={error} />
          )}
        </form>
      ) : (
        <div className="ownership-form">
          <p>
            {formatCount(done.rows)} {done.rows === 1 ? 'row is' : 'rows are'} in the matrix, by decision{' '}
            {done.decision.number}.
          </p>
          {done.problems.length === 0 ? null : (
            <>
              <p>{formatCount(done.problems.length)} lines were not understood:</p>
              <ul className="ownership-problems">
                {done.problems.map(({ line, message }) => (
                  <li key={`${line} ${message}`}>
                    line {line}: <LogText text={message} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
    </Dialog>
  );
}
