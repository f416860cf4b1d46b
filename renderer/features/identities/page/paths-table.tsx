import { useMemo, useState } from 'react';
import { shortResource } from '#shared/domain/event-sentence.ts';
import type { GrantPath, PolicyRef } from '#shared/domain/trace.ts';
import type { EntitlementUsage } from '#shared/domain/usage.ts';
import { statementName, wayInWords } from '../../../ui/grant-words.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { ShortText } from '../../../ui/short-text.tsx';
import { shortened } from '../../../ui/values.tsx';
import { type Column, VirtualTable } from '../../../ui/virtual-table.tsx';
import { riskWords } from '../grants/risk-words.ts';
import { usageWords } from '../usage-words.ts';

/** One way by which one permission is held. */
interface Way {
  readonly row: EntitlementUsage;
  readonly path: GrantPath;
  readonly ref: PolicyRef | null;
}

const columns: readonly Column<Way>[] = [
  {
    id: 'action',
    title: 'Action',
    width: 200,
    render: ({ row }) => <Text text={row.entitlement.action.pattern} length={40} mono />,
  },
  {
    id: 'resource',
    title: 'Resource',
    width: 220,
    render: ({ row }) => <Text text={row.entitlement.resource.pattern} length={44} mono />,
  },
  {
    id: 'way',
    title: 'Way',
    width: 320,
    grows: true,
    render: ({ path }) => <LogText text={wayInWords(path)} />,
  },
  {
    id: 'statement',
    title: 'Statement',
    width: 180,
    render: ({ ref }) => (ref === null ? null : <Text text={statementName(ref)} length={36} />),
  },
  {
    id: 'condition',
    title: 'Condition',
    width: 160,
    render: ({ row: { entitlement } }) => (
      <LogText text={entitlement.condition?.expr ?? entitlement.conditionality} />
    ),
  },
  {
    id: 'limited',
    title: 'Limited by',
    width: 180,
    render: ({ row: { entitlement } }) => (
      <LogText
        text={entitlement.limitedBy
          .map((ref) => `${shortResource(ref.policyId)} ${statementName(ref)}`)
          .join(', ')}
      />
    ),
  },
  {
    id: 'risks',
    title: 'Risks',
    width: 160,
    render: ({ row: { entitlement } }) => riskWords(entitlement.risks),
  },
  { id: 'use', title: 'Use', width: 96, render: ({ row: { usage } }) => usageWords[usage] },
];

/** The table behind the graph: every way to every permission, a line each. */
export function PathsTable({ rows }: { readonly rows: readonly EntitlementUsage[] }) {
  const [at, setAt] = useState(0);
  const ways = useMemo(
    () =>
      rows.flatMap((row): Way[] =>
        row.entitlement.grants.length === 0
          ? [{ row, path: [], ref: null }]
          : row.entitlement.grants.map(({ path, ref }) => ({ row, path, ref })),
      ),
    [rows],
  );
  return (
    <VirtualTable
      id="grant-paths"
      label="Grant paths"
      columns={columns}
      total={ways.length}
      rowAt={(index) => ways[index]}
      cursor={Math.min(at, ways.length - 1)}
      onCursor={setAt}
    />
  );
}

interface TextProps {
  readonly text: string;
  readonly length: number;
  readonly mono?: boolean;
}

function Text({ text, length, mono = false }: TextProps) {
  return (
    <span className={mono ? 'mono' : undefined}>
      <ShortText whole={text} shown={shortened(text, length)} />
    </span>
  );
}
