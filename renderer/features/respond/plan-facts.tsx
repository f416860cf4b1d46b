import type { Plan } from '#shared/respond/plan.ts';
import { isOpen } from '#shared/respond/plan.ts';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { Time } from '../../ui/values.tsx';
import { artefactWord, residualWords } from './words.ts';

interface PlanProps {
  readonly plan: Plan;
}

/** What was found at the providers, by immutable ids. */
export function TargetsPanel({ plan }: PlanProps) {
  return (
    <Panel title="Found" note="by ids that are never reused">
      <SimpleTable
        label="Targets"
        rows={plan.targets.slice(0, 300)}
        keyOf={({ key }) => key}
        empty="Nothing was found at any provider."
        columns={[
          { title: 'Name', render: ({ name }) => <LogText text={name} /> },
          { title: 'Kind', width: 104, render: ({ kind }) => kind },
          {
            title: 'Immutable id',
            render: ({ id }) => (
              <span className="mono" title={id}>
                <LogText text={id} />
              </span>
            ),
          },
          { title: 'Provider', width: 104, render: ({ provider }) => provider },
        ]}
      />
    </Panel>
  );
}

/** What the plan does not do: refused targets, gaps, and controls that are missing. */
export function OpenPanel({ plan }: PlanProps) {
  const { refusals, gaps, missing } = plan;
  if (refusals.length + gaps.length + missing.length === 0) return null;
  return (
    <Panel title="Not covered">
      <ul className="respond-list">
        {refusals.map(({ target, name, rule, why, provider }) => (
          <li key={`${target} ${rule}`}>
            <Badge tone="warning">refused: {rule.replaceAll('-', ' ')}</Badge>{' '}
            <strong>
              <LogText text={name} />
            </strong>{' '}
            at {provider}: <LogText text={why} />
          </li>
        ))}
        {gaps.map((gap) => (
          <li key={`${gap.provider} ${gap.kind} ${gap.why}`}>
            <Badge tone={isOpen(gap) ? 'warning' : 'neutral'}>{gap.kind.replaceAll('-', ' ')}</Badge>{' '}
            {gap.provider}: <LogText text={gap.why} />
            {gap.kind === 'ambiguous' ? ' Add the one that is meant to a new plan by its id.' : null}
          </li>
        ))}
        {missing.map(({ provider, group, control, consequence, advice }) => (
          <li key={`${provider} ${group} ${control}`}>
            <Badge tone="warning">missing control</Badge> {provider}: <strong>{control}</strong>.{' '}
            {consequence} <span className="muted">{advice}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What lives on after every action has settled. */
export function ResidualPanel({ plan }: PlanProps) {
  const { residual } = plan;
  return (
    <Panel title="Residual access" note={residualWords(residual.seconds)}>
      {residual.items.length === 0 ? (
        <p className="simple-empty">Nothing is known that lives on.</p>
      ) : (
        <ul className="respond-list">
          {residual.items.map((item) => (
            <li key={`${item.provider} ${item.group} ${item.artefact}`}>
              <Badge tone={item.seconds === null ? 'warning' : 'neutral'}>
                {artefactWord(item.artefact)}
              </Badge>{' '}
              {item.provider}: {residualWords(item.seconds)}. {item.note}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Who else will notice: a lower and an upper bound, never one number. */
export function ForecastPanel({ plan }: PlanProps) {
  if (plan.kind === 'restore') return null;
  return (
    <Panel title="Collateral" note="who used this, from the case’s events">
      {plan.forecast.length === 0 ? (
        <p className="simple-empty">The case has no events of these identities: cannot know.</p>
      ) : null}
      <ul className="respond-list">
        {plan.forecast.map(({ group, days, atLeast, atMost, consumers }) => (
          <li key={group}>
            <p>
              <strong>
                <LogText text={plan.references.find((reference) => reference.group === group)?.id ?? group} />
              </strong>
              : at least {atLeast},{' '}
              {atMost === null ? 'and the logs give no upper bound' : `at most ${atMost}`} ({days} days).
            </p>
            {consumers.map(({ name, last, next }) => (
              <p key={name} className="forecast-line">
                <LogText text={name} />, last <Time value={last} to="minute" />
                {next === null ? ', no rhythm' : null}
                {next === null ? null : (
                  <>
                    , next between <Time value={next.from} to="minute" /> and{' '}
                    <Time value={next.to} to="minute" />
                  </>
                )}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
