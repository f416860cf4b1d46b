import { type ComponentProps, useImperativeHandle } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Tooltip } from './tooltip.tsx';
import { useKeptFocus } from './use-kept-focus.ts';
import './button.css';

interface ButtonProps extends ComponentProps<'button'> {
  /** `primary` once in a view; `danger` for what destroys or cancels. */
  readonly look?: 'normal' | 'primary' | 'danger' | 'plain';
  readonly icon?: IconName;
}

export function Button({ look = 'normal', icon, className, children, ref, ...rest }: ButtonProps) {
  const element = useKeptFocus<HTMLButtonElement>(rest.disabled === true);
  useImperativeHandle<HTMLButtonElement | null, HTMLButtonElement | null>(ref, () => element.current);
  return (
    <button ref={element} type="button" className={`button ${look} ${className ?? ''}`} {...rest}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<'button'> {
  readonly icon: IconName;
  /** Its name, also shown as a tooltip. */
  readonly label: string;
}

export function IconButton({ icon, label, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button type="button" className={`button icon plain ${className ?? ''}`} aria-label={label} {...rest}>
        <Icon name={icon} />
      </button>
    </Tooltip>
  );
}
