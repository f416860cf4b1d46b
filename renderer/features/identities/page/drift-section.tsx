import { shortResource } from '#shared/domain/event-sentence.ts';
import type { DriftStep, PermissionChange } from '#shared/domain/drift.ts';
import { useHref } from '../../../state/context.ts';
import { useSharedRequest } from '../../../state/use-shared-request.ts';
import { ChangeMark } from '../../../ui/change-mark.tsx';
import { briefly } from '../../../ui/change-words.ts';
import { EntityLink } from '../../../ui/entity-link.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { Badge } from '../../../ui/outcome-mark.tsx';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { Time } from '../../../ui/values.tsx';

/** So many changes are shown; the view of drift has all. */
const mostChanges = 50;

interface OwnChange {
  readonly step: DriftStep;
  readonly change: PermissionChange;
}

/** How its permissions changed from bundle to bundle, each change with who made it, or unexplained. */
export function DriftSection({ ids }: { readonly ids: readonly string[] }) {
  const { value, error } = useSharedRequest('drift.series', { subjects: [...ids] });
  const changes = (value?.steps ?? [])
    .toReversed()
    .flatMap((step) => step.changes.map((change): OwnChange => ({ step, change })))
    .filter(({ change: { kind } }) => kind !== 'path-changed');
  return (
    <section aria-label="Changes of its permissions">
      <h3>
        Changes of its permissions
        {changes.length > mostChanges ? (
          <span className="muted">
            the latest {mostChanges} of {formatCount(changes.length)}
          </span>
        ) : null}
      </h3>
      {error === null ? null : <p className="muted">The bundles could not be compared: {error.message}</p>}
      {value === null ? (
        error === null && <p className="muted">The bundles are compared …</p>
      ) : (
        <SimpleTable
          label="Changes of its permissions"
          rows={changes.slice(0, mostChanges)}
          keyOf={({ step, change }) => `${step.from} ${step.to} ${change.key}`}
          empty="Between the bundles of the case none of its permissions changed."
          columns={[
            { title: 'Change', width: 128, render: ({ change }) => <ChangeMark kind={change.kind} /> },
            { title: 'Permission', render: (own) => <ChangeLink own={own} /> },
            { title: 'By', width: 168, render: ({ change }) => <Maker change={change} /> },
            { title: 'When', width: 148, render: (own) => <When own={own} /> },
          ]}
        />
      )}
    </section>
  );
}

function ChangeLink({ own: { step, change } }: { readonly own: OwnChange }) {
  const { from, to } = step;
  const href = useHref({
    view: 'drift',
    tab: new URLSearchParams({ from, to, subject: change.subject.id }).toString(),
    selected: { kind: 'change', id: `${from}/${to}/${change.key}` },
  });
  return (
    <a className="mono" href={href}>
      <LogText text={briefly(change)} />
    </a>
  );
}

function Maker({ change: { attribution } }: { readonly change: PermissionChange }) {
  const [latest] = attribution;
  if (latest === undefined) return <Badge tone="warning">unexplained</Badge>;
  if (latest.actor === null) return <span className="muted">not named</span>;
  return (
    <EntityLink field="subject.id" value={latest.actor} label={shortResource(latest.actor)} length={22} />
  );
}

/** When the event was that explains it; else between which moments it must have happened. */
function When({ own: { step, change } }: { readonly own: OwnChange }) {
  const [latest] = change.attribution;
  const href = useHref({
    view: 'events',
    query: '',
    from: null,
    to: null,
    selected: latest === undefined ? null : { kind: 'event', id: latest.event },
  });
  if (latest !== undefined) {
    return (
      <a href={href}>
        <Time value={latest.time} to="minute" />
      </a>
    );
  }
  return step.until === null ? (
    <>–</>
  ) : (
    <span title={`after ${step.since ?? 'an unknown time'}`}>
      by <Time value={step.until} to="minute" />
    </span>
  );
}
