/** An IPv4 address as two words of 16 bits, an IPv6 address as eight. */
export type Address = readonly number[];

export interface Range {
  readonly address: Address;
  readonly bits: number;
}

/** Reads an address; IPv4 within IPv6 (`::ffff:192.0.2.1`) is the IPv4 address. Null for anything else. */
export function parseAddress(text: string): Address | null {
  if (!text.includes(':')) return parseFour(text);
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return null;
  const front = words(head);
  const back = tail === undefined ? [] : words(tail);
  if (front === null || back === null) return null;
  const missing = 8 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...front, ...Array.from({ length: missing }, () => 0), ...back];
  const mapped = all.slice(0, 5).every((word) => word === 0) && all[5] === 0xffff;
  return mapped ? all.slice(6) : all;
}

/** Reads `address/bits`; an address alone is itself only. */
export function parseRange(text: string): Range | null {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const length = address.length * 16;
  if (slash < 0) return { address, bits: length };
  const suffix = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(suffix)) return null;
  const mapped = address.length === 2 && text.includes(':');
  const bits = Number(suffix) - (mapped ? 96 : 0);
  return bits >= 0 && bits <= length ? { address, bits } : null;
}

export function contains(range: Range, address: Address): boolean {
  if (range.address.length !== address.length) return false;
  let left = range.bits;
  for (let index = 0; left > 0; index++, left -= 16) {
    const mask = left >= 16 ? 0xffff : (0xffff << (16 - left)) & 0xffff;
    if (((range.address[index] ?? 0) & mask) !== ((address[index] ?? 0) & mask)) return false;
  }
  return true;
}

function parseFour(text: string): Address | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  const bytes = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  const [first = 256, second = 256, third = 256, fourth = 256] = bytes;
  return bytes.some((byte) => byte > 255) ? null : [(first << 8) | second, (third << 8) | fourth];
}

function words(text: string): number[] | null {
  if (text === '') return [];
  const found: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const four = index === parts.length - 1 && part.includes('.') ? parseFour(part) : null;
    if (four !== null) found.push(...four);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) found.push(Number.parseInt(part, 16));
    else return null;
  }
  return found;
}
