import { BuiltinProblem, refuse } from '../evaluate/problems.ts';
import {
  type Civil,
  civilOf,
  daysFrom,
  momentOf,
  months,
  offsetText,
  weekdayOf,
  weekdays,
  type Zone,
} from './calendar.ts';

/** Layouts of Go's `time` package (https://pkg.go.dev/time#pkg-constants): the reference time says what stands where. */

export const namedLayouts: Readonly<Record<string, string>> = {
  ANSIC: 'Mon Jan _2 15:04:05 2006',
  UnixDate: 'Mon Jan _2 15:04:05 MST 2006',
  RubyDate: 'Mon Jan 02 15:04:05 -0700 2006',
  RFC822: '02 Jan 06 15:04 MST',
  RFC822Z: '02 Jan 06 15:04 -0700',
  RFC850: 'Monday, 02-Jan-06 15:04:05 MST',
  RFC1123: 'Mon, 02 Jan 2006 15:04:05 MST',
  RFC1123Z: 'Mon, 02 Jan 2006 15:04:05 -0700',
  RFC3339: '2006-01-02T15:04:05Z07:00',
  RFC3339Nano: '2006-01-02T15:04:05.999999999Z07:00',
};

/** Longest first, as Go prefers them. */
const elements =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|Z07:00:00|Z070000|Z07:00|Z0700|Z07|-07:00:00|-070000|-07:00|-0700|-07|__2|_2006|_2|002|01|02|03|04|05|06|15|PM|pm|[.,]0+(?!\d)|[.,]9+(?!\d)|1|2|3|4|5/g;

interface Piece {
  readonly literal: string;
  readonly element: string | null;
}

function piecesOf(layout: string): Piece[] {
  const pieces: Piece[] = [];
  let last = 0;
  for (const match of layout.matchAll(elements)) {
    if (/^[.,]/.test(match[0]) && !/05$|5$/.test(layout.slice(0, match.index))) continue;
    pieces.push({ literal: layout.slice(last, match.index), element: match[0] });
    last = match.index + match[0].length;
  }
  pieces.push({ literal: layout.slice(last), element: null });
  return pieces;
}

export function formatTime(nanoseconds: bigint, zone: Zone, layout: string): string {
  const offset = zone.offsetAt(nanoseconds);
  const civil = civilOf(nanoseconds, offset);
  let text = '';
  for (const { literal, element } of piecesOf(layout)) {
    text += literal + (element === null ? '' : formatElement(element, civil, offset, zone, nanoseconds));
  }
  return text;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function formatElement(
  element: string,
  civil: Civil,
  offset: number,
  zone: Zone,
  nanoseconds: bigint,
): string {
  const { year, month, day, hour, minute, second, nanosecond } = civil;
  const twelve = hour % 12 === 0 ? 12 : hour % 12;
  const simple: Record<string, string> = {
    '2006': String(year).padStart(4, '0'),
    _2006: `_${String(year).padStart(4, '0')}`,
    '06': two(((year % 100) + 100) % 100),
    January: months[month - 1] ?? '',
    Jan: (months[month - 1] ?? '').slice(0, 3),
    '01': two(month),
    '1': String(month),
    Monday: weekdays[weekdayOf(civil)] ?? '',
    Mon: (weekdays[weekdayOf(civil)] ?? '').slice(0, 3),
    '02': two(day),
    _2: String(day).padStart(2, ' '),
    '2': String(day),
    '15': two(hour),
    '03': two(twelve),
    '3': String(twelve),
    '04': two(minute),
    '4': String(minute),
    '05': two(second),
    '5': String(second),
    PM: hour < 12 ? 'AM' : 'PM',
    pm: hour < 12 ? 'am' : 'pm',
  };
  if (element === 'MST') return zone.nameAt(nanoseconds);
  const found = simple[element];
  if (found !== undefined) return found;
  if (element === '002' || element === '__2') {
    const ofYear = daysFrom(year, month, day) - daysFrom(year, 1, 1) + 1;
    return String(ofYear).padStart(3, element === '002' ? '0' : ' ');
  }
  if (element.startsWith('Z') && offset === 0) return 'Z';
  if (/^[Z-]07/.test(element))
    return offsetText(offset, element.includes(':') ? ':' : '', element.length === 3);
  const digits = String(nanosecond)
    .padStart(9, '0')
    .slice(0, element.length - 1);
  if (element[1] === '0') return `${element[0]}${digits.padEnd(element.length - 1, '0')}`;
  const short = digits.replace(/0+$/, '');
  return short === '' ? '' : `${element[0]}${short}`;
}

interface Fields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  dayOfYear: number | null;
  afternoon: boolean | null;
  offset: number | null;
  zone: string | null;
}

/** Reads a text by a layout; without a zone in it the time is UTC. Throws `BuiltinProblem`. */
export function parseTime(layout: string, text: string): bigint {
  const problem = (): BuiltinProblem =>
    new BuiltinProblem(`parsing time "${text}" as "${layout}": cannot parse`);
  const fields: Fields = {
    year: 0,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    dayOfYear: null,
    afternoon: null,
    offset: null,
    zone: null,
  };
  let rest = text;
  const pieces = piecesOf(layout);
  for (const [index, { literal, element }] of pieces.entries()) {
    for (const character of literal) {
      // A blank of the layout stands for any number of them.
      if (character === ' ') rest = rest.replace(/^ +/, '');
      else if (rest.startsWith(character)) rest = rest.slice(character.length);
      else throw problem();
    }
    if (element === null) continue;
    const used = parseElement(element, rest, fields);
    if (used === null) throw problem();
    rest = rest.slice(used);
    // Fractions of seconds are read even where the layout has none.
    const fractionNext = /^[.,]/.test(pieces[index + 1]?.element ?? '') && pieces[index + 1]?.literal === '';
    if ((element === '05' || element === '5') && !fractionNext) {
      const fraction = /^[.,](\d+)/.exec(rest);
      if (fraction !== null && !/^[.,]/.test(pieces[index + 1]?.literal ?? '')) {
        fields.nanosecond = Number((fraction[1] ?? '').slice(0, 9).padEnd(9, '0'));
        rest = rest.slice(fraction[0].length);
      }
    }
  }
  if (rest !== '' || !isValid(fields)) throw problem();
  return assembled(fields);
}

function parseElement(element: string, rest: string, fields: Fields): number | null {
  const number = (pattern: RegExp, set: (value: number) => void): number | null => {
    const match = pattern.exec(rest);
    if (match === null) return null;
    set(Number(match[0].trim()));
    return match[0].length;
  };
  const name = (
    list: readonly string[],
    length: number | undefined,
    set: (index: number) => void,
  ): number | null => {
    const index = list.findIndex((word) =>
      rest.toLowerCase().startsWith(word.slice(0, length).toLowerCase()),
    );
    if (index === -1) return null;
    set(index);
    return (list[index] ?? '').slice(0, length).length;
  };
  switch (element) {
    case '2006':
      return number(/^\d{4}/, (value) => (fields.year = value));
    case '06':
      return number(/^\d{2}/, (value) => (fields.year = value >= 69 ? 1900 + value : 2000 + value));
    case 'January':
      return name(months, undefined, (index) => (fields.month = index + 1));
    case 'Jan':
      return name(months, 3, (index) => (fields.month = index + 1));
    case '01':
      return number(/^\d{2}/, (value) => (fields.month = value));
    case '1':
      return number(/^\d{1,2}/, (value) => (fields.month = value));
    case 'Monday':
      return name(weekdays, undefined, () => undefined);
    case 'Mon':
      return name(weekdays, 3, () => undefined);
    case '02':
      return number(/^\d{2}/, (value) => (fields.day = value));
    case '_2':
      return number(/^ ?\d{1,2}/, (value) => (fields.day = value));
    case '2':
      return number(/^\d{1,2}/, (value) => (fields.day = value));
    case '002':
      return number(/^\d{3}/, (value) => (fields.dayOfYear = value));
    case '15':
      return number(/^\d{1,2}/, (value) => (fields.hour = value));
    case '03':
      return number(/^\d{2}/, (value) => (fields.hour = value));
    case '3':
      return number(/^\d{1,2}/, (value) => (fields.hour = value));
    case '04':
      return number(/^\d{2}/, (value) => (fields.minute = value));
    case '4':
      return number(/^\d{1,2}/, (value) => (fields.minute = value));
    case '05':
      return number(/^\d{2}/, (value) => (fields.second = value));
    case '5':
      return number(/^\d{1,2}/, (value) => (fields.second = value));
    case 'PM':
    case 'pm': {
      const word = rest.slice(0, 2);
      if (word !== (element === 'PM' ? 'AM' : 'am') && word !== element) return null;
      fields.afternoon = word === element;
      return 2;
    }
    case 'MST': {
      const word = /^(?:[A-Z]{3,5}|GMT[+-]\d{1,2}|[+-]\d{2})/.exec(rest)?.[0];
      if (word === undefined) return null;
      fields.zone = word;
      return word.length;
    }
    default:
      return /^[.,]/.test(element)
        ? parseFraction(element, rest, fields)
        : parseOffset(element, rest, fields);
  }
}

function parseFraction(element: string, rest: string, fields: Fields): number | null {
  const match = /^[.,](\d+)/.exec(rest);
  if (element[1] === '9' && match === null) return 0;
  if (match === null || (element[1] === '0' && match[1]?.length !== element.length - 1)) return null;
  fields.nanosecond = Number((match[1] ?? '').slice(0, 9).padEnd(9, '0'));
  return match[0].length;
}

function parseOffset(element: string, rest: string, fields: Fields): number | null {
  if (element.startsWith('Z') && rest.startsWith('Z')) {
    fields.offset = 0;
    return 1;
  }
  const bare = element.slice(1);
  const pattern =
    bare === '07:00'
      ? /^([+-])(\d\d):(\d\d)/
      : bare === '0700'
        ? /^([+-])(\d\d)(\d\d)/
        : bare === '07'
          ? /^([+-])(\d\d)/
          : null;
  const match = pattern?.exec(rest);
  if (match === null || match === undefined) return null;
  const [whole, sign, hours = '0', minutes = '0'] = match;
  if (Number(hours) > 24 || Number(minutes) > 60) return null;
  fields.offset = (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
  return whole.length;
}

function isValid(fields: Fields): boolean {
  const { year, month, day, hour, minute, second, afternoon } = fields;
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return false;
  if (afternoon !== null && hour > 12) return false;
  const inMonth = daysFrom(year, month + 1, 1) - daysFrom(year, month, 1);
  return day >= 1 && day <= inMonth;
}

function assembled(fields: Fields): bigint {
  const { hour, afternoon, dayOfYear, offset, zone } = fields;
  const civil: Civil = {
    ...fields,
    ...(dayOfYear === null ? {} : { month: 1, day: dayOfYear }),
    hour: afternoon === null ? hour : (hour % 12) + (afternoon ? 12 : 0),
  };
  const moment = momentOf(civil);
  if (offset !== null) return moment - BigInt(offset) * 1_000_000_000n;
  // Go gives an abbreviation that it does not know the offset 0; what it knows depends on the machine's own zone.
  if (zone !== null && !['UTC', 'GMT'].includes(zone) && !zone.startsWith('GMT')) {
    throw refuse(`time zones by abbreviation (${zone})`);
  }
  return moment;
}
