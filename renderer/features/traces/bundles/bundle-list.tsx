import { useState } from 'react';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import { useCase, useConsole } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { Badge } from '../../../ui/outcome-mark.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { Count, ShortId, Time } from '../../../ui/values.tsx';
import { type Column, VirtualTable } from '../../../ui/virtual-table.tsx';
import { bundleTab } from '../places.ts';
import { AddBundle } from './add-bundle.tsx';

const columns: readonly Column<CaseBundle>[] = [
  {
    id: 'name',
    title: 'Bundle',
    width: 220,
    grows: true,
    render: ({ path }) => <LogText text={path.slice(path.lastIndexOf('/') + 1)} />,
  },
  { id: 'system', title: 'System', width: 128, render: ({ system }) => system },
  {
    id: 'digest',
    title: 'Digest',
    width: 152,
    render: ({ digest }) => <ShortId value={digest.replace('sha256:', '')} />,
  },
  {
    id: 'from',
    title: 'In force from',
    width: 184,
    render: ({ inForceFrom }) =>
      inForceFrom === null ? (
        <span className="muted">not known</span>
      ) : (
        <Time value={inForceFrom} to="second" />
      ),
  },
  {
    id: 'policies',
    title: 'Policies',
    width: 80,
    align: 'end',
    render: ({ policies }) => <Count value={policies} />,
  },
  {
    id: 'subjects',
    title: 'Subjects',
    width: 80,
    align: 'end',
    render: ({ subjects }) => <Count value={subjects} />,
  },
  {
    id: 'problems',
    title: 'Problems',
    width: 96,
    render: ({ problems }) => <Problems problems={problems} />,
  },
  {
    id: 'signature',
    title: 'Signature',
    width: 104,
    render: ({ signature }) => <Signature signature={signature} />,
  },
  {
    id: 'revision',
    title: 'Revision',
    width: 112,
    render: ({ revision }) =>
      revision === null ? <span className="muted">–</span> : <LogText text={revision} />,
  },
];

const signatures = {
  verified: { tone: 'success', text: 'verified' },
  'not-verified': { tone: 'warning', text: 'not verified' },
  wrong: { tone: 'danger', text: 'wrong' },
} as const;

/** What the bundle's own signature came to. */
function Signature({ signature }: Pick<CaseBundle, 'signature'>) {
  if (signature === null) return <span className="muted">–</span>;
  const { tone, text } = signatures[signature];
  return <Badge tone={tone}>{text}</Badge>;
}

/** Errors and warnings of a bundle, counted. */
export function Problems({ problems }: Pick<CaseBundle, 'problems'>) {
  if (problems.length === 0) return <span className="muted">none</span>;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return (
    <Badge tone={errors > 0 ? 'danger' : 'warning'}>
      {errors > 0 ? `${errors} errors` : `${problems.length} warnings`}
    </Badge>
  );
}

/** The policy bundles of the case. */
export function BundleList() {
  const { address } = useConsole();
  const { value, error, reload } = useRequest('bundles.list', {});
  const [cursor, setCursor] = useState(0);
  const [adding, setAdding] = useState(false);
  const readOnly = useCase((state) => state.info?.readOnly === true);
  const add = readOnly ? null : (
    <Button look="primary" icon="plus" onClick={() => setAdding(true)}>
      Add a bundle
    </Button>
  );
  if (error !== null)
    return <ErrorState what="The bundles could not be listed" error={error} onRetry={reload} />;
  if (value === null) return <Loading what="the bundles" />;
  return (
    <>
      {value.length === 0 ? (
        <EmptyState title="This case has no policies yet" actions={add}>
          Add the policies that were in force: account authorization details, organization files, RBAC
          manifests, Cedar policies, an OPA bundle. Then every decision of the log is recomputed and
          explained, rule by rule.
        </EmptyState>
      ) : (
        <>
          <div className="trace-actions">
            {add}
            <span className="muted">
              Enter opens a bundle: its policies, its problems, and what differs from another.
            </span>
          </div>
          <VirtualTable
            id="bundles"
            label="Policy bundles"
            columns={columns}
            total={value.length}
            rowAt={(index) => value[index]}
            cursor={Math.min(cursor, value.length - 1)}
            onCursor={setCursor}
            onOpen={({ id }) => address.getState().go({ tab: bundleTab(id) })}
          />
        </>
      )}
      {adding ? <AddBundle onClose={() => setAdding(false)} /> : null}
    </>
  );
}
