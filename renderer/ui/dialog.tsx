import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';
import './dialog.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the foot, the way out first. */
  readonly actions?: ReactNode;
  readonly size?: 'small' | 'large';
}

/** A modal dialog: the focus stays in it and returns afterwards, Escape closes it. */
export function Dialog({ title, onClose, children, actions, size = 'small' }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // Else it were the cross that closes it.
    dialog?.querySelector<HTMLElement>('.dialog-body :is(input, select, textarea, button):enabled')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={`dialog ${size}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className="dialog-head">
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </header>
      <div className="dialog-body">{children}</div>
      {actions === undefined ? null : <footer className="dialog-foot">{actions}</footer>}
    </dialog>
  );
}
