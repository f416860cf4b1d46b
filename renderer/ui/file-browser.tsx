import { useEffect, useState } from 'react';
import type { FileToken, FolderListing } from '#shared/ipc/views.ts';
import type { Failure, Result } from '#shared/util/result.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { LogText } from './log-line.tsx';
import { ErrorState, Loading } from './states.tsx';
import { Bytes } from './values.tsx';
import './file-browser.css';

interface FileBrowserProps {
  readonly title: string;
  /** What may be chosen: one folder, or any number of files and folders. */
  readonly wanted: 'folder' | 'files';
  /** What a folder holds. Must be stable. */
  readonly browse: (token: string | null, signal: AbortSignal) => Promise<Result<FolderListing>>;
  readonly onChoose: (tokens: readonly FileToken[]) => void;
  readonly onClose: () => void;
}

/** Chooses files of the host's machine, for hosts without the system's own dialog. Knows tokens, never paths. */
export function FileBrowser({ title, wanted, browse, onChoose, onClose }: FileBrowserProps) {
  const [listing, setListing] = useState<FolderListing | null>(null);
  const [error, setError] = useState<Failure | null>(null);
  const [chosen, setChosen] = useState<readonly FileToken[]>([]);

  /** One object a visit: the same folder can be asked for again. */
  const [visit, setVisit] = useState<{ readonly token: string | null }>({ token: null });

  useEffect(() => {
    const controller = new AbortController();
    const list = async (): Promise<void> => {
      const result = await browse(visit.token, controller.signal);
      if (controller.signal.aborted) return;
      setChosen([]);
      if (result.ok) setListing(result.value);
      setError(result.ok ? null : result.error);
    };
    void list();
    return () => controller.abort();
  }, [browse, visit]);
  const open = (token: string | null): void => setVisit({ token });

  const toggle = (entry: FileToken): void =>
    setChosen((list) => (list.includes(entry) ? list.filter((other) => other !== entry) : [...list, entry]));
  const shown = (listing?.entries ?? []).filter((entry) => wanted === 'files' || entry.kind === 'folder');
  const answer = chosen.length > 0 ? chosen : listing === null ? [] : [listing.self];

  return (
    <Dialog
      title={title}
      size="large"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={answer.length === 0} onClick={() => onChoose(answer)}>
            {chosen.length === 0 ? 'Use this folder' : `Use ${chosen.length} chosen`}
          </Button>
        </>
      }
    >
      {error === null ? null : (
        <ErrorState what="The folder could not be read" error={error} onRetry={() => open(null)} />
      )}
      {listing === null && error === null ? <Loading what="the folder" /> : null}
      {listing === null || error !== null ? null : (
        <>
          <div className="browser-place">
            <Button
              icon="up"
              disabled={listing.parent === null}
              onClick={() => open(listing.parent?.token ?? null)}
            >
              Up
            </Button>
            <span className="mono ellipsis">
              <LogText text={listing.folder} />
            </span>
          </div>
          <ul className="browser-list" aria-label="Content of the folder">
            {shown.map((entry) => (
              <li key={entry.token} className="browser-entry">
                {wanted === 'files' ? (
                  <input
                    type="checkbox"
                    aria-label={`Choose ${entry.name}`}
                    checked={chosen.includes(entry)}
                    onChange={() => toggle(entry)}
                  />
                ) : null}
                <Icon name={entry.kind} />
                {entry.kind === 'folder' ? (
                  <button type="button" className="browser-name" onClick={() => open(entry.token)}>
                    <LogText text={entry.name} />
                  </button>
                ) : (
                  <span className="browser-name">
                    <LogText text={entry.name} />
                  </span>
                )}
                {entry.bytes === null ? null : <Bytes value={entry.bytes} />}
              </li>
            ))}
          </ul>
          {shown.length === 0 ? (
            <p className="muted">
              {listing.entries.length === 0 ? 'The folder is empty.' : 'There is no folder in it.'}
            </p>
          ) : null}
          {listing.truncated ? (
            <p className="muted">
              The folder holds more than is listed. Choose the folder itself to take all.
            </p>
          ) : null}
        </>
      )}
    </Dialog>
  );
}
