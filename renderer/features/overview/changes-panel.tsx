import type { FieldName } from '#shared/domain/dimensions.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import type { Overview } from '#shared/ipc/views.ts';
import { fieldNamed } from '#shared/query/fields.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';

type Change = Overview['changes'][number];

/** What the last seventh of the time has more or less of than the time before. */
export function ChangesPanel({ changes }: { readonly changes: Overview['changes'] }) {
  return (
    <Panel title="Changed most" note="events a day: the last seventh of the time, and before it">
      <SimpleTable
        label="Changed most"
        rows={changes}
        keyOf={({ field, value }) => `${field} ${value}`}
        empty="There is too little time to compare."
        columns={[
          { title: 'Field', width: 108, render: ({ field }) => <span className="muted">{field}</span> },
          { title: 'Value', render: (row) => <ChangedValue row={row} /> },
          { title: 'Before', align: 'end', width: 72, render: ({ beforePerDay }) => perDay(beforePerDay) },
          { title: 'After', align: 'end', width: 72, render: ({ afterPerDay }) => perDay(afterPerDay) },
          { title: 'Change', align: 'end', width: 104, render: (row) => factor(row) },
        ]}
      />
    </Panel>
  );
}

function ChangedValue({ row: { field, value } }: { readonly row: Change }) {
  const known = fieldNamed(field)?.name;
  if (known === undefined) return value;
  return (
    <EntityLink field={known satisfies FieldName} value={value} label={shortResource(value)} length={40} />
  );
}

function perDay(rate: number): string {
  return rate >= 10 || rate === 0 ? formatCount(rate) : rate.toFixed(1);
}

/** A word and a factor, since an arrow alone says too little: `new`, `gone`, `3.2 × more`. */
function factor({ beforePerDay, afterPerDay }: Change): string {
  if (beforePerDay === 0) return 'new';
  if (afterPerDay === 0) return 'gone';
  const times = afterPerDay / beforePerDay;
  return times >= 1 ? `${shown(times)} × more` : `${shown(1 / times)} × less`;
}

function shown(times: number): string {
  return times >= 10 ? formatCount(times) : times.toFixed(1);
}
