import type { Finding } from '#shared/domain/finding.ts';
import { useHref } from '../../../state/context.ts';
import { useSharedRequest } from '../../../state/use-shared-request.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { SeverityMark } from '../../../ui/severity-mark.tsx';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { Time } from '../../../ui/values.tsx';

/** What the detection rules found about it. */
export function FindingList({ subject }: { readonly subject: string }) {
  const { value, error } = useSharedRequest('findings.run', {});
  return (
    <section aria-label="Findings about it">
      <h3>Findings</h3>
      {error === null ? null : <p className="muted">The rules could not be run: {error.message}</p>}
      {value === null ? (
        error === null && <p className="muted">The rules are running …</p>
      ) : (
        <SimpleTable
          label="Findings about it"
          rows={value.findings.filter((finding) => finding.subject === subject)}
          keyOf={({ id }) => id}
          empty="No rule found anything about it."
          columns={[
            {
              title: 'Severity',
              width: 104,
              render: ({ severity }) => <SeverityMark severity={severity} />,
            },
            { title: 'Finding', render: (finding) => <FindingLink finding={finding} /> },
            {
              title: 'Last',
              width: 148,
              render: ({ last }) => (last === null ? '–' : <Time value={last} to="minute" />),
            },
          ]}
        />
      )}
    </section>
  );
}

function FindingLink({ finding: { id, title } }: { readonly finding: Finding }) {
  return (
    <a href={useHref({ view: 'findings', selected: { kind: 'finding', id } })}>
      <LogText text={title} />
    </a>
  );
}
