import { useMemo, useState } from 'react';
import type { PolicyTextChange } from '#shared/ipc/views.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { Badge } from '../../../ui/outcome-mark.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { CodeText } from '../policy-code.tsx';
import { type DiffLine, diffLines } from './line-diff.ts';
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
      <EmptyState title="No policy’s text differs">
        Both bundles hold the same policies, letter by letter. Who holds which of them may differ: Drift
        compares that.
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
        <Change change={change} sides={sides} />
      </div>
    </>
  );
}

function summaryOf(changes: readonly PolicyTextChange[]): string {
  const count = (kind: PolicyTextChange['change']): number =>
    changes.filter(({ change }) => change === kind).length;
  return `${count('added')} added, ${count('removed')} removed, ${count('changed')} changed`;
}

/** Unchanged lines shown around what differs. */
const around = 4;

function Change({ change, sides }: { readonly change: PolicyTextChange; readonly sides: boolean }) {
  const lines = useMemo(() => diffLines(change.before ?? '', change.after ?? ''), [change]);
  const shown = useMemo(() => nearChanges(lines), [lines]);
  const [added, removed] = (['added', 'removed'] as const).map(
    (kind) => lines.filter((line) => line.kind === kind).length,
  );
  return (
    // It scrolls, so the keys must reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="policy-code mono" tabIndex={0} aria-label={`Changes of ${change.title}`}>
      <p className="visually-hidden">{`${added} lines added, ${removed} lines removed.`}</p>
      {sides ? <Sides lines={shown} /> : <Unified lines={shown} />}
    </section>
  );
}

type Shown = DiffLine | { readonly kind: 'gap'; readonly count: number };

function nearChanges(lines: readonly DiffLine[]): readonly Shown[] {
  const near = new Uint8Array(lines.length);
  for (const [index, { kind }] of lines.entries()) {
    if (kind !== 'same') near.fill(1, Math.max(0, index - around), index + around + 1);
  }
  const shown: Shown[] = [];
  for (const [index, line] of lines.entries()) {
    const last = shown.at(-1);
    if (near[index] === 1) shown.push(line);
    else if (last?.kind === 'gap') shown[shown.length - 1] = { kind: 'gap', count: last.count + 1 };
    else shown.push({ kind: 'gap', count: 1 });
  }
  return shown;
}

const signs = { same: ' ', added: '+', removed: '−' } as const;
const spoken = { same: '', added: 'added: ', removed: 'removed: ' } as const;

function Unified({ lines }: { readonly lines: readonly Shown[] }) {
  return (
    <ol>
      {lines.map((line, index) =>
        line.kind === 'gap' ? (
          <Gap key={index} count={line.count} />
        ) : (
          <li key={index} className={`code-line diff ${line.kind}`}>
            <span className="code-number" aria-hidden="true">
              {line.before ?? ''}
            </span>
            <span className="code-number" aria-hidden="true">
              {line.after ?? ''}
            </span>
            <LineText line={line} />
          </li>
        ),
      )}
    </ol>
  );
}

function LineText({ line }: { readonly line: DiffLine }) {
  return (
    <span className="code-text">
      <span aria-hidden="true">{signs[line.kind]} </span>
      <span className="visually-hidden">{spoken[line.kind]}</span>
      <CodeText text={line.text} />
    </span>
  );
}

function Gap({ count }: { readonly count: number }) {
  return <li className="diff-gap">{count === 1 ? '1 line is the same' : `${count} lines are the same`}</li>;
}

function Sides({ lines }: { readonly lines: readonly Shown[] }) {
  const rows = useMemo(() => pairsOf(lines), [lines]);
  return (
    <ol>
      {rows.map((row, index) =>
        'count' in row ? (
          <Gap key={index} count={row.count} />
        ) : (
          <li key={index} className="diff-pair">
            {[row.left, row.right].map((line, side) => (
              <span key={side} className={`code-line diff ${line?.kind ?? 'none'}`}>
                <span className="code-number" aria-hidden="true">
                  {(side === 0 ? line?.before : line?.after) ?? ''}
                </span>
                {line === null ? null : <LineText line={line} />}
              </span>
            ))}
          </li>
        ),
      )}
    </ol>
  );
}

type Pair = { readonly left: DiffLine | null; readonly right: DiffLine | null } | { readonly count: number };

/** Removed and added lines of one place stand beside each other. */
function pairsOf(lines: readonly Shown[]): readonly Pair[] {
  const pairs: Pair[] = [];
  let [removed, added]: [DiffLine[], DiffLine[]] = [[], []];
  const flush = (): void => {
    for (let index = 0; index < Math.max(removed.length, added.length); index++) {
      pairs.push({ left: removed[index] ?? null, right: added[index] ?? null });
    }
    [removed, added] = [[], []];
  };
  for (const line of lines) {
    if (line.kind === 'removed') removed.push(line);
    else if (line.kind === 'added') added.push(line);
    else {
      flush();
      pairs.push(line.kind === 'gap' ? { count: line.count } : { left: line, right: line });
    }
  }
  flush();
  return pairs;
}
