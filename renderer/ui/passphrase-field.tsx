import { Field, Input } from './field.tsx';

interface PassphraseFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The passphrase of a key file. SECURITY: whoever holds the value lets it go as it is sent. */
export function PassphraseField({ value, onChange }: PassphraseFieldProps) {
  return (
    <Field label="Passphrase" hint="Empty where the key has none.">
      {(attributes) => (
        <Input
          {...attributes}
          type="password"
          autoComplete="off"
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
