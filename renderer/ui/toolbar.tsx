import { type ReactNode, useEffect, useRef } from 'react';
import './toolbar.css';

interface ToolbarProps {
  readonly title: string;
  /** Takes the focus where what led here is gone, so that the next key goes on from the head of the page. */
  readonly arrives?: boolean;
  readonly children?: ReactNode;
}

/** A view's head: its title, and what can be done in it. */
export function Toolbar({ title, arrives = false, children }: ToolbarProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (arrives && document.activeElement === document.body) heading.current?.focus();
  }, [arrives]);
  return (
    <header className="toolbar">
      <h1 ref={heading} {...(arrives ? { tabIndex: -1 } : {})}>
        {title}
      </h1>
      <div className="toolbar-actions">{children}</div>
    </header>
  );
}
