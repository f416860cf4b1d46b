import { type ReactNode, useMemo, useState } from 'react';
import { Input } from '../../../ui/field.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { escapedText } from '../../../ui/log-text.ts';
import { formatCount } from '../../../ui/numbers.ts';

interface PolicyRow {
  readonly title: string;
  readonly path: string;
  readonly mark: ReactNode;
}

interface PolicyListProps {
  readonly label: string;
  readonly rows: readonly PolicyRow[];
  readonly at: number;
  readonly onChoose: (at: number) => void;
}

const mostShown = 500;

/** The policies of a bundle by name, to choose one of. */
export function PolicyList({ label, rows, at, onChoose }: PolicyListProps) {
  const [wanted, setWanted] = useState('');
  const found = useMemo(() => {
    const words = wanted.toLowerCase();
    return rows
      .map((row, index) => ({ row, index }))
      .filter(({ row }) => `${row.title}\n${row.path}`.toLowerCase().includes(words));
  }, [rows, wanted]);
  return (
    <nav className="policy-list" aria-label={label}>
      {rows.length < 10 ? null : (
        <Input
          aria-label={`Find in ${label}`}
          placeholder="Find a policy"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      )}
      <ul>
        {found.slice(0, mostShown).map(({ row, index }) => (
          <li key={index}>
            <button
              type="button"
              aria-current={index === at ? 'true' : undefined}
              title={escapedText(`${row.title}\n${row.path}`)}
              onClick={() => onChoose(index)}
            >
              {row.mark}
              <span className="ellipsis">
                <LogText text={row.title} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {found.length > mostShown ? (
        <p className="muted">{formatCount(found.length - mostShown)} more: narrow them by name.</p>
      ) : null}
      {found.length === 0 ? <p className="muted">None has this in its name.</p> : null}
    </nav>
  );
}
