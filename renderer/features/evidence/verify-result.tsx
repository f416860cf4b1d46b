import type { VerifyReport } from '#shared/ipc/views.ts';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { Properties } from '../../ui/properties.tsx';
import { Bytes, Count } from '../../ui/values.tsx';

/** The report of a verification: the verdict first, then what was checked and every problem. */
export function VerifyResult({ report }: { readonly report: VerifyReport }) {
  const { ok, evidence, offsets, custody, sources, problems } = report;
  return (
    <section className="verify-result" aria-label="Report" aria-live="polite">
      <h2>
        {ok ? <Badge tone="success">✓ intact</Badge> : <Badge tone="danger">✕ not intact</Badge>}{' '}
        {ok
          ? 'Everything is as it was taken in.'
          : 'Something differs from what was taken in. Do not rely on it until it is explained.'}
      </h2>
      <Properties
        entries={[
          [
            'Evidence',
            <span key="evidence">
              <Count value={evidence.files} /> files, <Bytes value={evidence.bytes} />, each with its recorded
              SHA-256
            </span>,
          ],
          [
            'Events',
            <span key="events">
              <Count value={offsets.events} /> read at their places
            </span>,
          ],
          [
            'Journal',
            <span key="journal">
              <Count value={custody.entries} /> entries, <Count value={custody.checkpoints} /> signed
              checkpoints
            </span>,
          ],
          [
            'Root hash',
            custody.rootHash === null ? null : (
              <span key="root" className="mono">
                {custody.rootHash}
              </span>
            ),
          ],
        ]}
      />
      {problems.length === 0 ? null : (
        <>
          <h3>Problems</h3>
          <ul className="verify-list">
            {problems.map(({ what, message }) => (
              <li key={`${what}${message}`}>
                <Badge tone="danger">{what}</Badge> <LogText text={message} />
              </li>
            ))}
          </ul>
        </>
      )}
      {sources.length === 0 ? null : (
        <>
          <h3>What the sources sign</h3>
          <ul className="verify-list">
            {sources.map(({ path, ok: holds, message }) => (
              <li key={path}>
                <Badge tone={holds === null ? 'neutral' : holds ? 'success' : 'danger'}>
                  {holds === null ? 'cannot know' : holds ? 'holds' : 'does not hold'}
                </Badge>{' '}
                <LogText text={path} />: <LogText text={message} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
