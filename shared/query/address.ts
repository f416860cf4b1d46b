/** An IP address as numbers: one of 32 bits for IPv4, four for IPv6, high bits first. */
export type Address = readonly number[];

export interface Network {
  readonly address: Address;
  readonly prefix: number;
}

/** Reads an IPv4 or IPv6 address (RFC 4291 section 2.2); an IPv4-mapped one is its IPv4 address. Null for anything else. */
export function parseAddress(text: string): Address | null {
  if (text.length > 45) return null;
  return text.includes(':') ? parseVersion6(text) : parseVersion4(text);
}

/** Reads CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3). Bits below the prefix do not matter. */
export function parseNetwork(text: string): Network | null {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = match?.[1] === undefined ? null : parseAddress(match[1]);
  if (address === null) return null;
  const mapped = address.length === 1 && text.includes(':');
  const prefix = Number(match?.[2]) - (mapped ? 96 : 0);
  return prefix >= 0 && prefix <= address.length * 32 ? { address, prefix } : null;
}

/** Whether the address lies in the network; never across the two versions. */
export function inNetwork(address: Address, network: Network): boolean {
  if (address.length !== network.address.length) return false;
  let bits = network.prefix;
  for (const [index, word] of address.entries()) {
    if (bits <= 0) return true;
    const mask = bits >= 32 ? 0xff_ff_ff_ff : (0xff_ff_ff_ff << (32 - bits)) >>> 0;
    if (((word ^ (network.address[index] ?? 0)) & mask) !== 0) return false;
    bits -= 32;
  }
  return true;
}

/** Order of two addresses of one version; NaN across versions. */
export function compareAddresses(first: Address, second: Address): number {
  if (first.length !== second.length) return Number.NaN;
  for (const [index, word] of first.entries()) {
    const difference = word - (second[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function parseVersion4(text: string): Address | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const bytes = match.slice(1).map(Number);
  if (bytes.some((byte) => byte > 255)) return null;
  return [bytes.reduce((value, byte) => value * 256 + byte, 0)];
}

function parseVersion6(text: string): Address | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = groupsOf(halves[1] ?? '', true);
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  const words = [0, 2, 4, 6].map((at) => (groups[at] ?? 0) * 65536 + (groups[at + 1] ?? 0));
  const [first, second, third, fourth = 0] = words;
  return first === 0 && second === 0 && third === 0xffff ? [fourth] : words;
}

/** The 16-bit groups of a part of an IPv6 address; the end of the address may be written as IPv4. */
function groupsOf(text: string, isEnd: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const pieces = text.split(':');
  for (const [index, piece] of pieces.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(piece)) {
      groups.push(Number.parseInt(piece, 16));
      continue;
    }
    const [word] = isEnd && index === pieces.length - 1 ? (parseVersion4(piece) ?? []) : [];
    if (word === undefined) return null;
    groups.push(word >>> 16, word & 0xffff);
  }
  return groups;
}
