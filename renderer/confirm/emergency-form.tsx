import { useState } from 'react';
import type { ConfirmDecision } from '#shared/ipc/confirm-client.ts';
import type { FileToken } from '#shared/ipc/views.ts';
import type { Failure } from '#shared/util/result.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { FileBrowser } from '../ui/file-browser.tsx';
import { LogText } from '../ui/log-line.tsx';
import { PassphraseField } from '../ui/passphrase-field.tsx';
import { ErrorState } from '../ui/states.tsx';
import type { Surface } from './connect.ts';

/** How one person breaks the glass. */
export interface Alone {
  readonly chosen: boolean;
  readonly reason: string;
  readonly key: FileToken | null;
  readonly passphrase: string;
}

export const notAlone: Alone = { chosen: false, reason: '', key: null, passphrase: '' };

export function emergencyOf(alone: Alone): ConfirmDecision['emergency'] {
  return { reason: alone.reason.trim(), ...signatureOf(alone) };
}

export function signatureOf({ key, passphrase }: Alone): NonNullable<ConfirmDecision['signature']> {
  return {
    keyToken: key?.token ?? null,
    passphrase: key === null || passphrase === '' ? null : passphrase,
  };
}

interface EmergencyFormProps {
  readonly alone: Alone;
  readonly onChange: (alone: Alone) => void;
  readonly surface: Surface;
  readonly nativeDialogs: boolean;
}

export function EmergencyForm({ alone, onChange, surface, nativeDialogs }: EmergencyFormProps) {
  return (
    <>
      <label className="confirm-check">
        <input
          type="checkbox"
          checked={alone.chosen}
          onChange={({ target }) => onChange({ ...alone, chosen: target.checked })}
        />
        Break the glass: I act alone. It is journaled, ends after fifteen minutes, and stays flagged until
        others have countersigned.
      </label>
      {alone.chosen ? (
        <>
          <Field label="Reason" hint="Stands in the journal and in the receipt.">
            {(attributes) => (
              <Input
                {...attributes}
                value={alone.reason}
                onChange={({ target }) => onChange({ ...alone, reason: target.value })}
              />
            )}
          </Field>
          <KeyChoice
            alone={alone}
            onChange={onChange}
            surface={surface}
            nativeDialogs={nativeDialogs}
            without="none chosen: by the user of this machine"
          />
        </>
      ) : null}
    </>
  );
}

interface KeyChoiceProps extends EmergencyFormProps {
  /** What it means that none is chosen. */
  readonly without: string;
}

/** The operator's key file with its passphrase. */
export function KeyChoice({ alone, onChange, surface, nativeDialogs, without }: KeyChoiceProps) {
  const [browsing, setBrowsing] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const { key } = alone;
  const pick = async (): Promise<void> => {
    setError(null);
    if (!nativeDialogs) {
      setBrowsing(true);
      return;
    }
    const result = await surface.pick();
    if (!result.ok) setError(result.error);
    else if (result.value !== null) onChange({ ...alone, key: result.value });
  };
  return (
    <>
      <div className="confirm-key">
        <Button icon="file" onClick={() => void pick()}>
          My key file …
        </Button>
        {key === null ? <span className="muted">{without}</span> : <LogText text={key.name} />}
      </div>
      {key === null ? null : (
        <PassphraseField
          value={alone.passphrase}
          onChange={(passphrase) => onChange({ ...alone, passphrase })}
        />
      )}
      {error === null ? null : <ErrorState what="No key file was chosen" error={error} />}
      {browsing ? (
        <FileBrowser
          title="Choose your key file"
          wanted="files"
          browse={surface.browse}
          onClose={() => setBrowsing(false)}
          onChoose={([chosen]) => {
            setBrowsing(false);
            if (chosen !== undefined) onChange({ ...alone, key: chosen });
          }}
        />
      ) : null}
    </>
  );
}
