import type { ReactNode } from 'react';
import type { Outcome } from '#shared/domain/event.ts';
import './values.css';

/** Each outcome has its own shape and word, so that colour is never alone. */
const shapes: Readonly<Record<Outcome, ReactNode>> = {
  allow: <circle cx="6" cy="6" r="4" />,
  deny: <path d="M2 2l8 8M10 2l-8 8" />,
  error: <path d="M6 2l4.5 8h-9z" />,
  challenge: <path d="M6 1.5L10.5 6 6 10.5 1.5 6z" />,
  unknown: <circle cx="6" cy="6" r="4" className="hollow" />,
};

export function OutcomeMark({ outcome }: { readonly outcome: Outcome }) {
  return (
    <span className={`outcome ${outcome}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {shapes[outcome]}
      </svg>
      {outcome}
    </span>
  );
}

interface BadgeProps {
  readonly tone?: 'neutral' | 'success' | 'warning' | 'danger';
  readonly children: ReactNode;
}

export function Badge({ tone = 'neutral', children }: BadgeProps) {
  return <span className={`badge ${tone}`}>{children}</span>;
}
