import type { Plan, PlannedAction } from '#shared/respond/plan.ts';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { artefactWord, counted, residualWords, reversibilityWords } from './words.ts';

/** More are a matter for the plan's file. */
const mostShown = 300;

/** The actions in their order, each with what it stops, what it leaves, and the exact calls. */
export function PlanActions({ plan }: { readonly plan: Plan }) {
  const names = new Map(plan.targets.map(({ key, name }) => [key, name]));
  const shown = plan.actions.slice(0, mostShown);
  return (
    <Panel
      title="What will be done"
      note={`${counted(plan.actions.length, 'action')} at ${counted(plan.providers.length, 'provider')}, in this order`}
    >
      {plan.actions.length === 0 ? (
        <EmptyState title="Nothing can be done">
          No provider has anything of what was named, or all of it was refused. The reasons stand beside.
        </EmptyState>
      ) : (
        <ol className="plan-actions">
          {shown.map((action) => (
            <Action key={action.id} action={action} name={names.get(action.target) ?? action.target} />
          ))}
        </ol>
      )}
      {plan.actions.length > shown.length ? (
        <p className="simple-empty">
          {formatCount(plan.actions.length - shown.length)} more are in the plan’s file.
        </p>
      ) : null}
    </Panel>
  );
}

function Action({ action, name }: { readonly action: PlannedAction; readonly name: string }) {
  const { id, spec, target, calls, after, snapshot, undoes, stage } = action;
  const provider = target.slice(0, target.indexOf('/'));
  return (
    <li>
      <header>
        <span className="numeric muted">{id}</span>
        <strong>
          {undoes === null ? '' : 'Undo: '}
          {spec.title}
        </strong>
        {spec.reversibility === null ? null : (
          <Badge tone={spec.reversibility === 'R4' || spec.reversibility === 'R3' ? 'danger' : 'neutral'}>
            {spec.reversibility} · {reversibilityWords[spec.reversibility]}
          </Badge>
        )}
        {snapshot.inState && undoes === null ? <Badge>already so: never undone by us</Badge> : null}
      </header>
      <p>
        <LogText text={name} /> at <strong>{provider}</strong>{' '}
        <span className="mono muted plan-target">
          <LogText text={target} />
        </span>
      </p>
      {undoes !== null || spec.stops.length === 0 ? null : (
        <p>Stops: {spec.stops.map(artefactWord).join(', ')}.</p>
      )}
      {(undoes === null ? spec.doesNotStop : []).map(({ artefact, residualSeconds, note }) => (
        <p key={artefact} className="plan-leaves">
          <strong>Does not stop {artefactWord(artefact)}</strong>, lives on {residualWords(residualSeconds)}
          {note === '' ? '.' : `: ${note}`}
        </p>
      ))}
      {spec.undo.note === '' ? null : <p className="muted">To undo: {spec.undo.note}</p>}
      {stage > 1 || after.length > 0 ? (
        <p className="muted">
          {stage > 1 ? `Slice ${stage}. ` : ''}
          {after.length > 0 ? `After ${after.join(', ')}.` : ''}
        </p>
      ) : null}
      <details>
        <summary>{calls.length === 1 ? 'The exact call' : `The ${calls.length} exact calls`}</summary>
        {calls.map(({ method, address, body }) => (
          <pre key={`${method} ${address} ${body ?? ''}`} className="mono plan-call">
            {[`${method} ${address}`, ...(body?.split('\n') ?? [])].map((line, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- the lines of a call never move
              <span key={index} className="plan-line">
                <LogText text={line} />
              </span>
            ))}
          </pre>
        ))}
      </details>
    </li>
  );
}
