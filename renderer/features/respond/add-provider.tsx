import { useState } from 'react';
import type { ProviderTypeView } from '#shared/ipc/respond-views.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useAct } from './use-act.ts';
import { ProvedOn } from './marks.tsx';

interface AddProviderProps {
  readonly types: readonly ProviderTypeView[];
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

/** Settings and secrets of a new provider. SECURITY: secrets leave the page's memory as they are sent, whatever comes of it. */
export function AddProvider({ types, onClose, onAdded }: AddProviderProps) {
  const [type, setType] = useState(types[0]?.type ?? '');
  const [name, setName] = useState('');
  const [settings, setSettings] = useState<Readonly<Record<string, string>>>({});
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const { run, busy, error } = useAct('provider.add');
  const kind = types.find((each) => each.type === type);
  const complete =
    name.trim() !== '' &&
    kind !== undefined &&
    kind.settings.every((field) => !field.required || (settings[field.name] ?? '') !== '') &&
    kind.secrets.every((field) => !field.required || (secrets[field.name] ?? '') !== '');

  const add = async (): Promise<void> => {
    const given = filled(secrets);
    setSecrets({});
    if ((await run({ name: name.trim(), type, settings: filled(settings), secrets: given })) !== null)
      onAdded();
  };
  const choose = (next: string): void => {
    setType(next);
    setSettings({});
    setSecrets({});
  };

  return (
    <Dialog
      title="Add a provider"
      size="large"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!complete || busy} onClick={() => void add()}>
            {busy ? 'Adding …' : 'Add'}
          </Button>
        </>
      }
    >
      <Field label="Kind">
        {(attributes) => (
          <Select
            {...attributes}
            value={type}
            onChange={choose}
            options={types.map((each) => ({ value: each.type, label: each.title }))}
          />
        )}
      </Field>
      {kind === undefined ? null : (
        <p>
          <ProvedOn value={kind.provedOn} />
        </p>
      )}
      <Field label="Name" hint="Letters, digits, dots and dashes: how plans call it.">
        {(attributes) => (
          <Input {...attributes} value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
      {kind?.settings.map(({ name: field, required, help }) => (
        <Field key={field} label={`${field}${required ? ' (required)' : ''}`} hint={help}>
          {(attributes) =>
            field === 'ca' ? (
              <textarea
                {...attributes}
                className="input respond-text mono"
                rows={3}
                placeholder="-----BEGIN CERTIFICATE-----"
                value={settings[field] ?? ''}
                onChange={({ target }) => setSettings({ ...settings, [field]: target.value })}
              />
            ) : (
              <Input
                {...attributes}
                value={settings[field] ?? ''}
                onChange={({ target }) => setSettings({ ...settings, [field]: target.value })}
              />
            )
          }
        </Field>
      ))}
      {kind?.secrets.map(({ name: field, title, required }) => (
        <Field
          key={field}
          label={`${title}${required ? ' (required)' : ''}`}
          hint="Goes into the vault of this host, and is never shown again."
        >
          {(attributes) => (
            <Input
              {...attributes}
              type="password"
              autoComplete="new-password"
              value={secrets[field] ?? ''}
              onChange={({ target }) => setSecrets({ ...secrets, [field]: target.value })}
            />
          )}
        </Field>
      ))}
      {error === null ? null : <ErrorState what="The provider was not added" error={error} />}
    </Dialog>
  );
}

function filled(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
