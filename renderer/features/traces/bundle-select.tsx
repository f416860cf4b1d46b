import type { CaseBundle } from '#shared/domain/bundle.ts';
import { usePreferences } from '../../state/context.ts';
import { formatTime, type Zone } from '../../ui/moments.ts';
import { Select } from '../../ui/field.tsx';
import { escapedText } from '../../ui/log-text.ts';

interface BundleSelectProps {
  readonly label: string;
  readonly bundles: readonly CaseBundle[];
  readonly value: string | null;
  /** What no bundle means here. */
  readonly none: string;
  readonly onChange: (id: string | null) => void;
}

/** Chooses one of the case's bundles, or none. */
export function BundleSelect({ label, bundles, value, none, onChange }: BundleSelectProps) {
  const zone = usePreferences((state) => state.timeZone);
  return (
    <label className="bundle-select">
      <span className="muted">{label}</span>
      <Select
        value={value ?? ''}
        onChange={(next) => onChange(next === '' ? null : next)}
        options={[
          { value: '', label: none },
          ...bundles.map((bundle) => ({ value: bundle.id, label: bundleName(bundle, zone) })),
        ]}
      />
    </label>
  );
}

/** A bundle in few words: its file's name, its system and since when it is in force. */
export function bundleName({ path, system, revision, inForceFrom }: CaseBundle, zone: Zone): string {
  const name = revision ?? path.slice(path.lastIndexOf('/') + 1);
  const since = inForceFrom === null ? 'time not known' : `from ${formatTime(inForceFrom, zone)}`;
  return escapedText(`${name} · ${system} · ${since}`);
}
