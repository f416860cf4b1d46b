import { useCallback, useEffect, useId, useRef, useState } from 'react';
import type { PlanView } from '#shared/ipc/respond-views.ts';
import { actedOn, isMild } from '#shared/respond/approval.ts';
import { isOpen } from '#shared/respond/plan.ts';
import type { FileToken } from '#shared/ipc/views.ts';
import { useConsole } from '../../state/context.ts';
import { useRequest } from '../../state/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { Properties } from '../../ui/properties.tsx';
import { ErrorState, Loading } from '../../ui/states.tsx';
import { useFilePicker } from '../../ui/use-file-picker.tsx';
import { HoldButton } from './hold-button.tsx';
import { useReadOnly } from './read-only.tsx';
import { useExecute } from './use-execute.ts';
import { counted, residualWords, reversibilityWords } from './words.ts';

interface ConfirmSurfaceProps {
  readonly plan: string;
  /** The hash that the address names: only a plan with this one can be executed here. */
  readonly hash: string;
}

/**
 * SECURITY: where a plan is executed. It lies alone over everything, shows nothing that comes from a log (no names,
 * no notes: figures, ids of the program, and the hash), and executes only the hash that it displays.
 */
export function ConfirmSurface({ plan, hash }: ConfirmSurfaceProps) {
  const { address } = useConsole();
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const { value, error, reload } = useRequest('respond.preview', { plan: { id: plan } });
  const leave = useCallback(() => address.getState().go({ tab: `plan/${plan}` }), [address, plan]);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="confirm-surface"
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
    >
      <header>
        <h1 id={title}>Execute this plan</h1>
        <Button onClick={leave}>Back to the plan</Button>
      </header>
      {error === null ? null : (
        <ErrorState what="The plan could not be read" error={error} onRetry={reload} />
      )}
      {value === null && error === null ? <Loading what="the plan" /> : null}
      {value === null ? null : value.hash === hash ? (
        <Confirm view={value} />
      ) : (
        <p className="respond-note danger" role="alert">
          This plan is not the one that was shown: its hash differs. Nothing can be executed here. Go back and
          look at it again.
        </p>
      )}
    </dialog>
  );
}

function Confirm({ view }: { readonly view: PlanView }) {
  const { plan, hash, code, refusal, requirement, approvals } = view;
  const [emergency, setEmergency] = useState(false);
  const [reason, setReason] = useState('');
  const [key, setKey] = useState<FileToken | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const readOnly = useReadOnly();
  const { execute, busy, error } = useExecute();
  const { pick, picker } = useFilePicker(
    'key',
    useCallback((tokens: readonly FileToken[]) => setKey(tokens[0] ?? null), []),
  );
  const mild = plan.actions.every(({ spec }) => isMild(spec.reversibility));
  const ready =
    !readOnly &&
    !busy &&
    plan.actions.length > 0 &&
    (emergency ? mild && reason.trim() !== '' : refusal === null);
  const signed = approvals.filter(({ decision, objection }) => decision === 'approve' && objection === null);
  const classes = [...new Set(plan.actions.flatMap(({ spec }) => spec.reversibility ?? []))].toSorted();

  const start = (): void => {
    const given = passphrase;
    setPassphrase('');
    setKey(null);
    void execute({
      plan: { id: plan.id },
      hash,
      emergency: emergency ? { reason: reason.trim() } : null,
      keyToken: emergency ? (key?.token ?? null) : null,
      passphrase: emergency && given !== '' ? given : null,
    });
  };

  return (
    <div className="confirm-body">
      <p className="plan-code mono" aria-label="Code of the plan">
        {code}
      </p>
      <Properties
        entries={[
          [
            'SHA-256',
            <span key="hash" className="mono">
              {hash}
            </span>,
          ],
          ['Actions', `${formatCount(plan.actions.length)} on ${counted(actedOn(plan).length, 'target')}`],
          ['Providers', plan.providers.map(({ name }) => name).join(', ')],
          ['Reversible', classes.map((each) => `${each}: ${reversibilityWords[each]}`).join(' · ')],
          ['Not covered', notCovered(view)],
          ['Lives on', residualWords(plan.residual.seconds)],
          [
            'Signed',
            requirement === null ? 'no roster is pinned' : `${signed.length} of ${requirement.needed}`,
          ],
        ]}
      />
      {readOnly ? <p className="respond-note warning">This host is read-only: it executes nothing.</p> : null}
      {refusal === null ? null : (
        <div className="confirm-emergency">
          <p className="respond-note warning">The plan has not the approvals that it needs.</p>
          <label className="respond-check">
            <input
              type="checkbox"
              checked={emergency}
              disabled={!mild}
              onChange={({ target }) => setEmergency(target.checked)}
            />
            Break the glass: I act alone. It is journaled, ends after fifteen minutes, and stays flagged until
            others have countersigned.
          </label>
          {mild ? null : (
            <p className="muted">Not possible for this plan: one person alone may only do R0 and R2.</p>
          )}
          {emergency ? (
            <>
              <Field label="Reason" hint="Stands in the journal and in the receipt.">
                {(attributes) => (
                  <Input {...attributes} value={reason} onChange={({ target }) => setReason(target.value)} />
                )}
              </Field>
              <div className="respond-buttons">
                <Button icon="file" onClick={pick}>
                  My key file …
                </Button>
                <span className="muted">
                  {key === null ? 'none chosen: by the user of this machine' : 'a key file is chosen'}
                </span>
              </div>
              {key === null ? null : (
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
              )}
            </>
          ) : null}
        </div>
      )}
      {error === null ? null : <ErrorState what="The plan was not executed" error={error} />}
      <HoldButton
        label={
          busy ? 'Beginning …' : plan.kind === 'restore' ? 'Hold to restore' : 'Hold to take access away'
        }
        disabled={!ready}
        onHeld={start}
      />
      <p id="hold-help" className="muted">
        Press and hold for two seconds, or hold Enter or Space. Every action is written down before it is
        sent.
      </p>
      {picker}
    </div>
  );
}

function notCovered({ plan }: PlanView): string {
  const gaps = plan.gaps.filter(isOpen).length;
  const { refusals, missing } = plan;
  if (gaps + refusals.length + missing.length === 0) return 'nothing known';
  return `${refusals.length} refused, ${counted(gaps, 'gap')}, ${counted(missing.length, 'missing control')} (see the plan)`;
}
