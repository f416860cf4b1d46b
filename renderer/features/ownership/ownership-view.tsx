import { useCallback, useState } from 'react';
import type { FileToken } from '#shared/ipc/views.ts';
import { useAddress, useCase, useConsole } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { useFilePicker } from '../../ui/use-file-picker.tsx';
import { ExceptionsTab } from './exceptions-tab.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { MatrixTab } from './matrix-tab.tsx';
import { emptyRow } from './rows.ts';
import { RowDialog } from './row-dialog.tsx';
import './ownership.css';

const tabs = [
  { id: 'matrix', title: 'Owners' },
  { id: 'exceptions', title: 'Exceptions' },
] as const;

/** Who writes, approves, monitors and answers for policies and identities, and what was allowed beside the rule. */
export function OwnershipView() {
  const { address } = useConsole();
  const tab = useAddress((state) => state.tab);
  const readOnly = useCase((state) => state.info?.readOnly === true);
  const current = tabs.find(({ id }) => id === tab)?.id ?? 'matrix';
  const [adding, setAdding] = useState(false);
  const [file, setFile] = useState<FileToken | null>(null);
  const { pick, picker } = useFilePicker(
    'ownership',
    useCallback((tokens: readonly FileToken[]) => setFile(tokens[0] ?? null), []),
  );
  return (
    <>
      <Toolbar title="Ownership">
        <Button icon="file" disabled={readOnly} onClick={pick}>
          Import CODEOWNERS or CSV …
        </Button>
        <Button icon="plus" look="primary" disabled={readOnly} onClick={() => setAdding(true)}>
          Add a row …
        </Button>
      </Toolbar>
      <Tabs
        label="Ownership"
        tabs={tabs}
        current={current}
        onChange={(next) => address.getState().go({ tab: next === 'matrix' ? null : next })}
      >
        {current === 'matrix' ? <MatrixTab /> : <ExceptionsTab />}
      </Tabs>
      {adding ? <RowDialog row={emptyRow} isNew onClose={() => setAdding(false)} /> : null}
      {file === null ? null : <ImportDialog file={file} onClose={() => setFile(null)} />}
      {picker}
    </>
  );
}
