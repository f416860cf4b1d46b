import { useEffect, useMemo, useState } from 'react';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { RawRecord as Raw } from '#shared/ipc/views.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { JsonBlock } from '../../../ui/json-block.tsx';
import { LogBlock, LogText } from '../../../ui/log-line.tsx';
import { layOutJson } from '../../../ui/pretty-json.ts';
import { Properties } from '../../../ui/properties.tsx';
import { ErrorState, Loading } from '../../../ui/states.tsx';
import { useCopy } from '../../../ui/use-copy.ts';
import { bytesOf, useSaveBytes } from '../../../ui/use-save-text.ts';
import { Count, ShortId } from '../../../ui/values.tsx';
import { citationOf } from './citation.ts';

/** The record as it lies in its file: laid out to be read, or byte for byte with its place and hashes. */
export function RawRecord({ event }: { readonly event: AccessEvent }) {
  const { value: raw, error, reload } = useRequest('events.raw', { id: event.id });
  const [exact, setExact] = useState(false);
  const copy = useCopy();
  const tokens = useMemo(() => (raw === null ? null : layOutJson(raw.text)), [raw]);
  if (error !== null)
    return <ErrorState what="The record could not be read" error={error} onRetry={reload} />;
  // While another event is selected, the last one's record is still here: it must not stand under this one's name.
  if (raw === null || !isOf(raw, event)) return <Loading what="the record" />;
  const showsExact = exact || tokens === null;
  return (
    <div className="raw">
      <div className="raw-actions">
        {tokens === null ? null : (
          <Button aria-pressed={exact} onClick={() => setExact(!exact)}>
            Exact bytes
          </Button>
        )}
        <Button icon="copy" onClick={() => copy(raw.text, 'Record')}>
          Copy
        </Button>
        <Button icon="cite" onClick={() => copy(citationOf(event), 'Citation')}>
          Cite
        </Button>
        <SaveButton raw={raw} name={`${event.id}.json`} />
      </div>
      {showsExact ? <Position raw={raw} /> : null}
      {showsExact ? <LogBlock text={raw.text} /> : <JsonBlock tokens={tokens} />}
    </div>
  );
}

function isOf({ position }: Raw, { evidence }: AccessEvent): boolean {
  return position.sha256 === evidence.sha256 && position.offset === evidence.offset;
}

function Position({ raw }: { readonly raw: Raw }) {
  const { path, sha256, offset, length } = raw.position;
  const own = useDigest(raw.base64);
  return (
    <Properties
      entries={[
        ['File', <LogText key="path" text={path} />],
        ['File SHA-256', <ShortId key="sha256" value={sha256} length={28} />],
        ['Offset', <Count key="offset" value={offset} />],
        ['Length', <Count key="length" value={length} />],
        ['Record SHA-256', own === null ? null : <ShortId key="own" value={own} length={28} />],
      ]}
    />
  );
}

/** SHA-256 of the record's own bytes, computed here; null until it is. */
function useDigest(base64: string): string | null {
  const [digest, setDigest] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    const hash = async (): Promise<void> => {
      const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', bytesOf(base64)));
      if (current) setDigest([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
    };
    void hash();
    return () => {
      current = false;
    };
  }, [base64]);
  return digest;
}

function SaveButton({ raw, name }: { readonly raw: Raw; readonly name: string }) {
  const save = useSaveBytes();
  return (
    <Button icon="save" onClick={() => void save(name, raw.base64)}>
      Save
    </Button>
  );
}
