import { useCallback, useId } from 'react';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import { useCase, usePreferences } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { escapedText } from '../../ui/log-text.ts';
import { type Zone, formatTime } from '../../ui/moments.ts';
import { shortened } from '../../ui/values.tsx';
import { type DriftSettings, byTime, isComparable } from './settings.ts';
import { useBaseline } from './use-baseline.tsx';

interface BundleChoiceProps {
  readonly bundles: readonly CaseBundle[];
  readonly pair: { readonly from: CaseBundle; readonly to: CaseBundle };
  readonly settings: DriftSettings;
  readonly onChange: (change: Partial<DriftSettings>) => void;
}

/** Which two versions are compared, and as what the difference is shown. */
export function BundleChoice({ bundles, pair, settings, onChange }: BundleChoiceProps) {
  const zone = usePreferences((state) => state.timeZone);
  const readOnly = useCase((state) => state.info?.readOnly === true);
  const { choose, busy, picker } = useBaseline(useCallback(({ id }) => onChange({ from: id }), [onChange]));
  const options = byTime(bundles.filter(isComparable)).map((bundle) => ({
    value: bundle.id,
    label: bundleLabel(bundle, zone),
  }));
  return (
    <header className="toolbar drift-head">
      <h1>Drift</h1>
      <Choice label="From" value={pair.from.id} options={options} onValue={(from) => onChange({ from })} />
      <Choice label="To" value={pair.to.id} options={options} onValue={(to) => onChange({ to })} />
      <Button icon="folder" disabled={busy || readOnly} onClick={choose}>
        {busy ? 'Reading …' : 'From a baseline …'}
      </Button>
      {picker}
      <div className="drift-shape" role="group" aria-label="Shown as">
        <button
          type="button"
          className="button"
          aria-pressed={!settings.matrix}
          onClick={() => onChange({ matrix: false })}
        >
          List
        </button>
        <button
          type="button"
          className="button"
          aria-pressed={settings.matrix}
          onClick={() => onChange({ matrix: true })}
        >
          Matrix
        </button>
      </div>
    </header>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onValue: (value: string) => void;
}

function Choice({ label, value, options, onValue }: ChoiceProps) {
  const id = useId();
  return (
    <div className="drift-choice">
      <label htmlFor={id}>{label}</label>
      <Select id={id} value={value} options={options} onChange={onValue} />
    </div>
  );
}

/** A bundle by its time, its system and its version or file. */
export function bundleLabel({ inForceFrom, system, revision, path }: CaseBundle, zone: Zone): string {
  const time = inForceFrom === null ? 'time not known' : formatTime(inForceFrom, zone);
  const name = revision ?? path.split(/[\\/]/).at(-1) ?? path;
  return `${time} · ${system} · ${escapedText(shortened(name, 24))}`;
}
