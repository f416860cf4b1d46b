import { useRequest } from '../../state/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useReadOnly } from './read-only.tsx';
import { useAct } from './use-act.ts';
import { useKeyFile } from './use-key-file.tsx';

/** The operator's key, named before it is needed: under a standing order nothing has to be looked for then. */
export function OperatorKeyPanel() {
  const kept = useRequest('respond.keptKey', {});
  const keep = useAct('respond.keepKey');
  const drop = useAct('respond.dropKey');
  const readOnly = useReadOnly();
  const key = useKeyFile('Choose my key file …', readOnly);
  const name = kept.value?.name ?? null;
  const keepIt = async (): Promise<void> => {
    const given = key.take();
    if (given === null) return;
    await keep.run(given);
    kept.reload();
  };
  const dropIt = async (): Promise<void> => {
    await drop.run({});
    kept.reload();
  };
  return (
    <Panel title="My key" note="for standing orders: the held control signs with it">
      <div className="respond-form">
        {name === null ? (
          <p className="muted">
            None is kept ready. Under a standing order your own signature is wanted; with a key that is kept
            ready, holding the control is enough. It stays in this host’s memory until it ends.
          </p>
        ) : (
          <p>
            <LogText text={name} /> is kept ready until this host ends.
          </p>
        )}
        {key.fields}
        <div className="respond-buttons">
          {name === null ? null : <Button onClick={() => void dropIt()}>Forget it</Button>}
          {key.chosen ? (
            <Button look="primary" disabled={keep.busy} onClick={() => void keepIt()}>
              Keep it ready
            </Button>
          ) : null}
        </div>
        {keep.error === null ? null : <ErrorState what="The key is not kept" error={keep.error} />}
      </div>
    </Panel>
  );
}
