import type { OfferedChecks } from '#shared/policy-tests/offer.ts';
import type { GeneratedCheck, PolicyTest } from '#shared/policy-tests/policy-test.ts';
import { Button } from '../../../ui/button.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { requestWords } from './results.tsx';

const titles: Readonly<Record<GeneratedCheck, string>> = {
  'deny-by-default':
    'Deny by default: what is allowed to somebody is not allowed to a subject that nobody knows',
  'scope-boundary': 'Scope boundary: what is allowed in one place is not allowed in another',
  'exception-path': 'Exception paths: what is denied stays denied when an attribute is left out',
};
const mostShown = 20;

interface OffersProps {
  readonly offers: readonly OfferedChecks[];
  readonly onAdd: (checks: readonly PolicyTest[]) => void;
  /** Has all of a kind made at every run, also of tests to come. */
  readonly onSwitchOn: (offer: OfferedChecks) => void;
}

/** Checks that can be made of the tests. */
export function Offers({ offers, onAdd, onSwitchOn }: OffersProps) {
  return (
    <section className="offers" aria-label="Checks that can be made of these tests">
      {offers.map((offer) => (
        <details key={`${offer.kind} ${offer.scope ?? ''}`}>
          <summary>
            {titles[offer.kind]}
            {offer.scope === null ? null : (
              <>
                {' '}
                (<LogText text={offer.scope} />)
              </>
            )}
            : {formatCount(offer.checks.length)} {offer.checks.length === 1 ? 'check' : 'checks'}
          </summary>
          <div className="trace-actions">
            <Button onClick={() => onSwitchOn(offer)}>Make them at every run</Button>
            <Button icon="plus" onClick={() => onAdd(offer.checks)}>
              Write all down
            </Button>
          </div>
          <ul>
            {offer.checks.slice(0, mostShown).map((check, index) => (
              <li key={index} className="offer">
                <Button
                  icon="plus"
                  aria-label={`Write down: ${requestWords(check.request)}`}
                  onClick={() => onAdd([check])}
                >
                  Write down
                </Button>
                <span>
                  <LogText text={requestWords(check.request)} />
                  {check.note === null ? null : <span className="muted"> {check.note}</span>}
                </span>
              </li>
            ))}
          </ul>
          {offer.checks.length > mostShown ? (
            <p className="muted">{formatCount(offer.checks.length - mostShown)} more.</p>
          ) : null}
        </details>
      ))}
    </section>
  );
}
