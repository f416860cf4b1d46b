import { type ComponentProps, type ReactNode, useId } from 'react';
import './field.css';

interface FieldProps {
  readonly label: string;
  /** What to know before filling it in. */
  readonly hint?: string;
  readonly error?: string | null;
  readonly children: (attributes: {
    id: string;
    'aria-describedby'?: string;
    'aria-invalid'?: true;
  }) => ReactNode;
}

/** A labelled control: `<Field label="Name">{(attributes) => <Input {...attributes} />}</Field>`. */
export function Field({ label, hint, error = null, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(note === undefined ? {} : { 'aria-describedby': `${id}note` }),
        ...(error === null ? {} : { 'aria-invalid': true }),
      })}
      {note === undefined ? null : (
        <p id={`${id}note`} className={error === null ? 'field-hint' : 'field-error'}>
          {note}
        </p>
      )}
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <input
      type="text"
      className={`input ${className ?? ''}`}
      spellCheck={false}
      autoComplete="off"
      {...rest}
    />
  );
}

interface SelectProps extends Omit<ComponentProps<'select'>, 'onChange'> {
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

/** Where the choice is cut off by a narrow place, its title has it whole. */
export function Select({ options, onChange, className, ...rest }: SelectProps) {
  return (
    <select
      className={`input ${className ?? ''}`}
      onChange={(event) => onChange(event.target.value)}
      title={options.find(({ value }) => value === rest.value)?.label}
      {...rest}
    >
      {options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
