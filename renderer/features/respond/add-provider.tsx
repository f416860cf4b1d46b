import { useState } from 'react';
import type { ProviderTypeView, ProviderView } from '#shared/ipc/respond-views.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useAct } from './use-act.ts';
import { ProvedOn } from './marks.tsx';

interface AddProviderProps {
  readonly types: readonly ProviderTypeView[];
  /** The provider whose settings are changed; none where one is added. */
  readonly changed?: ProviderView;
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

/** Settings and secrets of a new provider. SECURITY: secrets leave the page's memory as they are sent, whatever comes of it. */
export function AddProvider({ types, changed, onClose, onAdded }: AddProviderProps) {
  const [type, setType] = useState(changed?.type ?? types[0]?.type ?? '');
  const [name, setName] = useState(changed?.name ?? '');
  const before = changed === undefined ? {} : settingsOf(changed);
  const [settings, setSettings] = useState<Readonly<Record<string, string>>>(before);
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const { run, busy, error } = useAct('provider.add');
  const kind = types.find((each) => each.type === type);
  // The vault's secrets stay where nothing changes about where they are sent.
  const isSame =
    changed !== undefined &&
    (kind?.settings ?? []).every(
      ({ name: field }) => accompanying.has(field) || (settings[field] ?? '') === (before[field] ?? ''),
    );
  const complete =
    name.trim() !== '' &&
    kind !== undefined &&
    kind.settings.every((field) => !field.required || (settings[field.name] ?? '') !== '') &&
    kind.secrets.every((field) => isSame || !field.required || (secrets[field.name] ?? '') !== '');

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
      title={changed === undefined ? 'Add a provider' : `Change the settings of ${changed.name}`}
      size="large"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!complete || busy} onClick={() => void add()}>
            {changed !== undefined ? (busy ? 'Changing …' : 'Change') : busy ? 'Adding …' : 'Add'}
          </Button>
        </>
      }
    >
      <Field label="Kind">
        {(attributes) => (
          <Select
            {...attributes}
            disabled={changed !== undefined}
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
          <Input
            {...attributes}
            disabled={changed !== undefined}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
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
          label={`${title}${required && !isSame ? ' (required)' : ''}`}
          hint={
            isSame
              ? 'Empty: the one in the vault stays.'
              : 'Goes into the vault of this host, and is never shown again.'
          }
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
      {changed === undefined || isSame ? null : (
        <p className="respond-note warning">
          It leads elsewhere now: its secrets are wanted again, and plans that were made before do not fit it.
        </p>
      )}
      {error === null ? null : (
        <ErrorState
          what={changed === undefined ? 'The provider was not added' : 'The settings were not changed'}
          error={error}
        />
      )}
    </Dialog>
  );
}

/** Settings that say nothing about where a provider is reached. */
const accompanying = new Set(['source-of-truth', 'break-glass', 'logs']);

/** The settings as they are given: lists as texts, the certificate authority by the word that keeps it. */
function settingsOf(provider: ProviderView): Record<string, string> {
  const { settings, sourcedFrom, breakGlass, hasCertificateAuthority, logs } = provider;
  return filled({
    ...settings,
    'source-of-truth': sourcedFrom.join(', '),
    'break-glass': breakGlass.some((each) => each.includes('='))
      ? breakGlass.join('; ')
      : breakGlass.join(', '),
    logs: logs === null ? '' : logs.length === 0 ? 'none' : logs.join(', '),
    ca: hasCertificateAuthority ? 'keep' : '',
  });
}

function filled(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
