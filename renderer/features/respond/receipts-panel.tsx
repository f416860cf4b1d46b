import { useCallback } from 'react';
import type { FileToken } from '#shared/ipc/views.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useFilePicker } from '../../ui/use-file-picker.tsx';
import { ReceiptResult } from './receipt-box.tsx';
import { useAct } from './use-act.ts';

/** Checks a receipt from anywhere, without the case that it is of. */
export function ReceiptsPanel() {
  const { run, busy, value, error } = useAct('receipt.checkOf');
  const { pick, picker } = useFilePicker(
    'receipt',
    useCallback(
      (tokens: readonly FileToken[]) => {
        const [token] = tokens;
        if (token !== undefined) void run({ token: token.token });
      },
      [run],
    ),
  );
  return (
    <Panel title="Check a receipt">
      <div className="respond-form">
        <p className="muted">
          Signatures, hashes and proofs are checked again from the file alone. The receipt of a run is issued
          on the run’s own page.
        </p>
        <div className="respond-buttons">
          <Button icon="file" disabled={busy} onClick={pick}>
            Choose a receipt …
          </Button>
        </div>
        {error === null ? null : <ErrorState what="The receipt could not be checked" error={error} />}
        {value === null ? null : <ReceiptResult report={value} />}
        {picker}
      </div>
    </Panel>
  );
}
