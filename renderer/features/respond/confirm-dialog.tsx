import { useEffect, useState } from 'react';
import type { PlanView } from '#shared/ipc/respond-views.ts';
import type { Failure } from '#shared/util/result.ts';
import { useConsole, usePreferences } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useExecute } from './use-execute.ts';

interface ConfirmDialogProps {
  readonly view: PlanView;
  /** The surface has been asked for. */
  readonly onBegun: () => void;
  readonly onClose: () => void;
}

/**
 * Waits while the confirm surface is open elsewhere, then executes with the confirmation that came of it. SECURITY: this
 * page cannot execute by itself; the host wants the confirmation, and the control that makes it is not here.
 */
export function ConfirmDialog({ view, onBegun, onClose }: ConfirmDialogProps) {
  const { bridge } = useConsole();
  const theme = usePreferences((state) => state.theme);
  const [place, setPlace] = useState<string | null>(null);
  const [blocked, setBlocked] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const { execute, busy, error: failed } = useExecute();
  const { plan, hash, code } = view;

  useEffect(() => {
    const controller = new AbortController();
    const confirm = async (): Promise<void> => {
      // A mount that React takes back at once opens no window.
      await Promise.resolve();
      if (controller.signal.aborted) return;
      onBegun();
      const result = await bridge.request(
        'respond.confirm',
        { plan: { id: plan.id }, hash, theme },
        {
          signal: controller.signal,
          onItem: ({ address }) => {
            setPlace(address);
            // It belongs to the analyst, and is of another site: neither page gets hold of the other.
            if (address !== null) setBlocked(window.open(address, '_blank') === null);
          },
        },
      );
      if (controller.signal.aborted) return;
      if (!result.ok) setError(result.error);
      else if (result.value.confirmation === null) onClose();
      else await execute({ plan: { id: plan.id }, confirmation: result.value.confirmation });
    };
    void confirm();
    return () => controller.abort();
    // One dialog is one confirmation, whatever changes around it.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);

  const problem = error ?? failed;
  return (
    <Dialog
      title="To execution"
      onClose={onClose}
      actions={<Button onClick={onClose}>{problem === null ? 'Cancel' : 'Close'}</Button>}
    >
      {problem === null ? (
        <p role="status">
          {busy
            ? 'Confirmed. The run begins …'
            : 'The plan is confirmed on a surface of its own, which has just been opened. Nothing happens before its control is held.'}
        </p>
      ) : (
        <ErrorState what="The plan was not executed" error={problem} />
      )}
      <p>
        Compare the code there with this one: <strong className="mono">{code}</strong>
      </p>
      {place === null || busy || problem !== null ? null : (
        <p>
          {blocked ? 'The browser has not opened it. ' : 'Not to be seen? '}
          <a href={place} target="_blank" rel="noreferrer">
            Open the confirm page
          </a>
        </p>
      )}
    </Dialog>
  );
}
