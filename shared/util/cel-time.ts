import {
  type CelFunc,
  celEnv,
  celFunc,
  celMethod,
  CelScalar,
  celType,
  isCelError,
  parse,
  plan,
} from '@bufbuild/cel';

/** A timestamp or duration as CEL keeps it. */
interface Moment {
  readonly message: { readonly seconds: bigint; readonly nanos: number };
}

const environment = celEnv();
const typeOf = (expression: string) =>
  celType(plan(environment, parse(expression))({}) as Parameters<typeof celType>[0]);

/**
 * The parts of a timestamp, in UTC or in the zone that is named, whatever the zone of this machine is; and a
 * duration's milliseconds, which are all of it, as its seconds are (CEL language definition, "List of Standard
 * Definitions"). They stand in for the parser's own, which calculate with the clock of the machine.
 */
export function times(): CelFunc[] {
  const timestamp = typeOf('timestamp("1970-01-01T00:00:00Z")');
  const parts: Readonly<Record<string, (date: Date) => number>> = {
    getFullYear: (date) => date.getUTCFullYear(),
    getMonth: (date) => date.getUTCMonth(),
    getDate: (date) => date.getUTCDate(),
    getDayOfMonth: (date) => date.getUTCDate() - 1,
    getDayOfWeek: (date) => date.getUTCDay(),
    getDayOfYear: (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000),
    getHours: (date) => date.getUTCHours(),
    getMinutes: (date) => date.getUTCMinutes(),
    getSeconds: (date) => date.getUTCSeconds(),
    getMilliseconds: (date) => date.getUTCMilliseconds(),
  };
  const methods = Object.entries(parts).flatMap(([name, part]): CelFunc[] => [
    celMethod(name, timestamp, [], CelScalar.INT, function () {
      return BigInt(part(dateOf(this as unknown as Moment)));
    }),
    celMethod(name, timestamp, [CelScalar.STRING], CelScalar.INT, function (zone) {
      return BigInt(part(inZone(dateOf(this as unknown as Moment), zone)));
    }),
  ]);
  const milliseconds = celMethod('getMilliseconds', typeOf('duration("0s")'), [], CelScalar.INT, function () {
    const { seconds, nanos } = (this as unknown as Moment).message;
    return seconds * 1000n + BigInt(Math.trunc(nanos / 1_000_000));
  });
  const stamp = plan(
    environment,
    parse('timestamp("1970-01-01T00:00:00Z") + duration(string(seconds) + "s")'),
  );
  const ofSeconds = celFunc('timestamp', [CelScalar.INT], CelScalar.DYN, (seconds) => {
    const value = stamp({ seconds });
    if (isCelError(value)) throw value;
    return value;
  });
  const text = celFunc('string', [timestamp], CelScalar.STRING, (value) => {
    const { seconds, nanos } = (value as unknown as Moment).message;
    return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fraction(nanos)}Z`;
  });
  const length = celFunc('string', [typeOf('duration("0s")')], CelScalar.STRING, (value) => {
    const { seconds, nanos } = (value as unknown as Moment).message;
    const sign = seconds < 0n || nanos < 0 ? '-' : '';
    return `${sign}${String(seconds).replace('-', '')}${fraction(Math.abs(nanos))}s`;
  });
  return [...methods, milliseconds, ofSeconds, text, length];
}

/** Nanoseconds behind the point, without zeros at the end. */
function fraction(nanos: number): string {
  return nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
}

function dateOf({ message: { seconds, nanos } }: Moment): Date {
  return new Date(Number(seconds) * 1000 + Math.floor(nanos / 1_000_000));
}

const fixedOffset = /^([+-]?)(\d\d):(\d\d)$/;

/** The date whose UTC parts are those of the zone: `UTC`, `Europe/Berlin`, `+02:00`. */
function inZone(date: Date, zone: string): Date {
  const [whole, sign, hours, minutes] = fixedOffset.exec(zone) ?? [];
  if (whole !== undefined) {
    const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
    return new Date(date.getTime() + (sign === '-' ? -offset : offset));
  }
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = new Map(format.formatToParts(date).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return new Date(
    Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
      date.getUTCMilliseconds(),
    ),
  );
}
