import type { PlanView } from '#shared/ipc/respond-views.ts';
import { Button } from '../../ui/button.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useReadOnly } from './read-only.tsx';
import { useAct } from './use-act.ts';

const good = new Set(['applied', 'ready', 'already_in_state']);

/** Tries the plan without effect: the provider's own dry run where it has one, else what reading can tell. */
export function DryRunPanel({ view }: { readonly view: PlanView }) {
  const { run, busy, value, error } = useAct('respond.dryRun');
  const readOnly = useReadOnly();
  return (
    <Panel
      title="Dry run"
      note="changes nothing"
      actions={
        <Button disabled={busy || readOnly} onClick={() => void run({ plan: { id: view.plan.id } })}>
          {busy ? 'Trying …' : 'Try without effect'}
        </Button>
      }
    >
      {error === null ? null : <ErrorState what="The dry run failed" error={error} />}
      {value === null ? (
        <p className="simple-empty">Not tried yet.</p>
      ) : (
        <ul className="respond-list" aria-label="Dry run">
          {value.changed.map((target) => (
            <li key={target}>
              <Badge tone="warning">changed since</Badge> <LogText text={target} />: plan again.
            </li>
          ))}
          {value.actions.map(({ id, title, name, by, outcome, detail }) => (
            <li key={id}>
              <Badge tone={good.has(outcome) ? 'success' : 'warning'}>{outcome.replaceAll('_', ' ')}</Badge>{' '}
              {id} {title}, <LogText text={name} />: <LogText text={detail} />{' '}
              <span className="muted">
                {by === 'native' ? '(asked the provider)' : '(read only; nothing more can be known)'}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
