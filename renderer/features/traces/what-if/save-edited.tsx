import { useState } from 'react';
import type { PolicyEdit } from '#shared/what-if/edit.ts';
import { parseInstant } from '#shared/util/instant.ts';
import { useConsole } from '../../../state/context.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { escapedText } from '../../../ui/log-text.ts';
import { bundleTab } from '../places.ts';

interface SaveEditedProps {
  readonly bundle: string;
  readonly edits: readonly PolicyEdit[];
  readonly onClose: () => void;
}

/** Keeps the changed policies as a bundle of the case. */
export function SaveEdited({ bundle, edits, onClose }: SaveEditedProps) {
  const { address, bridge, case: current, notices } = useConsole();
  const [from, setFrom] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const wrongTime = from !== '' && parseInstant(from) === null;

  const save = async (): Promise<void> => {
    setBusy(true);
    const inForceFrom = from === '' ? null : from;
    const result = await bridge.request('bundles.saveEdited', { bundle, edits: [...edits], inForceFrom });
    setBusy(false);
    if (!result.ok) {
      setError(result.error.message);
      return;
    }
    await current.getState().refresh();
    notices.getState().show({
      tone: 'success',
      text: 'The changed policies are a bundle of the case now. The one that they were made of is as it was.',
    });
    onClose();
    address.getState().go({ tab: bundleTab(result.value.id, null) });
  };

  return (
    <Dialog
      title="Save as a new bundle"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={wrongTime || busy} onClick={() => void save()}>
            {busy ? 'Saving …' : 'Save'}
          </Button>
        </>
      }
    >
      <div className="add-bundle">
        <p>
          The changed policies are kept in the case beside those that they were made of, and the custody
          journal says which.
        </p>
        <Field
          label="In force from"
          hint="RFC 3339, e.g. 2026-05-01T10:00:00Z. Leave it empty for a draft: events are judged by it only where no other bundle was in force."
          error={wrongTime ? 'This is no time. Write it as RFC 3339, e.g. 2026-05-01T10:00:00Z.' : null}
        >
          {(attributes) => (
            <Input {...attributes} value={from} onChange={(event) => setFrom(event.target.value.trim())} />
          )}
        </Field>
        {error === null ? null : (
          <p className="field-error" role="alert">
            {escapedText(error)}
          </p>
        )}
      </div>
    </Dialog>
  );
}
