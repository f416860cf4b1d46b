import { useCallback, useState } from 'react';
import type { FileToken } from '#shared/ipc/views.ts';
import type { Failure } from '#shared/util/result.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useFilePicker } from '../../ui/use-file-picker.tsx';

export interface Signing {
  readonly keyToken: string;
  readonly passphrase: string | null;
  readonly decision: 'approve' | 'reject';
  readonly reason: string | null;
}

interface SignFormProps {
  readonly code: string;
  readonly busy: boolean;
  readonly error: Failure | null;
  readonly onSign: (signing: Signing) => void;
}

/** A decision about a plan. It is signed in the host: the key file never comes here, the passphrase passes through. */
export function SignForm({ code, busy, error, onSign }: SignFormProps) {
  const [key, setKey] = useState<FileToken | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [decision, setDecision] = useState<Signing['decision']>('approve');
  const [reason, setReason] = useState('');
  const { pick, picker } = useFilePicker(
    'key',
    useCallback((tokens: readonly FileToken[]) => setKey(tokens[0] ?? null), []),
  );
  const sign = (): void => {
    if (key === null) return;
    const given = passphrase;
    setPassphrase('');
    setKey(null);
    onSign({
      keyToken: key.token,
      passphrase: given === '' ? null : given,
      decision,
      reason: reason.trim() === '' ? null : reason.trim(),
    });
  };
  return (
    <>
      <p>
        You sign the plan with the code <strong className="mono">{code}</strong>: these targets, these states,
        these actions, for fifteen minutes.
      </p>
      <div className="respond-buttons">
        <Button icon="file" onClick={pick}>
          Choose the key file …
        </Button>
        <span>{key === null ? <span className="muted">none chosen</span> : <LogText text={key.name} />}</span>
      </div>
      <Field label="Passphrase" hint="Empty where the key has none.">
        {(attributes) => (
          <Input
            {...attributes}
            type="password"
            value={passphrase}
            onChange={({ target }) => setPassphrase(target.value)}
          />
        )}
      </Field>
      <Field label="Decision">
        {(attributes) => (
          <Select
            {...attributes}
            value={decision}
            onChange={(value) => setDecision(value === 'reject' ? 'reject' : 'approve')}
            options={[
              { value: 'approve', label: 'Approve' },
              { value: 'reject', label: 'Reject' },
            ]}
          />
        )}
      </Field>
      <Field label="Reason">
        {(attributes) => (
          <Input {...attributes} value={reason} onChange={({ target }) => setReason(target.value)} />
        )}
      </Field>
      {error === null ? null : <ErrorState what="It was not signed" error={error} />}
      <div className="respond-buttons">
        <Button look="primary" disabled={key === null || busy} onClick={sign}>
          {decision === 'approve' ? 'Sign the approval' : 'Sign the rejection'}
        </Button>
      </div>
      {picker}
    </>
  );
}
