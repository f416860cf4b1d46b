import { useState } from 'react';
import type { PolicyTextChange } from '#shared/ipc/views.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { Badge } from '../../../ui/outcome-mark.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { CodeDifference } from '../code/code.tsx';
import { PolicyList } from './policy-list.tsx';

const tones = { added: 'success', removed: 'danger', changed: 'warning' } as const;

/** What differs in the text of two bundles, policy by policy. */
export function BundleDiff({ from, to }: { readonly from: string; readonly to: string }) {
  const { value, error, reload } = useRequest('bundles.diff', { from, to });
  const [at, setAt] = useState(0);
  const [sides, setSides] = useState(false);
  if (error !== null)
    return <ErrorState what="The bundles could not be compared" error={error} onRetry={reload} />;
  if (value === null) return <Loading what="what differs" />;
  const change = value[at] ?? value[0];
  if (change === undefined) {
    return (
      <EmptyState title="Nothing differs">
        Both bundles hold the same policies, letter by letter, and the same subjects hold them.
      </EmptyState>
    );
  }
  return (
    <>
      <div className="trace-actions">
        <span>{summaryOf(value)}</span>
        <Button aria-pressed={sides} onClick={() => setSides(!sides)}>
          Side by side
        </Button>
      </div>
      <div className="bundle-texts">
        <PolicyList
          label="Changed policies"
          rows={value.map(({ title, path, change: kind }) => ({
            title,
            path,
            mark: <Badge tone={tones[kind]}>{kind}</Badge>,
          }))}
          at={value.indexOf(change)}
          onChoose={setAt}
        />
        <CodeDifference
          fills
          label={`Changes of ${change.title}`}
          before={change.before ?? ''}
          after={change.after ?? ''}
          language={change.language}
          sides={sides}
        />
      </div>
    </>
  );
}

function summaryOf(changes: readonly PolicyTextChange[]): string {
  const count = (kind: PolicyTextChange['change']): number =>
    changes.filter(({ change }) => change === kind).length;
  return `${count('added')} added, ${count('removed')} removed, ${count('changed')} changed`;
}
