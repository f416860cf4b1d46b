import type { EvidenceItem } from '#shared/ipc/views.ts';
import { useAddress, useCase, useConsole } from '../../state/context.ts';
import { useRequest } from '../../state/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { Count } from '../../ui/values.tsx';
import { CustodyTable } from './custody-table.tsx';
import { FilesTable } from './files-table.tsx';
import { RejectedTable } from './rejected-table.tsx';
import { VerifyPanel } from './verify-panel.tsx';
import './evidence.css';

const tabs: readonly string[] = ['files', 'rejected', 'skipped', 'custody', 'verify'];

/** The imported files with what became of their records, the custody journal, and the proof that all is intact. */
export function EvidenceView() {
  const { address, commands } = useConsole();
  const tab = useAddress((state) => state.tab) ?? 'files';
  const current = tabs.includes(tab) ? tab : 'files';
  const rejected = useCase((state) => state.summary?.rejected ?? 0);
  const readOnly = useCase((state) => state.info?.readOnly === true);
  const { value, error, reload } = useRequest('evidence.list', {});
  const files = value?.filter(({ status }) => status !== 'skipped') ?? [];
  const skipped = value?.filter(({ status, leftOut }) => status === 'skipped' || leftOut.length > 0) ?? [];
  const startImport = (): void => void commands.getState().run('evidence.import');

  return (
    <>
      <Toolbar title="Evidence">
        {current === 'verify' ? null : (
          <Button icon="check" onClick={() => address.getState().go({ tab: 'verify' })}>
            Verify
          </Button>
        )}
        <Button look="primary" icon="plus" disabled={readOnly} onClick={startImport}>
          Import logs
        </Button>
      </Toolbar>
      {error === null ? null : (
        <ErrorState what="The evidence could not be listed" error={error} onRetry={reload} />
      )}
      {value === null && error === null ? <Loading what="the evidence" /> : null}
      {value === null ? null : value.length === 0 && current === 'files' ? (
        <EmptyState
          title="This case has no evidence yet"
          actions={
            <Button look="primary" disabled={readOnly} onClick={startImport}>
              Import logs
            </Button>
          }
        >
          Import exported access logs: files, folders or archives. They are copied into the case, hashed, and
          never changed. Dropping them on this window does the same.
        </EmptyState>
      ) : (
        <Tabs
          label="Evidence"
          current={current}
          onChange={(next) => address.getState().go({ tab: next === 'files' ? null : next })}
          tabs={[
            { id: 'files', title: 'Files', mark: <Mark count={files.length} /> },
            { id: 'rejected', title: 'Rejected', mark: <Mark count={rejected} warns /> },
            { id: 'skipped', title: 'Skipped', mark: <Mark count={skipped.length} /> },
            { id: 'custody', title: 'Custody journal' },
            { id: 'verify', title: 'Verify' },
          ]}
        >
          <Panel tab={current} files={files} skipped={skipped} />
        </Tabs>
      )}
    </>
  );
}

interface PanelProps {
  readonly tab: string;
  readonly files: readonly EvidenceItem[];
  readonly skipped: readonly EvidenceItem[];
}

function Panel({ tab, files, skipped }: PanelProps) {
  if (tab === 'rejected') return <RejectedTable />;
  if (tab === 'custody') return <CustodyTable />;
  if (tab === 'verify') return <VerifyPanel />;
  if (tab === 'files') return <FilesTable files={files} label="Evidence files" />;
  if (skipped.length > 0) return <FilesTable files={skipped} label="Skipped files" skipped />;
  return (
    <EmptyState title="Nothing was skipped">
      Files and records that are no access events, such as digests, and what could not be read of a file are
      named here with the reason.
    </EmptyState>
  );
}

function Mark({ count, warns = false }: { readonly count: number; readonly warns?: boolean }) {
  return (
    <Badge tone={warns && count > 0 ? 'warning' : 'neutral'}>
      <Count value={count} />
    </Badge>
  );
}
