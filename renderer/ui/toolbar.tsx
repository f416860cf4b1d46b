import type { ReactNode } from 'react';
import './toolbar.css';

/** A view's head: its title, and what can be done in it. */
export function Toolbar({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <header className="toolbar">
      <h1>{title}</h1>
      <div className="toolbar-actions">{children}</div>
    </header>
  );
}
