import type { FieldName } from '#shared/domain/dimensions.ts';
import { withFilter } from '#shared/query/edit.ts';
import { type MouseEvent, useCallback, useMemo, useState } from 'react';
import type { Address } from '../state/address.ts';
import { useConsole, useHref } from '../state/context.ts';
import type { Entity, Feature } from '../state/feature.ts';
import { escapedText } from './log-text.ts';
import { Menu, type MenuItem, type MenuPlace } from './menu.tsx';
import { Tooltip } from './tooltip.tsx';
import { useCopy } from './use-copy.ts';
import { ShortText } from './short-text.tsx';
import { shortened } from './values.tsx';
import './entity-link.css';

interface EntityLinkProps {
  /** The query language's field that holds the value, e.g. `subject.id`. */
  readonly field: FieldName;
  readonly value: string;
  /** Shown instead of the value, e.g. an identity's name. */
  readonly label?: string;
  /** Characters to show of the value; the middle is left out. */
  readonly length?: number;
  /** What "cite as evidence" copies; without it, the field and value with the case's name. */
  readonly citation?: string;
  /** In a grid, which has one tab stop: reached by pointer, or through the row's menu. */
  readonly inGrid?: boolean;
}

/** Names an identity, action, resource, address, credential or policy: a link to its events, with its menu. */
export function EntityLink({ field, value, label, length = 48, citation, inGrid = false }: EntityLinkProps) {
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const { features } = useConsole();
  const href = useHref(useMemo(() => placeOf({ field, value }, features), [field, value, features]));
  const shown = shortened(label ?? value, length);
  const close = useCallback(() => setPlace(null), []);
  const openMenu = (event: MouseEvent<HTMLElement>): void => {
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    // The menu key reports no place of the pointer.
    setPlace(event.clientX === 0 ? { x: box.left, y: box.bottom } : { x: event.clientX, y: event.clientY });
  };
  const link = (
    <a
      className="entity"
      href={href}
      tabIndex={inGrid ? -1 : 0}
      onClick={(event) => event.stopPropagation()}
      onContextMenu={openMenu}
    >
      <ShortText whole={label ?? value} shown={shown} />
    </a>
  );
  return (
    <>
      {shown === value ? link : <Tooltip text={escapedText(value)}>{link}</Tooltip>}
      {place === null ? null : (
        <EntityMenu
          field={field}
          value={value}
          label={label ?? value}
          place={place}
          onClose={close}
          {...(citation === undefined ? {} : { citation })}
        />
      )}
    </>
  );
}

interface EntityMenuProps {
  readonly field: FieldName;
  readonly value: string;
  readonly label: string;
  readonly citation?: string;
  readonly place: MenuPlace;
  readonly onClose: () => void;
}

/** Made when it is opened: hundreds of links are in sight, and few menus. */
function EntityMenu({ field, value, label, citation, place, onClose }: EntityMenuProps) {
  const items = useEntityMenu(field, value, citation);
  return <Menu label={escapedText(label)} items={items} place={place} onClose={onClose} />;
}

/** The menu that everything named by a log has: filter for, filter out, open, copy, cite. */
export function useEntityMenu(field: FieldName, value: string, citation?: string): readonly MenuItem[] {
  const console = useConsole();
  const { address, case: current, features } = console;
  const entity = { field, value };
  const copy = useCopy();
  return [
    { label: 'Filter for', run: () => address.getState().filterFor(field, value) },
    { label: 'Filter out', run: () => address.getState().filterOut(field, value) },
    {
      label: 'Open',
      separated: true,
      run: () => address.getState().go(placeOf(entity, features)),
    },
    { label: 'Copy', run: () => copy(value, 'Value') },
    {
      label: 'Cite as evidence',
      run: () =>
        copy(citation ?? `${field} ${value} (case “${current.getState().summary?.name ?? ''}”)`, 'Citation'),
    },
    ...features.flatMap(({ entityMenu }) => entityMenu?.(entity, console) ?? []),
  ];
}

/** Where a thing is looked at: on the page that a feature has for it, else among the events. */
function placeOf(entity: Entity, features: readonly Feature[]): Partial<Address> {
  for (const { opens } of features) {
    const place = opens?.(entity) ?? null;
    if (place !== null) return place;
  }
  return { view: 'events', query: withFilter('', entity.field, entity.value, false), selected: null };
}
