import { useCallback, useState } from 'react';
import type { FileToken } from '#shared/ipc/views.ts';
import { parseInstant } from '#shared/util/instant.ts';
import { useCase, useConsole } from '../../../state/context.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { escapedText } from '../../../ui/log-text.ts';
import { useFilePicker } from '../../../ui/use-file-picker.tsx';
import { bundleTab } from '../places.ts';
import { systems } from '../systems.ts';

const detect = '';

/** What to add and from when it was in force. */
export function AddBundle({ onClose }: { readonly onClose: () => void }) {
  const { address, bridge, case: current, notices } = useConsole();
  const [chosen, setChosen] = useState<FileToken | null>(null);
  const [system, setSystem] = useState(detect);
  const [from, setFrom] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const choose = useCallback((tokens: readonly FileToken[]) => setChosen(tokens[0] ?? null), []);
  const { pick, picker } = useFilePicker('bundle', choose);
  const [key, setKey] = useState<FileToken | null>(null);
  const chooseKey = useCallback((tokens: readonly FileToken[]) => setKey(tokens[0] ?? null), []);
  const { pick: pickKey, picker: keyPicker } = useFilePicker('key', chooseKey);
  const { pick: pickFolder, picker: folderPicker } = useFilePicker('bundle-folder', choose);
  // The console's own browser offers both at once, and so does the dialog of macOS.
  const both = useCase(({ info }) => info?.nativeDialogs !== true || info.platform === 'darwin');
  const wrongTime = from !== '' && parseInstant(from) === null;

  const add = async (): Promise<void> => {
    if (chosen === null) return;
    setBusy(true);
    const result = await bridge.request('bundles.add', {
      token: chosen.token,
      system: system === detect ? null : system,
      inForceFrom: from === '' ? null : from,
      verificationKey: key?.token ?? null,
    });
    setBusy(false);
    if (!result.ok) {
      setError(result.error.message);
      return;
    }
    await current.getState().refresh();
    const { id, problems, policies } = result.value;
    notices.getState().show({
      tone: problems.length === 0 ? 'success' : 'info',
      text: `The bundle was added: ${policies} policies, ${problems.length} problems.`,
    });
    onClose();
    address.getState().go({ tab: bundleTab(id) });
  };

  return (
    <Dialog
      title="Add a policy bundle"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={chosen === null || wrongTime || busy} onClick={() => void add()}>
            {busy ? 'Reading …' : 'Add'}
          </Button>
        </>
      }
    >
      <div className="add-bundle">
        <div className="trace-actions">
          <Button icon={both ? 'folder' : 'file'} onClick={pick}>
            {both ? 'Choose a file or folder …' : 'Choose a file …'}
          </Button>
          {both ? null : (
            <Button icon="folder" onClick={pickFolder}>
              Choose a folder …
            </Button>
          )}
        </div>
        {chosen === null ? (
          <p className="muted">
            A file, a folder or an archive. It is copied into the case and never changed.
          </p>
        ) : (
          <p>
            <Icon name={chosen.kind} /> <LogText text={chosen.name} />
          </p>
        )}
        <Field label="System" hint="Found by content. Choose one only to overrule that.">
          {(attributes) => (
            <Select
              {...attributes}
              value={system}
              onChange={setSystem}
              options={[
                { value: detect, label: 'Found by content' },
                ...systems.map(({ name, title }) => ({ value: name, label: title })),
              ]}
            />
          )}
        </Field>
        <Field
          label="In force from"
          hint="RFC 3339, e.g. 2026-05-01T10:00:00Z. Leave it empty where it is not known."
          error={wrongTime ? 'This is no time. Write it as RFC 3339, e.g. 2026-05-01T10:00:00Z.' : null}
        >
          {(attributes) => (
            <Input {...attributes} value={from} onChange={(event) => setFrom(event.target.value.trim())} />
          )}
        </Field>
        <Field label="Verification key" hint="Public key (PEM) or shared secret of a signed OPA bundle.">
          {() => (
            <div className="trace-actions">
              <Button icon="file" onClick={pickKey}>
                Choose a key …
              </Button>
              {key === null ? null : <LogText text={key.name} />}
            </div>
          )}
        </Field>
        {error === null ? null : (
          <p className="field-error" role="alert">
            {escapedText(error)}
          </p>
        )}
      </div>
      {picker}
      {folderPicker}
      {keyPicker}
    </Dialog>
  );
}
