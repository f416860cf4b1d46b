import { type ReactNode, useId } from 'react';
import './panel.css';

interface PanelProps {
  readonly title: string;
  /** Beside the title: how much there is, or what it is measured on. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  /** Takes the whole width of its grid. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A titled part of a view. */
export function Panel({ title, note, actions, wide = false, children }: PanelProps) {
  const id = useId();
  return (
    <section className={wide ? 'panel wide' : 'panel'} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {note === undefined ? null : <span className="panel-note">{note}</span>}
        {actions}
      </header>
      <div className="panel-body">{children}</div>
    </section>
  );
}
