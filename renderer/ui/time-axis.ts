import { type Zone, timeParts } from './moments.ts';

export interface Tick {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly label: string;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  1_000,
  5_000,
  15_000,
  30_000,
  ...[1, 5, 15, 30].map((count) => count * minute),
  ...[1, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14, 28, 56, 112, 364].map((count) => count * day),
];

/** At most `most` marks of a time axis, on round times of the chosen zone. */
export function timeTicks(fromMs: number, toMs: number, most: number, zone: Zone): Tick[] {
  const span = toMs - fromMs;
  const step = steps.find((candidate) => span / candidate <= most) ?? 364 * day;
  const offset = zone === 'utc' ? 0 : -new Date(fromMs).getTimezoneOffset() * minute;
  const ticks: Tick[] = [];
  for (let at = Math.ceil((fromMs + offset) / step) * step - offset; at <= toMs; at += step) {
    ticks.push({ at, label: tickText(at, step, zone) });
  }
  return ticks;
}

/** A mark's text, as short as the distance between marks allows: a date, or a time within it. */
function tickText(at: number, step: number, zone: Zone): string {
  const { date, time } = partsOf(at, zone);
  if (step >= day) return date.slice(5);
  return time === '00:00:00' ? date.slice(5) : time.slice(0, step < minute ? 8 : 5);
}

function partsOf(
  at: number,
  zone: Zone,
): { readonly date: string; readonly time: string; readonly offset: string } {
  const whole = new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000', '');
  return timeParts(whole, zone) ?? { date: whole.slice(0, 10), time: whole.slice(11, 19), offset: 'Z' };
}

/** A stretch of time as short as it is exact: `2026-05-03 06:00 – 12:00Z`, with seconds where it needs them. */
export function formatSpan(fromMs: number, toMs: number, zone: Zone): string {
  const [from, to] = [partsOf(fromMs, zone), partsOf(toMs, zone)];
  const digits = fromMs % minute === 0 && toMs % minute === 0 ? 5 : 8;
  const end = to.date === from.date ? '' : `${to.date} `;
  return `${from.date} ${from.time.slice(0, digits)} – ${end}${to.time.slice(0, digits)}${to.offset}`;
}

/** A bucket's length as people call it: `6 h`, `1 d`, `30 s`. */
export function formatStep(ms: number): string {
  for (const [size, unit] of [
    [day, 'd'],
    [hour, 'h'],
    [minute, 'min'],
    [1_000, 's'],
  ] as const) {
    if (ms >= size && ms % size === 0) return `${ms / size} ${unit}`;
  }
  return `${ms} ms`;
}

/** The start of a bucket as the contract's inclusive `from`. */
export function startOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** The last moment before a bucket's end, as the contract's inclusive `to`. */
export function lastBefore(ms: number): string {
  return new Date(ms - 1).toISOString().replace('Z', '999999Z');
}
