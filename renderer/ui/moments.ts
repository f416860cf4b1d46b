import { parseInstant } from '#shared/util/instant.ts';

export type Zone = 'utc' | 'local';

/** A moment as people read it: date, time with the source's own precision, and the zone's offset. */
export interface TimeParts {
  readonly date: string;
  readonly time: string;
  /** `Z` or e.g. `+02:00`. */
  readonly offset: string;
}

/** Null where the text is no RFC 3339 time. */
export function timeParts(text: string, zone: Zone): TimeParts | null {
  const instant = parseInstant(text);
  if (instant === null) return null;
  const moment = new Date(Math.floor(instant.micros / 1000));
  const minutes = zone === 'utc' ? 0 : -moment.getTimezoneOffset();
  const shifted = new Date(moment.getTime() + minutes * 60_000).toISOString();
  const nanos = (instant.micros - Math.floor(instant.micros / 1e6) * 1e6) * 1000 + instant.nanos;
  const fraction = instant.digits === 0 ? '' : `.${String(nanos).padStart(9, '0').slice(0, instant.digits)}`;
  return {
    date: shifted.slice(0, shifted.indexOf('T')),
    time: shifted.slice(shifted.indexOf('T') + 1).slice(0, 8) + fraction,
    offset: zone === 'utc' ? 'Z' : formatOffset(minutes),
  };
}

export function formatTime(text: string, zone: Zone): string {
  const parts = timeParts(text, zone);
  return parts === null ? text : `${parts.date} ${parts.time}${parts.offset}`;
}

/** The offset of the chosen zone at a moment, e.g. `+02:00`. */
function formatOffset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '−' : '+'}${two(size / 60)}:${two(size % 60)}`;
}

/** The machine's own offset now, e.g. `+02:00`. */
export function localOffset(): string {
  return formatOffset(-new Date().getTimezoneOffset());
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A length of time in words, its two largest units: `2 days 4 hours`, `42 seconds`, `less than a second`. */
export function formatDuration(seconds: number): string {
  if (!(seconds >= 1)) return 'less than a second';
  let rest = Math.round(seconds);
  const words: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
    // Only neighbours go together: "1 day 3 seconds" would claim a precision that nobody reads.
    else if (words.length > 0) break;
    if (words.length === 2) break;
  }
  return words.join(' ');
}

/** Time left as a clock, for places too narrow for words: `0:42`, `1:04:00`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(whole % 60)}`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
