import { shortResource } from '#shared/domain/event-sentence.ts';
import type { Finding } from '#shared/domain/finding.ts';
import { useHref } from '../../state/context.ts';
import { useSharedRequest } from '../../state/use-shared-request.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { Panel } from '../../ui/panel.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { ErrorState, Loading } from '../../ui/states.tsx';
import { countOf, inOrder, worstFirst } from './order.ts';

/** So many stand on the overview. */
const shownFindings = 8;

/** On the overview: how many findings there are of each severity, and the worst of them. */
export function FindingsPanel() {
  const { value, error, reload } = useSharedRequest('findings.run', {});
  const all = useHref({ view: 'findings', selected: null });
  const findings = inOrder(value?.findings ?? []);
  const counts = worstFirst
    .map((severity) => [severity, countOf(findings, severity)] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${formatCount(count)} ${severity}`);
  return (
    <Panel
      title="Findings by severity"
      note={value === null ? '' : counts.join(', ')}
      actions={<a href={all}>All findings</a>}
    >
      {error === null ? null : (
        <ErrorState what="The rules could not be run" error={error} onRetry={reload} />
      )}
      {value === null && error === null ? <Loading what="the findings" /> : null}
      {value === null || error !== null ? null : (
        <SimpleTable
          label="Findings by severity"
          rows={findings.slice(0, shownFindings)}
          keyOf={({ id }) => id}
          empty="No rule found anything."
          columns={[
            {
              title: 'Severity',
              width: 104,
              render: ({ severity }) => <SeverityMark severity={severity} />,
            },
            { title: 'Finding', render: (finding) => <FindingLink finding={finding} /> },
            {
              title: 'Subject',
              width: 152,
              render: ({ subject }) =>
                subject === null ? (
                  <span className="muted">–</span>
                ) : (
                  <EntityLink field="subject.id" value={subject} label={shortResource(subject)} length={20} />
                ),
            },
          ]}
        />
      )}
    </Panel>
  );
}

function FindingLink({ finding: { id, title } }: { readonly finding: Finding }) {
  return (
    <a href={useHref({ view: 'findings', selected: { kind: 'finding', id } })}>
      <LogText text={title} />
    </a>
  );
}
