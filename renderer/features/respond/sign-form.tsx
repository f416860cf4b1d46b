import { useState } from 'react';
import type { Failure } from '#shared/util/result.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { type GivenKey, useKeyFile } from './use-key-file.tsx';

export interface Signing extends GivenKey {
  readonly decision: 'approve' | 'reject';
  readonly reason: string | null;
}

interface SignFormProps {
  readonly code: string;
  readonly busy: boolean;
  readonly error: Failure | null;
  readonly onSign: (signing: Signing) => void;
}

/** A decision about a plan. It is signed in the host. */
export function SignForm({ code, busy, error, onSign }: SignFormProps) {
  const key = useKeyFile('Choose the key file …');
  const [decision, setDecision] = useState<Signing['decision']>('approve');
  const [reason, setReason] = useState('');
  const sign = (): void => {
    const given = key.take();
    if (given === null) return;
    onSign({ ...given, decision, reason: reason.trim() === '' ? null : reason.trim() });
  };
  return (
    <>
      <p>
        You sign the plan with the code <strong className="mono">{code}</strong>: these targets, these states,
        these actions, for fifteen minutes.
      </p>
      {key.fields}
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
        <Button look="primary" disabled={!key.chosen || busy} onClick={sign}>
          {decision === 'approve' ? 'Sign the approval' : 'Sign the rejection'}
        </Button>
      </div>
    </>
  );
}
