import { useCallback, useState } from 'react';
import type { CaseSummary, FileToken } from '#shared/ipc/views.ts';
import type { Failure, Result } from '#shared/util/result.ts';
import { useConsole } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { escapedText } from '../../ui/log-text.ts';
import { ErrorState } from '../../ui/states.tsx';
import { useFilePicker } from '../../ui/use-file-picker.tsx';

interface NewCaseProps {
  readonly onClose: () => void;
  readonly onDone: (result: Result<CaseSummary>) => void;
}

/** Asks for a name and a folder, and makes the case there. */
export function NewCase({ onClose, onDone }: NewCaseProps) {
  const { bridge } = useConsole();
  const [name, setName] = useState('');
  const [folder, setFolder] = useState<FileToken | null>(null);
  const [error, setError] = useState<Failure | null>(null);
  const { pick, picker } = useFilePicker(
    'create-case',
    useCallback(([first]: readonly FileToken[]) => setFolder(first ?? null), []),
  );
  const ready = name.trim() !== '' && folder !== null;

  const create = async (): Promise<void> => {
    if (folder === null || !ready) return;
    const result = await bridge.request('case.create', { token: folder.token, name: name.trim() });
    if (result.ok) {
      onClose();
      onDone(result);
      return;
    }
    // The folder's token is used up; another try needs another one.
    setFolder(null);
    setError(result.error);
  };

  return (
    <Dialog
      title="New case"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="new-case" disabled={!ready}>
            Create case
          </Button>
        </>
      }
    >
      <form
        id="new-case"
        className="start-form"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <Field label="Name" hint="How the case is called in the console, e.g. the incident’s number.">
          {(attributes) => (
            <Input
              {...attributes}
              required
              maxLength={120}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <div className="field">
          <strong>Folder</strong>
          <Button icon="folder" aria-describedby="new-case-folder" onClick={pick}>
            {folder === null ? 'Choose a folder …' : escapedText(folder.name)}
          </Button>
          <p id="new-case-folder" className="field-hint">
            The case is one folder: evidence, database, journal. Where other files are, it becomes a folder
            beside them, called like the case.
          </p>
        </div>
        {error === null ? null : <ErrorState what="The case could not be made" error={error} />}
      </form>
      {picker}
    </Dialog>
  );
}
