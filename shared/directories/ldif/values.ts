import { isObject } from '#shared/domain/json.ts';
import { looseBase64Bytes } from '#shared/util/base64.ts';
import { formatInstant, parseInstant } from '#shared/util/instant.ts';

/** Values of LDAP attributes. */

const never = 9_223_372_036_854_775_807n;
/** Seconds from 1601 to 1970. */
const epochOffset = 11_644_473_600n;

/** A FILETIME (hundreds of nanoseconds since 1601); null for 0 and for the largest number, which mean “never”. */
export function fileTime(text: string | null): string | null {
  if (text === null || !/^\d{1,19}$/.test(text)) return null;
  const ticks = BigInt(text);
  if (ticks === 0n || ticks >= never) return null;
  const micros = ticks / 10n - epochOffset * 1_000_000n;
  if (micros <= 0n || micros > 253_402_300_799_000_000n) return null;
  const whole = Number(micros);
  const nanos = Number(ticks % 10n) * 100;
  const digits = nanos === 0 && whole % 1e6 === 0 ? 0 : 7;
  return formatInstant({ micros: whole, nanos, digits });
}

/** GeneralizedTime (RFC 4517 §3.3.13), e.g. `20240501101112.0Z` or with an offset. */
export function generalizedTime(text: string | null): string | null {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?(?:[.,]\d+)?(Z|[+-]\d{2}(?:\d{2})?)$/i.exec(
    text ?? '',
  );
  if (match === null) return null;
  const [, year, month, day, hour, minute = '00', second = '00', zone = 'Z'] = match;
  const instant = parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone.toUpperCase()}`);
  return instant === null || instant.micros <= 0 ? null : formatInstant(instant);
}

/** `shadowExpire`: days since 1970; -1 for never. */
export function shadowDay(text: string | null): string | null {
  if (text === null || !/^\d{1,6}$/.test(text) || text === '0') return null;
  return formatInstant({ micros: Number(text) * 86_400e6, nanos: 0, digits: 0 });
}

/** `objectGUID` in its usual form: the first three parts are little-endian (MS-DTYP 2.3.4). */
export function guidText(value: unknown): string | null {
  if (typeof value === 'string')
    return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value) ? value.toLowerCase() : null;
  const bytes = bytesOf(value);
  if (bytes?.length !== 16) return null;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  const order = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15];
  return order.map((index) => (index === -1 ? '-' : hex[index])).join('');
}

/** `objectSid` as `S-1-5-21-…` (MS-DTYP 2.4.2). */
export function sidText(value: unknown): string | null {
  if (typeof value === 'string') return /^S-1-\d+(?:-\d+)*$/.test(value) ? value : null;
  const bytes = bytesOf(value);
  if (bytes === null || bytes.length < 8 || bytes.length !== 8 + (bytes[1] ?? 0) * 4) return null;
  let authority = 0;
  for (let index = 2; index < 8; index++) authority = authority * 256 + (bytes[index] ?? 0);
  const parts: number[] = [];
  for (let at = 8; at < bytes.length; at += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
    parts.push(a + b * 0x1_00 + c * 0x1_00_00 + d * 0x1_00_00_00);
  }
  return `S-${bytes[0]}-${authority}${parts.map((part) => `-${part}`).join('')}`;
}

function bytesOf(value: unknown): Uint8Array | null {
  if (isObject(value) && typeof value['base64'] === 'string')
    return looseBase64Bytes(value['base64']) ?? null;
  return null;
}
