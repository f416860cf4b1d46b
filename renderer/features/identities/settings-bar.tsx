import { type KeyboardEvent, type RefObject, useId, useState } from 'react';
import { identityKinds } from '#shared/domain/directory.ts';
import { Input, Select } from '../../ui/field.tsx';
import { wordsOf } from './dormancy-mark.tsx';
import { type Settings, dormancies, isDays } from './settings.ts';

interface SettingsBarProps {
  readonly settings: Settings;
  readonly onChange: (change: Partial<Settings>, mode?: 'push' | 'replace') => void;
  readonly input: RefObject<HTMLInputElement | null>;
}

/** Which identities are shown, and at which time and after how much silence they are judged. */
export function SettingsBar({ settings, onChange, input }: SettingsBarProps) {
  const { text, dormancy, asOf, dormantAfterDays } = settings;
  const dormancyId = useId();
  return (
    <header className="toolbar identities-head">
      <h1>Identities</h1>
      <Input
        ref={input}
        className="identities-text"
        aria-label="Part of the id, name or account"
        placeholder="Id, name or account"
        value={text}
        onChange={({ target }) => onChange({ text: target.value }, 'replace')}
      />
      <div className="identities-control">
        <label htmlFor={dormancyId}>Dormancy</label>
        <Select
          id={dormancyId}
          value={dormancy ?? ''}
          options={[
            { value: '', label: 'any' },
            ...dormancies.map((value) => ({ value, label: wordsOf(value) })),
          ]}
          onChange={(value) =>
            onChange({ dormancy: dormancies.find((candidate) => candidate === value) ?? null })
          }
        />
      </div>
      <Select
        aria-label="Kind"
        value={settings.kind ?? ''}
        options={[
          { value: '', label: 'any kind' },
          ...identityKinds.map((value) => ({ value, label: value })),
        ]}
        onChange={(value) => onChange({ kind: identityKinds.find((each) => each === value) ?? null })}
      />
      <button
        type="button"
        className="button"
        aria-pressed={settings.orphan}
        onClick={() => onChange({ orphan: !settings.orphan })}
      >
        orphans
      </button>
      <Typed
        label="Judged at"
        hint="end of the evidence"
        className="identities-time"
        value={asOf ?? ''}
        onValue={(value) => onChange({ asOf: value === '' ? null : value })}
      />
      <Typed
        label="Dormant after days"
        hint="90"
        className="identities-days"
        value={String(dormantAfterDays)}
        onValue={(value) => {
          const days = Number(value);
          if (isDays(days)) onChange({ dormantAfterDays: days });
        }}
      />
    </header>
  );
}

interface TypedProps {
  readonly label: string;
  readonly hint: string;
  readonly className: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** A text that counts when it is finished: by Enter, or when the focus leaves. */
function Typed({ label, hint, className, value, onValue }: TypedProps) {
  const id = useId();
  const [draft, setDraft] = useState<{ readonly of: string; readonly text: string } | null>(null);
  const shown = draft?.of === value ? draft.text : value;
  const finish = (): void => {
    if (shown.trim() !== value) onValue(shown.trim());
    setDraft(null);
  };
  return (
    <div className="identities-control">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        className={className}
        placeholder={hint}
        value={shown}
        onChange={({ target }) => setDraft({ of: value, text: target.value })}
        onBlur={finish}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key === 'Enter') finish();
        }}
      />
    </div>
  );
}
