import { type ReactNode, useCallback, useState } from 'react';
import { Icon } from './icon.tsx';
import { Menu, type MenuItem, type MenuPlace } from './menu.tsx';

interface MenuButtonProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly children: ReactNode;
  readonly className?: string;
}

/** A button that opens a menu below itself. */
export function MenuButton({ label, items, children, className }: MenuButtonProps) {
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const close = useCallback(() => setPlace(null), []);
  return (
    <>
      <button
        type="button"
        className={`button plain ${className ?? ''}`}
        aria-haspopup="menu"
        aria-expanded={place !== null}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setPlace({ x: box.left, y: box.bottom + 4 });
        }}
      >
        {children}
        <Icon name="down" />
      </button>
      {place === null ? null : <Menu label={label} items={items} place={place} onClose={close} />}
    </>
  );
}
