import { useCallback, useRef, useState } from 'react';
import type { PlanView } from '#shared/ipc/respond-views.ts';
import type { FileToken } from '#shared/ipc/views.ts';
import { useConsole } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useFilePicker } from '../../ui/use-file-picker.tsx';
import { saveText } from '../../ui/save-text.ts';
import { envelopesOf } from './exchange.ts';
import { useReadOnly } from './read-only.tsx';
import { useAct } from './use-act.ts';

interface ApprovalsPanelProps {
  readonly view: PlanView;
  readonly onChange: (view: PlanView) => void;
}

/** Who has signed, who is still needed, and the ways in which signatures come: by key here, or by exchanged files. */
export function ApprovalsPanel({ view, onChange }: ApprovalsPanelProps) {
  const { notices } = useConsole();
  const { approvals, requirement, refusal, plan, hash } = view;
  const valid = approvals.filter(({ decision, objection }) => decision === 'approve' && objection === null);
  const upload = useRef<HTMLInputElement>(null);
  const [signing, setSigning] = useState(false);
  const file = useAct('respond.planFile');
  const add = useAct('respond.addApproval');
  const readOnly = useReadOnly();

  const save = async (): Promise<void> => {
    const kept = await file.run({ plan: { id: plan.id } });
    if (kept === null) return;
    saveText(kept.name, kept.text);
    notices.getState().show({ tone: 'info', text: `The plan is also kept as ${kept.path}.` });
  };
  const load = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    const kept = await file.run({ plan: { id: plan.id } });
    if (kept === null) return;
    const found = envelopesOf(await chosen.text(), kept.text, hash);
    if ('problem' in found) {
      notices.getState().show({ tone: 'danger', text: found.problem });
      return;
    }
    for (const envelope of found.envelopes) {
      const next = await add.run({ plan: { id: plan.id }, envelope });
      if (next !== null) onChange(next);
    }
  };

  return (
    <Panel
      title="Approvals"
      note={requirement === null ? 'no roster is pinned' : `${valid.length} of ${requirement.needed}`}
    >
      <div className="respond-form">
        {requirement === null ? (
          <p>
            Nobody can approve here before a roster is pinned (see “Who may approve”). Only an emergency can
            be executed.
          </p>
        ) : (
          <p>
            Needs <strong>{requirement.needed}</strong>{' '}
            {requirement.needed === 1 ? 'person' : 'different people'}
            {requirement.roles.length === 0 ? '' : ` with the role ${requirement.roles.join(' or ')}`}, for up
            to {requirement.reversibilityMax}. Whoever made the plan{' '}
            {requirement.selfApproval ? 'may be the only one' : 'does not approve it alone'}.
          </p>
        )}
        <ul className="respond-list plain" aria-label="Signed decisions">
          {approvals.map(({ person, decision, objection }, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- decisions are only ever added at the end
            <li key={index}>
              <Badge tone={objection !== null ? 'warning' : decision === 'reject' ? 'danger' : 'success'}>
                {objection !== null ? 'does not count' : decision === 'reject' ? 'rejected' : '✓ approved'}
              </Badge>{' '}
              <LogText text={person ?? 'an unknown key'} />
              {objection === null ? null : (
                <>
                  : <LogText text={objection} />
                </>
              )}
            </li>
          ))}
        </ul>
        <p className="respond-verdict">
          {requirement === null ? null : refusal === null ? (
            <Badge tone="success">✓ may be executed</Badge>
          ) : (
            <>
              <Icon name="warning" /> <LogText text={refusal} />
            </>
          )}
        </p>
        {add.error === null ? null : <ErrorState what="The decision was not taken" error={add.error} />}
        {file.error === null ? null : <ErrorState what="The plan could not be saved" error={file.error} />}
        <div className="respond-buttons">
          <Button disabled={readOnly || requirement === null} onClick={() => setSigning(true)}>
            Sign with my key …
          </Button>
          <Button icon="save" onClick={() => void save()}>
            Save the plan
          </Button>
          <Button
            icon="file"
            disabled={readOnly || add.busy || requirement === null}
            onClick={() => upload.current?.click()}
          >
            Load a signed plan
          </Button>
          <input
            ref={upload}
            type="file"
            hidden
            accept=".json,application/json"
            aria-label="Signed plan"
            onChange={({ target }) => {
              void load(target.files?.[0]);
              target.value = '';
            }}
          />
        </div>
      </div>
      {signing ? (
        <SignDialog
          view={view}
          onClose={() => setSigning(false)}
          onSigned={(next) => {
            setSigning(false);
            onChange(next);
          }}
        />
      ) : null}
    </Panel>
  );
}

interface SignDialogProps {
  readonly view: PlanView;
  readonly onClose: () => void;
  readonly onSigned: (view: PlanView) => void;
}

/** Signs in the host: the key file never comes here, and the passphrase only passes through. */
function SignDialog({ view, onClose, onSigned }: SignDialogProps) {
  const [key, setKey] = useState<FileToken | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [decision, setDecision] = useState<'approve' | 'reject'>('approve');
  const [reason, setReason] = useState('');
  const { run, busy, error } = useAct('respond.sign');
  const { pick, picker } = useFilePicker(
    'key',
    useCallback((tokens: readonly FileToken[]) => setKey(tokens[0] ?? null), []),
  );
  const sign = async (): Promise<void> => {
    if (key === null) return;
    const given = passphrase;
    setPassphrase('');
    setKey(null);
    const next = await run({
      plan: { id: view.plan.id },
      hash: view.hash,
      keyToken: key.token,
      passphrase: given === '' ? null : given,
      decision,
      reason: reason.trim() === '' ? null : reason.trim(),
    });
    if (next !== null) onSigned(next);
  };
  return (
    <Dialog
      title="Sign this plan"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={key === null || busy} onClick={() => void sign()}>
            {decision === 'approve' ? 'Sign the approval' : 'Sign the rejection'}
          </Button>
        </>
      }
    >
      <p>
        You sign the plan with the code <strong className="mono">{view.code}</strong>: these targets, these
        states, these actions, for fifteen minutes.
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
      {picker}
    </Dialog>
  );
}
