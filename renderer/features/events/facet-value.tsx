import { memo, useCallback, useState } from 'react';
import type { FieldName } from '#shared/domain/dimensions.ts';
import { outcomes } from '#shared/domain/event.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import { useConsole } from '../../state/context.ts';
import { IconButton } from '../../ui/button.tsx';
import { useEntityMenu } from '../../ui/entity-link.tsx';
import { formatTitle } from '../../ui/format-title.ts';
import { LogText } from '../../ui/log-line.tsx';
import { escapedText } from '../../ui/log-text.ts';
import { Menu, type MenuPlace } from '../../ui/menu.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { OutcomeMark } from '../../ui/outcome-mark.tsx';
import { shortened } from '../../ui/values.tsx';

interface FacetValueProps {
  readonly field: FieldName;
  /** Null: the events without one. */
  readonly value: string | null;
  readonly count: number;
  /** The largest count of the facet: the length of its bar. */
  readonly most: number;
  /** Whether the query asks for the value. */
  readonly active: boolean;
}

/** One value of a facet: filters for itself, or out; its menu is the one that everything named has. */
export const FacetValue = memo(PlainValue);

function PlainValue({ field, value, count, most, active }: FacetValueProps) {
  const { address } = useConsole();
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const close = useCallback(() => setPlace(null), []);
  const name = escapedText(value ?? 'none');
  return (
    <li className={active ? 'facet-value active' : 'facet-value'}>
      <button
        type="button"
        className="facet-filter"
        title={name}
        aria-pressed={active}
        onClick={() => address.getState().filterFor(field, value)}
        onContextMenu={(event) => {
          if (value === null) return;
          event.preventDefault();
          setPlace({ x: event.clientX, y: event.clientY });
        }}
      >
        <span className="visually-hidden">{`Filter for ${name}: ${formatCount(count)} events`}</span>
        <span className="facet-name" aria-hidden="true">
          <Shown field={field} value={value} />
        </span>
        <span className="facet-number" aria-hidden="true">
          {formatCount(count)}
        </span>
        <span className="facet-bar" style={{ width: `${(count / most) * 100}%` }} />
      </button>
      <IconButton
        icon="minus"
        label={`Filter out ${name}`}
        onClick={() => address.getState().filterOut(field, value)}
      />
      {place === null || value === null ? null : (
        <ValueMenu field={field} value={value} place={place} onClose={close} />
      )}
    </li>
  );
}

function Shown({ field, value }: Pick<FacetValueProps, 'field' | 'value'>) {
  if (value === null) return <span className="muted">none</span>;
  const outcome = field === 'outcome' ? outcomes.find((candidate) => candidate === value) : undefined;
  if (outcome !== undefined) return <OutcomeMark outcome={outcome} />;
  if (field === 'format') return formatTitle(value);
  return <LogText text={shortened(shortResource(value), 34)} />;
}

interface ValueMenuProps {
  readonly field: FieldName;
  readonly value: string;
  readonly place: MenuPlace;
  readonly onClose: () => void;
}

function ValueMenu({ field, value, place, onClose }: ValueMenuProps) {
  return (
    <Menu label={escapedText(value)} items={useEntityMenu(field, value)} place={place} onClose={onClose} />
  );
}
