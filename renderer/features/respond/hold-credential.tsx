import { useState } from 'react';
import { useConsole } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { draftOf } from './draft.ts';
import { useAct } from './use-act.ts';

interface HoldCredentialProps {
  /** The provider that revokes it. */
  readonly provider: string;
  readonly onClose: () => void;
}

const kinds = [
  { value: '', label: 'Let the provider tell' },
  { value: 'refresh_token', label: 'Refresh token' },
  { value: 'access_token', label: 'Access token' },
];

/** A token that the operator holds goes into the vault. SECURITY: it leaves the page's memory as it is sent. */
export function HoldCredential({ provider, onClose }: HoldCredentialProps) {
  const console = useConsole();
  const hold = useAct('provider.hold');
  const [credential, setCredential] = useState('');
  const [kind, setKind] = useState('');
  const fingerprint = hold.value?.fingerprint ?? null;
  const keep = async (): Promise<void> => {
    const given = credential.trim();
    setCredential('');
    await hold.run({ name: provider, credential: given });
  };
  const toPlan = (): void => {
    if (fingerprint === null) return;
    const type = kind === '' ? {} : { credentialType: kind };
    draftOf(console)
      .getState()
      .begin([{ kind: 'credential', id: fingerprint, ...type }]);
    console.address.getState().go({ tab: null });
  };
  return (
    <Dialog
      title={`Hold a credential for ${provider}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          {fingerprint === null ? (
            <Button
              look="primary"
              disabled={credential.trim() === '' || hold.busy}
              onClick={() => void keep()}
            >
              Keep it in the vault
            </Button>
          ) : (
            <Button look="primary" onClick={toPlan}>
              Add it to a plan
            </Button>
          )}
        </>
      }
    >
      {fingerprint === null ? (
        <Field
          label="Credential"
          hint="A leaked token. It goes into the vault of this host, and is never shown again."
        >
          {(attributes) => (
            <Input
              {...attributes}
              type="password"
              value={credential}
              onChange={({ target }) => setCredential(target.value)}
            />
          )}
        </Field>
      ) : (
        <>
          <p role="status">
            It is kept. From here on it goes by its fingerprint: <LogText text={fingerprint} />
          </p>
          <Field label="What it is">
            {(attributes) => <Select {...attributes} value={kind} onChange={setKind} options={kinds} />}
          </Field>
        </>
      )}
      {hold.error === null ? null : <ErrorState what="It is not kept" error={hold.error} />}
    </Dialog>
  );
}
