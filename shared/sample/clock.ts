const hourMs = 3_600_000;
const two: readonly string[] = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

/** One hour of the sample. */
export interface Hour {
  /** Start, milliseconds since 1970. */
  readonly start: number;
  readonly day: number;
  /** `2026-09-01T13:` */
  readonly prefix: string;
  /** How busy people are: 0 at night, about 1 in the middle of a working day. */
  readonly people: number;
  /** How busy programs are: they never rest. */
  readonly programs: number;
}

/** Share of the day's work that people do by hour of the day, UTC. */
const working = [
  0.01, 0.01, 0.01, 0.01, 0.02, 0.06, 0.25, 0.6, 0.9, 1, 1, 0.85, 0.7, 0.95, 1, 0.95, 0.75, 0.45, 0.2, 0.12,
  0.08, 0.05, 0.03, 0.02,
] as const;

export function hoursOf(start: number, days: number): readonly Hour[] {
  return Array.from({ length: days * 24 }, (_, index) => {
    const at = start + index * hourMs;
    const date = new Date(at);
    const weekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
    const share = working[date.getUTCHours()] ?? 0;
    return {
      start: at,
      day: Math.floor(index / 24),
      prefix: date.toISOString().slice(0, 14),
      people: weekend ? share * 0.06 : share,
      programs: 0.55 + (weekend ? 0.15 : 0.45) * share,
    };
  });
}

/** `2026-09-01T13:05:09`, without fraction and zone. `second` counts within the hour. */
export function secondText(hour: Hour, second: number): string {
  return `${hour.prefix}${two[Math.floor(second / 60)] ?? '59'}:${two[second % 60] ?? '59'}`;
}

/** RFC 3339 in whole seconds. */
export function timeText(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** `20260901T1305Z`, as CloudTrail names its files. */
export function compactMinute(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 16).replaceAll(/[-:]/g, '')}Z`;
}

/** `2026/09/01` */
export function datePath(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10).replaceAll('-', '/');
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `Sep 23, 2026, 2:58:11 AM`, as IAM writes times into CloudTrail's response elements. */
export function writtenTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  const hour = date.getUTCHours();
  const minutes = two[date.getUTCMinutes()] ?? '00';
  const seconds = two[date.getUTCSeconds()] ?? '00';
  return `${months[date.getUTCMonth()] ?? 'Jan'} ${date.getUTCDate()}, ${date.getUTCFullYear()}, ${hour % 12 || 12}:${minutes}:${seconds} ${hour < 12 ? 'AM' : 'PM'}`;
}
