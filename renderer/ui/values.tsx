import { usePreferences } from '../state/context.ts';
import { escapedText } from './log-text.ts';
import { formatTime, timeParts } from './moments.ts';
import { formatBytes, formatCount } from './numbers.ts';
import { Tooltip } from './tooltip.tsx';
import './values.css';

interface TimeProps {
  readonly value: string;
  /** Where it is cut off, for narrow places; then the whole time stands on hover. */
  readonly to?: 'minute' | 'second' | 'millisecond';
}

const lengths = { minute: 5, second: 8, millisecond: 12 } as const;

/** A moment (RFC 3339) in the chosen zone, with its offset and the source's full precision. */
export function Time({ value, to }: TimeProps) {
  const zone = usePreferences((state) => state.timeZone);
  const parts = timeParts(value, zone);
  if (parts === null) return <span className="time">{escapedText(value)}</span>;
  const shown = to === undefined ? parts.time : parts.time.slice(0, lengths[to]);
  const isCut = shown !== parts.time;
  return (
    <time className="time" dateTime={value} title={isCut ? formatTime(value, zone) : undefined}>
      {parts.date} {shown}
      <span className="time-zone">{parts.offset}</span>
    </time>
  );
}

/** First and last moment; a dash where there is none. */
export function TimeRange({ from, to }: { readonly from: string | null; readonly to: string | null }) {
  const zone = usePreferences((state) => state.timeZone);
  if (from === null || to === null) return <span className="muted">–</span>;
  return (
    <span className="time">
      {formatTime(from, zone)} – {formatTime(to, zone)}
    </span>
  );
}

export function Count({ value }: { readonly value: number }) {
  return <span className="count">{formatCount(value)}</span>;
}

/** A size; the exact number of bytes on hover. */
export function Bytes({ value }: { readonly value: number }) {
  return (
    <span className="count" title={`${formatCount(value)} bytes`}>
      {formatBytes(value)}
    </span>
  );
}

interface ShortIdProps {
  readonly value: string;
  /** Characters to show. */
  readonly length?: number;
}

/** A long id with its middle left out; whole on hover, and whole when it is copied. */
export function ShortId({ value, length = 17 }: ShortIdProps) {
  const short = shortened(value, length);
  if (short === value) return <span className="short-id">{escapedText(value)}</span>;
  return (
    <Tooltip text={escapedText(value)} mono>
      <span
        className="short-id"
        onCopy={(event) => {
          event.preventDefault();
          event.clipboardData.setData('text/plain', value);
        }}
      >
        {escapedText(short)}
      </span>
    </Tooltip>
  );
}

/** The first and last characters with an ellipsis between them; at most `length` in all, and none of them halved. */
export function shortened(value: string, length: number): string {
  if (value.length <= length) return value;
  const tail = Math.floor((length - 1) / 2);
  const head = value.slice(0, length - 1 - tail).replace(/[\uD800-\uDBFF]$/, '');
  return `${head}…${value.slice(value.length - tail).replace(/^[\uDC00-\uDFFF]/, '')}`;
}
