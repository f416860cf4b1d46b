import { useId, useRef, useState } from 'react';
import { formats } from '#shared/formats/index.ts';
import type { FileToken } from '#shared/ipc/views.ts';
import { useCase, useJobs } from '../../state/context.ts';
import { importTitle } from '../../state/ingest-words.ts';
import { isRunning } from '../../state/jobs.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { useFilePicker } from '../../ui/use-file-picker.tsx';
import { Bytes } from '../../ui/values.tsx';
import { useImport } from './use-import.ts';

interface ImportDialogProps {
  readonly chosen: readonly FileToken[];
  readonly onAdd: (tokens: readonly FileToken[]) => void;
  /** Files from the browser's own dialog, which have no token yet. */
  readonly onFiles: (files: readonly File[]) => void;
  readonly onClose: () => void;
}

const detect = '';

/** What to import and how to read it. */
export function ImportDialog({ chosen, onAdd, onFiles, onClose }: ImportDialogProps) {
  const [format, setFormat] = useState(detect);
  const [timeZone, setTimeZone] = useState(detect);
  const waiting = useId();
  const upload = useRef<HTMLInputElement>(null);
  const remote = useCase((state) => state.info?.nativeDialogs !== true);
  const { pick, picker } = useFilePicker('evidence', onAdd);
  const start = useImport();
  const busy = useJobs((state) => state.list.some((job) => job.title === importTitle && isRunning(job)));

  return (
    <Dialog
      title="Import logs"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            disabled={chosen.length === 0 || busy}
            aria-describedby={busy ? waiting : undefined}
            onClick={() => {
              onClose();
              start(chosen, format === detect ? null : format, timeZone === detect ? null : timeZone);
            }}
          >
            Import
          </Button>
        </>
      }
    >
      <div className="import-sources">
        <Button icon="folder" onClick={pick}>
          {remote ? 'Browse this host …' : 'Choose files …'}
        </Button>
        {remote ? (
          <>
            <Button icon="up" onClick={() => upload.current?.click()}>
              Upload from this browser …
            </Button>
            <input
              ref={upload}
              type="file"
              multiple
              hidden
              aria-label="Files to upload"
              onChange={(event) => onFiles([...(event.target.files ?? [])])}
            />
          </>
        ) : null}
      </div>
      {chosen.length === 0 ? (
        <p className="muted">
          Files, folders and archives (gz, zst, zip, tar). They can also be dropped on any place of this
          window.
        </p>
      ) : (
        <ul className="import-list" aria-label="Chosen">
          {chosen.map(({ token, name, kind, bytes }) => (
            <li key={token}>
              <Icon name={kind} />
              <span className="ellipsis">
                <LogText text={name} />
              </span>
              {bytes === null ? null : <Bytes value={bytes} />}
            </li>
          ))}
        </ul>
      )}
      <Field
        label="Format"
        hint="Each file’s format is found by its content. Choose one only to overrule that."
      >
        {(attributes) => (
          <Select
            {...attributes}
            value={format}
            onChange={setFormat}
            options={[
              { value: detect, label: 'Found by content' },
              ...formats.map(({ name, title }) => ({ value: name, label: title })),
            ]}
          />
        )}
      </Field>
      <Field label="Time zone" hint="For local times without an offset. Times with an offset keep it.">
        {(attributes) => (
          <Select
            {...attributes}
            value={timeZone}
            onChange={setTimeZone}
            options={[
              { value: detect, label: 'As the records say' },
              { value: 'UTC', label: 'UTC' },
              ...Intl.supportedValuesOf('timeZone')
                .filter((zone) => zone !== 'UTC')
                .map((zone) => ({ value: zone, label: zone })),
            ]}
          />
        )}
      </Field>
      {busy ? (
        <p id={waiting} role="status" className="muted">
          An import is running. This one can begin when it has finished or was cancelled.
        </p>
      ) : null}
      {picker}
    </Dialog>
  );
}
