import { type FormEvent, type ReactNode, useState } from 'react';
import type { DecisionData } from '#shared/domain/decision.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { ErrorState } from '../../../ui/states.tsx';
import { useDecide } from './use-decide.ts';

interface DecideDialogProps {
  readonly title: string;
  /** What is decided; null while something is missing. */
  readonly data: DecisionData | null;
  readonly onClose: () => void;
  /** What else is asked for, above the reason. */
  readonly children?: ReactNode;
}

/** Asks for the reason of a decision, which goes into the journal with it, and keeps both. */
export function DecideDialog({ title, data, onClose, children }: DecideDialogProps) {
  const [why, setWhy] = useState('');
  const { decide, busy, error } = useDecide();
  const ready = data !== null && why.trim() !== '' && !busy;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (data !== null && ready && (await decide(why.trim(), data))) onClose();
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="decide" disabled={!ready}>
            {busy ? 'Keeping …' : 'Decide'}
          </Button>
        </>
      }
    >
      <form id="decide" className="decide-form" onSubmit={(event) => void submit(event)}>
        {children}
        <Field label="Reason" hint="Stands in the case’s journal beside the decision and your name.">
          {(attributes) => (
            <Input {...attributes} value={why} onChange={({ target }) => setWhy(target.value)} />
          )}
        </Field>
        {error === null ? null : <ErrorState what="It was not kept" error={error} />}
      </form>
    </Dialog>
  );
}
