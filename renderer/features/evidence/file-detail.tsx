import { withFilter } from '#shared/query/edit.ts';
import { useHref } from '../../state/context.ts';

import { useRequest } from '../../state/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Properties } from '../../ui/properties.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { Bytes, Count, Time } from '../../ui/values.tsx';
import { fileId, isCutShort, Status } from './files-table.tsx';
import { formatTitle } from '../../ui/format-title.ts';

/** One evidence file: where it comes from, what it is, and what became of every one of its records. */
export function FileDetail({ id }: { readonly id: string }) {
  const copy = useCopy();
  const { value, error, reload } = useRequest('evidence.list', {});
  const file = value?.find((item) => fileId(item) === id);
  const eventsHref = useHref({
    view: 'events',
    query: withFilter('', 'evidence.sha256', file?.sha256 ?? '', false),
  });
  if (error !== null) return <ErrorState what="The file could not be read" error={error} onRetry={reload} />;
  if (value === null) return <Loading what="the file" />;
  if (file === undefined) {
    return <EmptyState title="This file is not in the case">The case may have changed since.</EmptyState>;
  }
  const { records, events, duplicates, rejected, leftOut } = file;
  return (
    <div className="file-detail">
      <Properties
        entries={[
          ['File', <LogText key="path" text={file.path} />],
          ['Within', file.parent === null ? null : <LogText key="parent" text={file.parent} />],
          ['Status', <Status key="status" file={file} />],
          ['Why', file.reason === null ? null : <LogText key="reason" text={file.reason} />],
          ['Format', formatTitle(file.format)],
          ['Encoding', file.encoding],
          ['Size', <Bytes key="bytes" value={file.bytes} />],
          [
            'SHA-256',
            <span key="sha256" className="mono">
              {file.sha256}
            </span>,
          ],
          ['First event', file.from === null ? null : <Time key="from" value={file.from} />],
          ['Last event', file.to === null ? null : <Time key="to" value={file.to} />],
          ['Imported', <Time key="imported" value={file.importedAt} />],
        ]}
      />
      <table className="sums">
        <caption>
          {isCutShort(file)
            ? 'Not all of this file could be read. Of what could be, every record is accounted for.'
            : records === events + duplicates + rejected
              ? 'Every record is accounted for.'
              : 'The import of this file is not finished; run it again to continue.'}
        </caption>
        <tbody>
          <Sum name="Records" value={records} />
          <Sum name="Events" value={events} />
          <Sum name="Duplicates" value={duplicates} />
          <Sum name="Rejected" value={rejected} />
        </tbody>
      </table>
      {leftOut.length === 0 ? null : (
        <section aria-label="Left out">
          <h3>Left out</h3>
          <ul className="left-out">
            {leftOut.map(({ reason, records: count }) => (
              <li key={reason}>
                <LogText text={reason} />
                {count === 0 ? null : (
                  <span className="muted">
                    {' · '}
                    <Count value={count} /> {count === 1 ? 'record' : 'records'}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="state-actions">
        <Button icon="copy" onClick={() => copy(file.sha256, 'SHA-256')}>
          Copy SHA-256
        </Button>
        {events === 0 ? null : (
          <a className="button" href={eventsHref}>
            Show its events
          </a>
        )}
      </div>
    </div>
  );
}

function Sum({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <Count value={value} />
      </td>
    </tr>
  );
}
