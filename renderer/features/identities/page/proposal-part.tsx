import { useState } from 'react';
import type { PolicyProposal, ProposalCheck, ProposalMargin } from '#shared/domain/proposal.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { Select } from '../../../ui/field.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { Panel } from '../../../ui/panel.tsx';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { useCopy } from '../../../ui/use-copy.ts';
import { useSaveText } from '../../../ui/use-save-text.ts';
import { Count, TimeRange } from '../../../ui/values.tsx';

interface ProposalPartProps {
  readonly subject: string;
  readonly asOf: string | null;
}

const resources: readonly { readonly value: ProposalMargin['resources']; readonly label: string }[] = [
  { value: 'exact', label: 'the resources that were used' },
  { value: 'siblings', label: 'also those beside them' },
  { value: 'granted', label: 'those of the present grants' },
];

/** The smallest policy for what it did, with a stated margin, and what it would have refused. */
export function ProposalPart({ subject, asOf }: ProposalPartProps) {
  const [margin, setMargin] = useState<ProposalMargin>({
    resources: 'siblings',
    reads: false,
    unseen: true,
  });
  const { value, error, loading, reload } = useRequest('usage.propose', { subject, asOf, margin });
  return (
    <div className="story-part">
      <div className="story-bar">
        <Select
          aria-label="Resources"
          value={margin.resources}
          options={resources}
          onChange={(wanted) =>
            setMargin({
              ...margin,
              resources: resources.find((each) => each.value === wanted)?.value ?? 'siblings',
            })
          }
        />
        <button
          type="button"
          className="button"
          aria-pressed={margin.reads}
          onClick={() => setMargin({ ...margin, reads: !margin.reads })}
        >
          with reading of the same services
        </button>
        <button
          type="button"
          className="button"
          aria-pressed={margin.unseen}
          onClick={() => setMargin({ ...margin, unseen: !margin.unseen })}
        >
          keep what the log cannot show
        </button>
        {loading && value !== null ? <span className="muted">working it out again …</span> : null}
      </div>
      {error === null ? null : error.kind === 'not-found' || error.kind === 'unsupported' ? (
        <EmptyState title="Nothing can be proposed">
          <LogText text={error.message} />
        </EmptyState>
      ) : (
        <ErrorState what="No policy could be proposed" error={error} onRetry={reload} />
      )}
      {value === null && error === null ? <Loading what="the smallest policy" /> : null}
      {value === null || error !== null ? null : <Proposal proposal={value} />}
    </div>
  );
}

function Proposal({ proposal }: { readonly proposal: PolicyProposal }) {
  const { policies, kept, broken, unexplained, notes, observed, coverage, permissions } = proposal;
  const copy = useCopy();
  const save = useSaveText();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it
    <section className="story-page" tabIndex={0} aria-label="Proposal">
      <div className="story">
        <p>
          Covers {formatCount(observed.requests)} kinds of requests in {formatCount(observed.events)} events,
          on {formatCount(coverage.daysWithEvents)} of {formatCount(coverage.days)} days of logs (
          <TimeRange from={coverage.from} to={coverage.to} />
          ). Of what is held now, {formatCount(permissions.used)} permissions were used,{' '}
          {formatCount(permissions.unused)} were not, and of {formatCount(permissions.cannotKnow)} the log
          cannot tell.
        </p>
        <p>
          {broken.length === 0
            ? 'Replayed over the log it refuses nothing that was allowed.'
            : `Replayed over the log it would have refused ${formatCount(broken.length)} kinds of requests that were allowed.`}
        </p>
        <Checks title="It would have refused" rows={broken} />
        {policies.map(({ name, language, text }) => (
          <Panel
            key={name}
            title={name}
            actions={
              <>
                <Button look="plain" icon="copy" onClick={() => copy(text, 'Policy')}>
                  Copy
                </Button>
                <Button look="plain" icon="save" onClick={() => void save(`proposal.${language}`, text)}>
                  Save
                </Button>
              </>
            }
          >
            <pre className="story-policy">
              <LogText text={text} />
            </pre>
          </Panel>
        ))}
        <Checks title="Allowed, and not by what it holds now" rows={unexplained} />
        {kept.length === 0 ? null : (
          <p className="muted">
            Kept because the log could not show their use: <LogText text={kept.join(', ')} />
          </p>
        )}
        {notes.map((note) => (
          <p key={note} className="muted">
            <LogText text={note} />
          </p>
        ))}
      </div>
    </section>
  );
}

function Checks({ title, rows }: { readonly title: string; readonly rows: readonly ProposalCheck[] }) {
  if (rows.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <SimpleTable
        label={title}
        rows={rows.slice(0, 100)}
        keyOf={({ action, resource }) => `${action} ${resource ?? ''}`}
        empty="Nothing."
        columns={[
          { title: 'Action', width: 220, render: ({ action }) => <LogText text={action} /> },
          { title: 'Resource', render: ({ resource }) => <LogText text={resource ?? 'not named'} /> },
          { title: 'Events', width: 72, align: 'end', render: ({ events }) => <Count value={events} /> },
          { title: 'Why', render: ({ why }) => <span title={why}>{why}</span> },
        ]}
      />
    </section>
  );
}
