import { useCallback, useEffect, useLayoutEffect, useState } from 'react';
import type { ConfirmView } from '#shared/ipc/confirm-operations.ts';
import type { Failure } from '#shared/util/result.ts';
import { reversibilityWords, counted, residualWords } from '../features/respond/words.ts';
import { Button } from '../ui/button.tsx';
import { formatCount } from '../ui/numbers.ts';
import { Properties } from '../ui/properties.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import type { Surface } from './connect.ts';
import {
  type Alone,
  EmergencyForm,
  KeyChoice,
  emergencyOf,
  notAlone,
  signatureOf,
} from './emergency-form.tsx';
import { HoldButton } from './hold-button.tsx';
import './confirm.css';

/**
 * SECURITY: where a plan is executed from, a page of its own. It shows nothing that comes from a log (no names, no
 * notes: figures, ids of the program, and the hash), gets all of it from the host by its ticket, and confirms only the
 * hash that it displays.
 */
export function ConfirmSurface({ surface }: { readonly surface: Surface }) {
  const [view, setView] = useState<ConfirmView | null>(null);
  const [error, setError] = useState<Failure | null>(null);
  const [over, setOver] = useState<'held' | 'left' | null>(null);
  useEffect(() => {
    let isHere = true;
    void surface.show().then((result) => {
      if (!isHere) return undefined;
      if (result.ok) setView(result.value);
      else setError(result.error);
      return undefined;
    });
    return () => {
      isHere = false;
    };
  }, [surface]);
  // Before the first paint of the plan: it never shows for a moment in the other theme.
  useLayoutEffect(() => {
    if (view !== null) document.documentElement.dataset['theme'] = view.theme;
  }, [view]);
  const end = useCallback((how: 'held' | 'left'): void => {
    setOver(how);
    // A tab that the console opened closes with this; one that was opened by hand says that it is over.
    window.close();
  }, []);
  const leave = useCallback(() => void surface.leave().then(() => end('left')), [surface, end]);
  useEffect(() => {
    const onKey = ({ key, defaultPrevented }: KeyboardEvent): void => {
      if (key === 'Escape' && !defaultPrevented && document.querySelector('dialog[open]') === null) leave();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [leave]);

  return (
    <main className="confirm-surface">
      <header>
        <h1>{view?.kind === 'restore' ? 'Execute this restore plan' : 'Execute this plan'}</h1>
        {over === null ? <Button onClick={leave}>Back, without executing</Button> : null}
      </header>
      {error === null ? null : <ErrorState what="Nothing can be executed here" error={error} />}
      {view === null && error === null ? <Loading what="the plan" /> : null}
      {over === null ? null : (
        <div className="confirm-body" role="status">
          <p>
            {over === 'held'
              ? 'It is confirmed: the console carries it out. This page can be closed.'
              : 'Nothing was executed. This page can be closed.'}
          </p>
        </div>
      )}
      {view === null || over !== null ? null : (
        <Confirm view={view} surface={surface} onHeld={() => end('held')} />
      )}
    </main>
  );
}

interface ConfirmProps {
  readonly view: ConfirmView;
  readonly surface: Surface;
  readonly onHeld: () => void;
}

function Confirm({ view, surface, onHeld }: ConfirmProps) {
  const [alone, setAlone] = useState<Alone>(notAlone);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const { mayExecute, emergency, needed, order, keptKey } = view;
  const isOrdered = !mayExecute && order !== null;
  const isAlone = !mayExecute && !isOrdered && emergency === 'possible' && alone.chosen;
  const ready =
    !busy &&
    view.actions > 0 &&
    (mayExecute ||
      (isOrdered && (keptKey !== null || alone.key !== null)) ||
      (isAlone && alone.reason.trim() !== ''));

  const hold = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    const given = {
      emergency: isAlone ? emergencyOf(alone) : null,
      signature: isOrdered ? signatureOf(alone) : null,
    };
    // SECURITY: neither the passphrase nor the right to use the key stays here, whatever comes of it.
    setAlone({ ...alone, key: null, passphrase: '' });
    const result = await surface.hold(given);
    setBusy(false);
    if (result.ok) onHeld();
    else setError(result.error);
  };

  return (
    <div className="confirm-body">
      <p className="confirm-code mono" aria-label="Code of the plan">
        {view.code}
      </p>
      <Properties
        entries={[
          [
            'SHA-256',
            <span key="hash" className="mono">
              {view.hash}
            </span>,
          ],
          ['Actions', `${formatCount(view.actions)} on ${counted(view.targets, 'target')}`],
          ['Providers', view.providers.join(', ')],
          [
            'Reversible',
            view.reversibilities.map((each) => `${each}: ${reversibilityWords[each]}`).join(' · '),
          ],
          ['Not covered', notCovered(view)],
          ['Lives on', residualWords(view.residualSeconds)],
          ['Signed', needed === null ? 'no roster is pinned' : `${view.signed} of ${needed}`],
        ]}
      />
      {isOrdered ? (
        <div className="confirm-emergency">
          <p>
            A standing order signed by {order.join(', ')} covers it: with your own signature it may run.
            Holding the control signs it
            {keptKey === null ? '' : ` with the key that is kept ready (${keptKey})`}.
          </p>
          <KeyChoice
            alone={alone}
            onChange={setAlone}
            surface={surface}
            nativeDialogs={view.nativeDialogs}
            without={keptKey === null ? 'none chosen' : 'or another one'}
          />
        </div>
      ) : null}
      {mayExecute || isOrdered ? null : (
        <div className="confirm-emergency">
          <p className="confirm-note warning">The plan has not the approvals that it needs.</p>
          {emergency === 'possible' ? (
            <EmergencyForm
              alone={alone}
              onChange={setAlone}
              surface={surface}
              nativeDialogs={view.nativeDialogs}
            />
          ) : (
            <p className="muted">
              {emergency === 'never'
                ? 'A restore is never an emergency: whoever attacks wants access back more than anybody. It needs its approvals.'
                : 'One person cannot act alone here: that is possible for what is R0 or R2 only.'}
            </p>
          )}
        </div>
      )}
      {error === null ? null : <ErrorState what="It was not confirmed" error={error} />}
      <HoldButton
        label={
          busy ? 'Confirming …' : view.kind === 'restore' ? 'Hold to restore' : 'Hold to take access away'
        }
        disabled={!ready}
        onHeld={() => void hold()}
      />
      <p id="hold-help" className="muted">
        Press and hold for two seconds, or hold Enter or Space. Every action is written down before it is
        sent.
      </p>
    </div>
  );
}

function notCovered({ gaps, refusals, missing }: ConfirmView): string {
  if (gaps + refusals + missing === 0) return 'nothing known';
  return `${refusals} refused, ${counted(gaps, 'gap')}, ${counted(missing, 'missing control')} (see the plan)`;
}
