/** Values of condition keys, as the operators of IAM read them. All give null for what they cannot read. */

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;

export function parseDecimal(text: string): number | null {
  const trimmed = text.trim();
  return decimal.test(trimmed) ? Number(trimmed) : null;
}

const isoDate =
  /^(\d{4})(?:-?(\d\d)(?:-?(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9})\d*)?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?)?)?$/i;

/**
 * A date as seconds since 1970: one of the W3C forms of ISO 8601 (year to fraction of a second, UTC where no zone is
 * given), or the seconds themselves.
 */
export function parseDate(text: string): number | null {
  const trimmed = text.trim();
  if (decimal.test(trimmed) && !/^\d{4}$/.test(trimmed)) return Number(trimmed);
  const match = isoDate.exec(trimmed);
  if (match === null) return null;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone] =
    match;
  const milliseconds = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(milliseconds)) return null;
  return milliseconds / 1000 + Number(`0.${fraction || '0'}`) - zoneSeconds(zone);
}

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const seconds = Number(zone.slice(1, 3)) * 3600 + Number(zone.length > 3 ? zone.slice(-2) : '0') * 60;
  return zone.startsWith('-') ? -seconds : seconds;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of a base64 text, each as a character of the same number. */
export function decodeBase64(text: string): string | null {
  const digits = text.replaceAll(/\s/g, '').replace(/={1,2}$/, '');
  if (digits.length % 4 === 1) return null;
  let bytes = '';
  let bits = 0;
  let held = 0;
  for (const digit of digits) {
    const value = alphabet.indexOf(digit);
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes += String.fromCharCode((bits >> held) & 0xff);
    }
  }
  return bytes;
}
