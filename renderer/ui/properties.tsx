import type { ReactNode } from 'react';
import './properties.css';

/** Names and values under each other, for detail panels. Entries without a value are left out. */
export function Properties({ entries }: { readonly entries: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="properties">
      {entries.map(([name, value]) =>
        value === null || value === undefined ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
