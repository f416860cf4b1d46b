import { useCallback, useState } from 'react';
import type { FileToken } from '#shared/ipc/views.ts';
import { useRequest } from '../../state/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useFilePicker } from '../../ui/use-file-picker.tsx';
import { useReadOnly } from './read-only.tsx';
import { useAct } from './use-act.ts';

/** The operator's key, named before it is needed: under a standing order nothing has to be looked for then. */
export function OperatorKeyPanel() {
  const kept = useRequest('respond.keptKey', {});
  const keep = useAct('respond.keepKey');
  const drop = useAct('respond.dropKey');
  const [key, setKey] = useState<FileToken | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const readOnly = useReadOnly();
  const { pick, picker } = useFilePicker(
    'key',
    useCallback((tokens: readonly FileToken[]) => setKey(tokens[0] ?? null), []),
  );
  const name = kept.value?.name ?? null;
  const keepIt = async (): Promise<void> => {
    if (key === null) return;
    const given = passphrase;
    setPassphrase('');
    setKey(null);
    await keep.run({ keyToken: key.token, passphrase: given === '' ? null : given });
    kept.reload();
  };
  const dropIt = async (): Promise<void> => {
    await drop.run({});
    kept.reload();
  };
  return (
    <Panel title="My key" note="for standing orders: the held control signs with it">
      <div className="respond-form">
        {name === null ? (
          <p className="muted">
            None is kept ready. Under a standing order your own signature is wanted; with a key that is kept
            ready, holding the control is enough. It stays in this host’s memory until it ends.
          </p>
        ) : (
          <p>
            <LogText text={name} /> is kept ready until this host ends.
          </p>
        )}
        <div className="respond-buttons">
          <Button icon="file" disabled={readOnly} onClick={pick}>
            Choose my key file …
          </Button>
          {key === null ? null : <LogText text={key.name} />}
          {name === null ? null : <Button onClick={() => void dropIt()}>Forget it</Button>}
        </div>
        {key === null ? null : (
          <>
            <Field label="Passphrase" hint="Empty where the key has none.">
              {(attributes) => (
                <Input
                  {...attributes}
                  type="password"
                  autoComplete="off"
                  value={passphrase}
                  onChange={({ target }) => setPassphrase(target.value)}
                />
              )}
            </Field>
            <div className="respond-buttons">
              <Button look="primary" disabled={keep.busy} onClick={() => void keepIt()}>
                Keep it ready
              </Button>
            </div>
          </>
        )}
        {keep.error === null ? null : <ErrorState what="The key is not kept" error={keep.error} />}
      </div>
      {picker}
    </Panel>
  );
}
