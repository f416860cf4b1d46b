import type { ReactNode } from 'react';
import type { ErrorKind, Failure } from '#shared/util/result.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { escapedText } from './log-text.ts';
import './states.css';

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** Nothing to show, why, and what to do about it. */
export function EmptyState({ title, children, actions }: EmptyStateProps) {
  return (
    <section className="state">
      <h2>{title}</h2>
      {children === undefined ? null : <p className="muted">{children}</p>}
      {actions === undefined ? null : <div className="state-actions">{actions}</div>}
    </section>
  );
}

const usualAdvice: Readonly<Record<ErrorKind, string>> = {
  'invalid-input': 'Change what was entered and try again.',
  query: 'Correct the query.',
  'not-found': 'It may be in another case, or its evidence may not be imported yet.',
  'no-case': 'Open a case first.',
  'case-newer': 'Open this case with the newer version of Rescind that wrote it.',
  'case-busy': 'Close the other window or command that has this case open, then try again.',
  unusable: 'Check the file that is meant; for a log, also its format.',
  'disk-full': 'Free some space and try again: nothing that was imported is lost.',
  unsupported: 'This host cannot do it.',
  refused: 'Check that this console may do it.',
  cancelled: 'Start it again when you want to.',
  partial: 'Look at what was left out before you rely on the result.',
  crashed: 'The case is intact. Try again.',
  internal: 'This is a bug in Rescind. The case is intact; please report the message.',
};

interface ErrorStateProps {
  /** What failed, e.g. `The events could not be read`. */
  readonly what: string;
  readonly error: Failure;
  readonly onRetry?: () => void;
  /** What to do, by kind, where more is known of it than the kind alone tells. */
  readonly advice?: Partial<Readonly<Record<ErrorKind, string>>>;
}

/** What failed, why, and what to do. */
export function ErrorState({ what, error, onRetry, advice = {} }: ErrorStateProps) {
  return (
    <section className="state danger" role="alert">
      <h2>
        <Icon name="warning" /> {what}
      </h2>
      <p>{escapedText(error.message)}</p>
      <p className="muted">{advice[error.kind] ?? usualAdvice[error.kind]}</p>
      {onRetry === undefined ? null : (
        <div className="state-actions">
          <Button onClick={onRetry}>Try again</Button>
        </div>
      )}
    </section>
  );
}

/** Says that something is on its way; appears only after a moment, so that quick answers do not flicker. */
export function Loading({ what }: { readonly what: string }) {
  return <output className="loading">Loading {what} …</output>;
}

interface ProgressProps {
  readonly label: string;
  /** 0 to 1; null while the whole is not known. */
  readonly fraction: number | null;
}

export function Progress({ label, fraction }: ProgressProps) {
  return (
    <progress
      className="progress"
      aria-label={label}
      max={1}
      {...(fraction === null ? {} : { value: fraction })}
    />
  );
}
