import type { ChangeCause, PermissionChange } from '#shared/domain/drift.ts';
import type { Entitlement } from '#shared/domain/entitlement.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import { useHref } from '../../state/context.ts';
import { useSharedRequest } from '../../state/use-shared-request.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { Properties } from '../../ui/properties.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { ChangeMark } from '../../ui/change-mark.tsx';
import { mostChanges } from './changes-part.tsx';
import { GrantSteps } from './grant-steps.tsx';
import './drift.css';

/** One change: what was held before and after, by which path, and the events that made it. */
export function ChangeDetail({ id }: { readonly id: string }) {
  const [from = '', to = '', ...key] = id.split('/');
  const { value, error, reload } = useSharedRequest('drift.run', { from, to, limit: mostChanges });
  if (error !== null) {
    return <ErrorState what="The bundles could not be compared" error={error} onRetry={reload} />;
  }
  if (value === null) return <Loading what="the change" />;
  const change = value.changes.find((candidate) => candidate.key === key.join('/'));
  if (change === undefined) {
    return <EmptyState title="There is no such change">The two bundles do not differ in it.</EmptyState>;
  }
  return (
    <article className="change-detail">
      <p>
        <ChangeMark kind={change.kind} />{' '}
        {change.conditional ? <span className="muted">depends on what a request carries</span> : null}
      </p>
      <p className="sentence">
        <LogText text={change.summary} />
      </p>
      <Properties
        entries={[
          [
            'Identity',
            <EntityLink
              key="subject"
              field="subject.id"
              value={change.subject.id}
              label={shortResource(change.subject.id)}
            />,
          ],
          ['Type', change.subject.type],
          ['System', change.system],
        ]}
      />
      <Causes change={change} />
      <Side title="Before" entitlement={change.before} />
      <Side title="After" entitlement={change.after} />
    </article>
  );
}

function Causes({ change: { attribution } }: { readonly change: PermissionChange }) {
  return (
    <section aria-label="How it came about">
      <h3>How it came about</h3>
      {attribution.length === 0 ? (
        <p>
          <Badge tone="warning">unexplained</Badge> No event of the case between the two bundles made this
          change. It was made where no log of the case looks, or before the logs begin.
        </p>
      ) : (
        <SimpleTable
          label="How it came about"
          rows={attribution}
          keyOf={({ event }) => event}
          empty="Unexplained."
          columns={[
            { title: 'When', width: 172, render: (cause) => <CauseLink cause={cause} /> },
            {
              title: 'Who',
              width: 168,
              render: ({ actor }) =>
                actor === null ? (
                  <span className="muted">not named</span>
                ) : (
                  <EntityLink field="subject.id" value={actor} label={shortResource(actor)} length={22} />
                ),
            },
            {
              title: 'By',
              width: 140,
              render: ({ operation }) => (operation === null ? '–' : <LogText text={operation} />),
            },
            {
              title: 'From',
              width: 120,
              render: ({ ip }) => (ip === null ? '–' : <EntityLink field="ip" value={ip} />),
            },
          ]}
        />
      )}
    </section>
  );
}

function CauseLink({ cause: { event, time } }: { readonly cause: ChangeCause }) {
  return (
    <a
      href={useHref({
        view: 'events',
        query: '',
        from: null,
        to: null,
        selected: { kind: 'event', id: event },
      })}
    >
      <Time value={time} to="second" />
    </a>
  );
}

interface SideProps {
  readonly title: string;
  readonly entitlement: Entitlement | undefined;
}

/** What is held on one side of the change. */
function Side({ title, entitlement }: SideProps) {
  if (entitlement === undefined) {
    return (
      <section aria-label={title}>
        <h3>{title}</h3>
        <p className="muted">Not held.</p>
      </section>
    );
  }
  const { action, resource, condition, conditionality, risks, limitedBy, grants } = entitlement;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <Properties
        entries={[
          [
            'Action',
            <span key="action" className="mono">
              <LogText text={action.pattern} />
              {action.level === undefined ? '' : ` (${action.level})`}
            </span>,
          ],
          [
            'Resource',
            <span key="resource" className="mono">
              <LogText text={resource.pattern} />
            </span>,
          ],
          [
            'Condition',
            condition === null ? (
              conditionality
            ) : (
              <span className="mono">
                <LogText text={condition.expr} />
              </span>
            ),
          ],
          [
            'Limited by',
            limitedBy.length === 0 ? null : (
              <LogText
                text={limitedBy
                  .map(({ policyId, statementId }) => [policyId, statementId].filter(Boolean).join(' '))
                  .join(', ')}
              />
            ),
          ],
          ['Risks', risks.length === 0 ? null : risks.join(', ')],
        ]}
      />
      <GrantSteps title={`${title}: how it is held`} grants={grants} />
    </section>
  );
}
