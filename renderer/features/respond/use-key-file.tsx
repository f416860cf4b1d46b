import { type ReactNode, useCallback, useState } from 'react';
import type { FileToken } from '#shared/ipc/views.ts';
import { Button } from '../../ui/button.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { PassphraseField } from '../../ui/passphrase-field.tsx';
import { useFilePicker } from '../../ui/use-file-picker.tsx';

export interface GivenKey {
  readonly keyToken: string;
  readonly passphrase: string | null;
}

interface KeyFile {
  readonly chosen: boolean;
  /** The key, once: it and its passphrase leave the page's memory here. Null where none is chosen. */
  readonly take: () => GivenKey | null;
  /** The button, the name of the file, and the passphrase where one is chosen. */
  readonly fields: ReactNode;
}

/** A key file of the host's machine with its passphrase. The file never comes here, the passphrase passes through. */
export function useKeyFile(label: string, disabled = false): KeyFile {
  const [key, setKey] = useState<FileToken | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const { pick, picker } = useFilePicker(
    'key',
    useCallback((tokens: readonly FileToken[]) => setKey(tokens[0] ?? null), []),
  );
  const take = (): GivenKey | null => {
    if (key === null) return null;
    setKey(null);
    setPassphrase('');
    return { keyToken: key.token, passphrase: passphrase === '' ? null : passphrase };
  };
  const fields = (
    <>
      <div className="respond-buttons">
        <Button icon="file" disabled={disabled} onClick={pick}>
          {label}
        </Button>
        {key === null ? <span className="muted">none chosen</span> : <LogText text={key.name} />}
      </div>
      {key === null ? null : <PassphraseField value={passphrase} onChange={setPassphrase} />}
      {picker}
    </>
  );
  return { chosen: key !== null, take, fields };
}
