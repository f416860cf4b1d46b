import type { Identity } from '#shared/domain/identity.ts';
import { usePreferences } from '../../../state/context.ts';
import { formatTitle } from '../../../ui/format-title.ts';
import { formatDuration, formatTime } from '../../../ui/moments.ts';
import { formatCount } from '../../../ui/numbers.ts';

interface DormancySentenceProps {
  readonly identity: Identity;
  readonly asOf: string | null;
}

/** Whether it is in use, since when not, and the logs on which that rests. */
export function DormancySentence({ identity, asOf }: DormancySentenceProps) {
  const zone = usePreferences((state) => state.timeZone);
  const { dormancy, coverage, lastSeen } = identity;
  const silence =
    lastSeen === null || asOf === null
      ? null
      : formatDuration((Date.parse(asOf) - Date.parse(lastSeen)) / 1000);
  const logs = coverage.sources.map(
    ({ format, account }) => formatTitle(format) + (account === null ? '' : ` of ${account}`),
  );
  return (
    <>
      <p>
        {said[dormancy]}
        {silence === null
          ? ''
          : ` Last sign of it ${silence} before ${asOf === null ? '' : formatTime(asOf, zone)}.`}{' '}
        {dormancy === 'active' ? '' : coverage.why}
      </p>
      <p className="muted">
        Logs that would show it: {logs.length === 0 ? 'none' : logs.join(', ')}; events on{' '}
        {formatCount(coverage.daysWithEvents)} of {formatCount(coverage.days)} days since{' '}
        {formatTime(coverage.from, zone)}.
      </p>
    </>
  );
}

const said = {
  active: 'It is in use.',
  dormant: 'It lies dormant.',
  'never-seen': 'It was never seen in use.',
  'cannot-know': 'Whether it lies dormant cannot be known.',
} as const satisfies Record<Identity['dormancy'], string>;
