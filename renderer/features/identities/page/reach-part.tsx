import type { AccessPath } from '#shared/domain/access-path.ts';
import { AccessPathView } from '../../../ui/access-path.tsx';
import { certaintyWords } from '../../../ui/grant-words.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { Badge } from '../../../ui/outcome-mark.tsx';
import { useRequest } from '../../../state/use-request.ts';
import { AddBundleButton } from '../../../ui/add-bundle-button.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { ReachTables } from './reach-tables.tsx';

interface ReachPartProps {
  readonly subject: string;
  readonly asOf: string | null;
}

/** So many ways to more rights are shown of one identity. */
const mostWays = 200;

/** How it could get more than it was given, and what it could reach with all of it, beside what it did reach. */
export function ReachPart({ subject, asOf }: ReachPartProps) {
  const bundles = useRequest('bundles.list', {});
  const hasBundle = bundles.value !== null && bundles.value.length > 0;
  const ways = useRequest('paths.list', hasBundle ? { subject, asOf, limit: mostWays } : null);
  const reach = useRequest('reach.get', hasBundle ? { subject, asOf } : null);
  const error = bundles.error ?? ways.error ?? reach.error;
  if (error !== null) {
    return <ErrorState what="Its reach could not be worked out" error={error} onRetry={reach.reload} />;
  }
  if (bundles.value?.length === 0) {
    return (
      <EmptyState title="The case has no policy bundle" actions={<AddBundleButton />}>
        What somebody could reach is worked out from policies.
      </EmptyState>
    );
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it
    <section className="story-page" tabIndex={0} aria-label="Reach">
      <div className="story-columns">
        <div className="story">
          <h2>Ways to more rights</h2>
          {ways.value === null ? <Loading what="the ways" /> : <Ways {...ways.value} />}
        </div>
        <div className="story">
          <h2>What it could reach, and did</h2>
          {reach.value === null ? <Loading what="its reach" /> : <ReachTables report={reach.value} />}
        </div>
      </div>
    </section>
  );
}

interface WaysProps {
  readonly rows: readonly AccessPath[];
  readonly total: number;
}

function Ways({ rows, total }: WaysProps) {
  if (rows.length === 0) {
    return (
      <p className="muted">
        None of the published techniques works for it under the policies in force. Policies that are missing
        from the bundle may give one.
      </p>
    );
  }
  return (
    <>
      <p className="muted">
        {formatCount(total)} {total === 1 ? 'way' : 'ways'}, by published techniques, each decided by the
        policies in force{total > rows.length ? `; the first ${formatCount(rows.length)} stand here` : ''}.
      </p>
      <ul className="story-ways">
        {rows.map((path) => (
          <li key={path.key}>
            <details>
              <summary>
                <strong>
                  <LogText text={path.title} />
                </strong>{' '}
                <Badge tone={path.gives === 'everything' ? 'danger' : 'warning'}>
                  {path.gives === 'secrets'
                    ? 'secrets'
                    : path.gives === 'everything'
                      ? 'every right'
                      : 'more rights'}
                </Badge>{' '}
                <span className="muted">{certaintyWords[path.certainty]}</span>
              </summary>
              <AccessPathView path={path} />
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}
