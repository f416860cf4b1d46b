import type { AccessPath, AccessPathStep } from '#shared/domain/access-path.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import { EntityLink } from './entity-link.tsx';
import { certaintyWords, ruleInWords, wayInWords } from './grant-words.ts';
import { LogText } from './log-line.tsx';
import { formatCount } from './numbers.ts';
import { Badge } from './outcome-mark.tsx';
import './access-path.css';

/** So many identities, policies or groups that a way can be done with are named. */
const namedTargets = 12;

interface AccessPathViewProps {
  readonly path: AccessPath;
  /** Its sentence stands beside already. */
  readonly isTold?: boolean;
}

/** A way to rights that were not given: what it needs, by which policies, with what, and where it ends. */
export function AccessPathView({ path, isTold = false }: AccessPathViewProps) {
  const { gives, certainty, steps, chain, targets, targetCount, conditions, assumptions } = path;
  return (
    <div className="access-path">
      <p className="access-marks">
        <Badge tone={gives === 'everything' ? 'danger' : 'warning'}>{givesWords[gives]}</Badge>
        <Badge>{certaintyWords[certainty]}</Badge>
      </p>
      {isTold ? null : (
        <p>
          <LogText text={path.summary} />
        </p>
      )}
      {conditions.length === 0 ? null : <Lines title="Only if" texts={conditions} />}
      {steps.length === 0 ? null : (
        <section aria-label="What it needs">
          <h4>What it needs</h4>
          <ol className="access-steps">
            {steps.map((step) => (
              <Step key={`${step.action} ${step.resource}`} step={step} />
            ))}
          </ol>
        </section>
      )}
      {chain.length === 0 ? null : (
        <section aria-label="Where it leads">
          <h4>Where it leads</h4>
          <ol className="access-steps">
            {chain.map(({ from, to, kind }) => (
              <li key={`${from} ${to} ${kind}`}>
                <LogText text={`${shortResource(from)} ${wayInWords([{ from, to, kind }])}`} />
              </li>
            ))}
          </ol>
        </section>
      )}
      {targets.length === 0 ? null : (
        <section aria-label="With what">
          <h4>With what</h4>
          <p className="access-targets">
            {targets.slice(0, namedTargets).map(({ type, id }) => (
              <span key={id}>
                <span className="muted">{type}</span>{' '}
                <EntityLink field="subject.id" value={id} label={shortResource(id)} length={40} />
              </span>
            ))}
            {targetCount > Math.min(targets.length, namedTargets) ? (
              <span className="muted">
                and {formatCount(targetCount - Math.min(targets.length, namedTargets))} more
              </span>
            ) : null}
          </p>
        </section>
      )}
      {assumptions.length === 0 ? null : <Lines title="Taken for granted" texts={assumptions} />}
    </div>
  );
}

const givesWords: Readonly<Record<AccessPath['gives'], string>> = {
  everything: 'gives every right',
  more: 'gives more rights',
  secrets: 'gives secrets',
};

function Step({ step }: { readonly step: AccessPathStep }) {
  const { action, resource, certainty, path, policies, condition } = step;
  return (
    <li>
      <span className="mono">
        <LogText text={action} />
      </span>{' '}
      on{' '}
      <span className="mono">
        <LogText text={resource} />
      </span>
      {certainty === 'certain' ? '' : ` (${certaintyWords[certainty]})`}
      <span className="access-by">
        <LogText text={wayInWords(path)} />
        {policies.map((ref) => (
          <span key={`${ref.path} ${ref.locator}`} className="access-rule">
            <LogText text={ruleInWords(ref)} />
          </span>
        ))}
        {condition === undefined ? null : (
          <span className="access-rule mono">
            <LogText text={condition.expr} />
          </span>
        )}
      </span>
    </li>
  );
}

function Lines({ title, texts }: { readonly title: string; readonly texts: readonly string[] }) {
  return (
    <section aria-label={title}>
      <h4>{title}</h4>
      <ul className="access-lines">
        {texts.map((text) => (
          <li key={text}>
            <LogText text={text} />
          </li>
        ))}
      </ul>
    </section>
  );
}
