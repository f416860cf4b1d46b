import type { BuiltinFunction } from '../evaluate/context.ts';
import { BuiltinProblem, refuse } from '../evaluate/problems.ts';
import { toBigInt, wholeNumber } from '../value/number.ts';
import { isArray, isNumber, type Value } from '../value/value.ts';
import { civilOf, momentOf, utc, weekdayOf, weekdays, type Zone, zoneNamed } from './calendar.ts';
import { formatTime, namedLayouts, parseTime } from './layouts.ts';
import { any, integer, number, text } from './operands.ts';

const limit = 2n ** 63n;

function moment(value: Value | undefined): bigint {
  if (!isNumber(value)) throw new BuiltinProblem('operand 1 must be one of {number, array(number, string)}');
  const whole = toBigInt(value);
  if (whole === undefined) throw new BuiltinProblem('timestamp must be an integer');
  return inRange(whole);
}

function inRange(whole: bigint): bigint {
  if (whole >= limit || whole < -limit) throw new BuiltinProblem('time outside of valid range');
  return whole;
}

function zone(name: Value | undefined): Zone {
  if (name === undefined) return utc;
  if (typeof name !== 'string') throw new BuiltinProblem('the time zone must be a string');
  if (name === 'Local') throw refuse("the server's own time zone");
  return zoneNamed(name);
}

interface Given {
  readonly at: bigint;
  readonly zone: Zone;
  readonly layout: string | null;
}

/** A timestamp alone, or with a zone, or with zone and layout. */
function given(args: readonly Value[], position: number): Given {
  const value = any(args, position);
  if (!isArray(value)) return { at: moment(value), zone: utc, layout: null };
  const [at, name, layout] = value;
  if (layout !== undefined && typeof layout !== 'string')
    throw new BuiltinProblem('the layout must be a string');
  return { at: moment(at), zone: zone(name), layout: layout ?? null };
}

function civil({ at, zone }: Given): ReturnType<typeof civilOf> {
  return civilOf(at, zone.offsetAt(at));
}

const durationUnits: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** A duration as Go's `time.ParseDuration` reads it, e.g. `-1.5h`. */
function parseDuration(written: string): bigint {
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/u.exec(written);
  if (written === '0' || written === '+0' || written === '-0') return 0n;
  if (match === null) throw new BuiltinProblem(`time: invalid duration "${written}"`);
  let total = 0n;
  for (const part of (match[2] ?? '').matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/gu)) {
    const [, whole = '', fraction = '', unit = 's'] = part;
    const size = durationUnits[unit] ?? 0n;
    total += BigInt(whole || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
  }
  return inRange(match[1] === '-' ? -total : total);
}

function addDate(args: readonly Value[]): Value {
  const at = moment(number(args, 0));
  const now = civilOf(at, 0);
  const [years, months, days] = [integer(args, 1), integer(args, 2), integer(args, 3)];
  if ([years, months, days].some((count) => Math.abs(count) > 1_000_000)) {
    throw new BuiltinProblem('time outside of valid range');
  }
  const moved = { ...now, year: now.year + years, month: now.month + months, day: now.day + days };
  return wholeNumber(inRange(momentOf(moved)));
}

/** Years, months, days, hours, minutes and seconds between two moments. */
function difference(args: readonly Value[]): Value {
  const [first, second] = [given(args, 0), given(args, 1)];
  const [from, to] = first.at <= second.at ? [first, second] : [second, first];
  // Both are told in the first one's zone.
  const begin = civilOf(from.at, first.zone.offsetAt(from.at));
  const end = civilOf(to.at, first.zone.offsetAt(to.at));
  let years = end.year - begin.year;
  let months = end.month - begin.month;
  let days = end.day - begin.day;
  let hours = end.hour - begin.hour;
  let minutes = end.minute - begin.minute;
  let seconds = end.second - begin.second;
  if (seconds < 0) {
    seconds += 60;
    minutes--;
  }
  if (minutes < 0) {
    minutes += 60;
    hours--;
  }
  if (hours < 0) {
    hours += 24;
    days--;
  }
  if (days < 0) {
    const start = momentOf({ ...begin, day: 1 });
    const next = momentOf({ ...begin, day: 1, month: begin.month + 1 });
    days += Number((next - start) / 86_400_000_000_000n);
    months--;
  }
  if (months < 0) {
    months += 12;
    years--;
  }
  return [years, months, days, hours, minutes, seconds];
}

export const timeBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  'time.parse_ns': (args) => {
    const layout = text(args, 0);
    return wholeNumber(inRange(parseTime(namedLayouts[layout] ?? layout, text(args, 1))));
  },
  'time.parse_rfc3339_ns': (args) =>
    wholeNumber(inRange(parseTime(namedLayouts['RFC3339'] ?? '', text(args, 0)))),
  'time.parse_duration_ns': (args) => wholeNumber(parseDuration(text(args, 0))),
  'time.format': (args) => {
    const { at, zone, layout } = given(args, 0);
    const named = layout === null || layout === '' ? 'RFC3339Nano' : layout;
    return formatTime(at, zone, namedLayouts[named] ?? named);
  },
  'time.date': (args) => {
    const { year, month, day } = civil(given(args, 0));
    return [year, month, day];
  },
  'time.clock': (args) => {
    const { hour, minute, second } = civil(given(args, 0));
    return [hour, minute, second];
  },
  'time.weekday': (args) => weekdays[weekdayOf(civil(given(args, 0)))],
  'time.add_date': addDate,
  'time.diff': difference,
};
