import { useRef, useState } from 'react';
import type { PlanView } from '#shared/ipc/respond-views.ts';
import { useConsole } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useSaveText } from '../../ui/use-save-text.ts';
import { envelopesOf } from './exchange.ts';
import { readHandedOver } from './qr/read-files.ts';
import { ShowCodes } from './qr/show-codes.tsx';
import { useReadOnly } from './read-only.tsx';
import { type Signing, SignForm } from './sign-form.tsx';
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
  const [codes, setCodes] = useState<string | null>(null);
  const file = useAct('respond.planFile');
  const add = useAct('respond.addApproval');
  const readOnly = useReadOnly();
  const saveText = useSaveText();

  const save = async (): Promise<void> => {
    const kept = await file.run({ plan: { id: plan.id } });
    if (kept === null) return;
    await saveText(kept.name, kept.text);
    notices.getState().show({ tone: 'info', text: `The plan is also kept as ${kept.path}.` });
  };
  const showCodes = async (): Promise<void> => {
    const kept = await file.run({ plan: { id: plan.id } });
    if (kept !== null) setCodes(kept.text);
  };
  const load = async (chosen: readonly File[]): Promise<void> => {
    if (chosen.length === 0) return;
    const handedOver = await readHandedOver(chosen);
    if ('problem' in handedOver) {
      notices.getState().show({ tone: 'danger', text: handedOver.problem });
      return;
    }
    const kept = await file.run({ plan: { id: plan.id } });
    if (kept === null) return;
    const found = envelopesOf(handedOver.text, kept.text, hash);
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
            Load a signed plan or approval
          </Button>
          <Button onClick={() => void showCodes()}>Show as QR codes</Button>
          <input
            ref={upload}
            type="file"
            hidden
            multiple
            accept=".json,application/json,image/png,image/jpeg"
            aria-label="Signed plan"
            onChange={({ target }) => {
              void load([...(target.files ?? [])]);
              target.value = '';
            }}
          />
        </div>
      </div>
      {codes === null ? null : (
        <Dialog
          title="This plan, with what was signed so far"
          onClose={() => setCodes(null)}
          actions={<Button onClick={() => setCodes(null)}>Close</Button>}
        >
          <ShowCodes text={codes} />
        </Dialog>
      )}
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

function SignDialog({ view, onClose, onSigned }: SignDialogProps) {
  const { run, busy, error } = useAct('respond.sign');
  const sign = async (signing: Signing): Promise<void> => {
    const next = await run({ plan: { id: view.plan.id }, hash: view.hash, ...signing });
    if (next !== null) onSigned(next);
  };
  return (
    <Dialog title="Sign this plan" onClose={onClose} actions={<Button onClick={onClose}>Cancel</Button>}>
      <SignForm code={view.code} busy={busy} error={error} onSign={(signing) => void sign(signing)} />
    </Dialog>
  );
}
