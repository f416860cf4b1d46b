import type { ReactNode } from 'react';
import type { Severity } from '#shared/domain/finding.ts';
import './values.css';

/** Each severity has its own shape and word, so that colour is never alone. */
const shapes: Readonly<Record<Severity, ReactNode>> = {
  critical: <path d="M4 1h4l3 3v4l-3 3H4L1 8V4z" />,
  high: <path d="M6 1.5l5 9H1z" />,
  medium: <path d="M6 1.5L10.5 6 6 10.5 1.5 6z" className="hollow" />,
  low: <path d="M2 4l4 4 4-4" className="hollow" />,
  informational: <circle cx="6" cy="6" r="4" className="hollow" />,
};

export function SeverityMark({ severity }: { readonly severity: Severity }) {
  return (
    <span className={`outcome ${severity}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {shapes[severity]}
      </svg>
      {severity}
    </span>
  );
}
