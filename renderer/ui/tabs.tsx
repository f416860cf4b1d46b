import { type KeyboardEvent, type ReactNode, useId } from 'react';
import './tabs.css';

interface Tab {
  readonly id: string;
  readonly title: string;
  /** Beside the title, e.g. a count. */
  readonly mark?: ReactNode;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly current: string;
  readonly onChange: (id: string) => void;
  /** The current tab's content. */
  readonly children: ReactNode;
}

/** Tabs with their panel. Left and right arrows, Home and End move between them. */
export function Tabs({ label, tabs, current, onChange, children }: TabsProps) {
  const prefix = useId();
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((tab) => tab.id === current);
    const targets: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: tabs.length - 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const next = tabs[(target + tabs.length) % tabs.length];
    if (next === undefined) return;
    onChange(next.id);
    document.getElementById(`${prefix}${next.id}`)?.focus();
  };
  return (
    <div className="tabs">
      <div role="tablist" aria-label={label} className="tab-list">
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${prefix}${tab.id}`}
            aria-selected={tab.id === current}
            aria-controls={tab.id === current ? `${prefix}panel` : undefined}
            tabIndex={tab.id === current ? 0 : -1}
            className="tab"
            onKeyDown={onKeyDown}
            onClick={() => onChange(tab.id)}
          >
            {tab.title}
            {tab.mark}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${prefix}panel`}
        aria-labelledby={`${prefix}${current}`}
        className="tab-panel"
      >
        {children}
      </div>
    </div>
  );
}
