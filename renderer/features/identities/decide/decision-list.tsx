import { useState } from 'react';
import type { Decision } from '#shared/domain/decision.ts';
import type { Identity } from '#shared/domain/identity.ts';
import { useCase } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { Time } from '../../../ui/values.tsx';
import { DecideDialog } from './decide-dialog.tsx';
import { appearancesOf, decisionWords } from './decision-words.ts';

/** What was decided about an identity, by whom and why; a decision is taken back by another one. */
export function DecisionList({ identity }: { readonly identity: Identity }) {
  const { value, error } = useRequest('identities.decisions', {});
  const [undone, setUndone] = useState<Decision | null>(null);
  const readOnly = useCase((state) => state.info?.readOnly === true);
  const keys = new Set(identity.appearances.map(({ key }) => key));
  const own = (value ?? []).filter(({ data }) => appearancesOf(data).some((key) => keys.has(key)));
  const nameOf = (key: string): string =>
    identity.appearances.find((each) => each.key === key)?.name ?? key.slice(0, 60);
  if (error !== null) return <p className="muted">The decisions could not be read: {error.message}</p>;
  if (own.length === 0) return null;
  return (
    <section aria-label="Decisions">
      <h3>Decisions</h3>
      <SimpleTable
        label="Decisions"
        rows={own}
        keyOf={({ number }) => String(number)}
        empty="Nothing was decided."
        columns={[
          {
            title: 'What',
            render: ({ data, undoneBy }) => (
              <span className={undoneBy === null ? undefined : 'muted'}>
                <LogText text={decisionWords(data, nameOf)} />
                {undoneBy === null ? '' : ` (taken back by ${undoneBy})`}
              </span>
            ),
          },
          { title: 'Why', render: ({ why }) => <LogText text={why} /> },
          { title: 'Who', width: 88, render: ({ who }) => <LogText text={who} /> },
          { title: 'When', width: 148, render: ({ time }) => <Time value={time} to="minute" /> },
          {
            title: 'Undo',
            width: 88,
            render: (decision) =>
              decision.undoneBy !== null || readOnly ? null : (
                <Button look="plain" onClick={() => setUndone(decision)}>
                  Take back
                </Button>
              ),
          },
        ]}
      />
      {undone === null ? null : (
        <DecideDialog
          title={`Take decision ${undone.number} back`}
          data={{ kind: 'undo', number: undone.number }}
          onClose={() => setUndone(null)}
        >
          <p>
            <LogText text={decisionWords(undone.data, nameOf)} />
          </p>
        </DecideDialog>
      )}
    </section>
  );
}
