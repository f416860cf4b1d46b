/** A range of addresses: the bits of its network, and how many of them count. */
export interface Cidr {
  readonly bits: string;
  readonly prefix: number;
}

/** Whether an address lies in a CIDR range, v4 or v6. Throws where one of them is neither. */
export function inRange(address: string, range: string): boolean {
  const own = addressBits(address);
  if (own === null) throw new Error(`${address} is no IP address`);
  const other = cidrOf(range);
  if (other === null) throw new Error(`${range} is no range`);
  return own.length === other.bits.length && own.startsWith(other.bits.slice(0, other.prefix));
}

/** A range as `address/length`; null where it is none. A v4 network written as v6 is v4. */
export function cidrOf(range: string): Cidr | null {
  const [network = '', length = '', ...more] = range.split('/');
  const bits = addressBits(network);
  if (bits === null || more.length > 0 || !/^(?:0|[1-9]\d{0,2})$/.test(length)) return null;
  const writtenAs6 = network.includes(':');
  const given = Number(length);
  if (given > (writtenAs6 ? 128 : 32)) return null;
  return { bits, prefix: writtenAs6 && bits.length === 32 ? Math.max(given - 96, 0) : given };
}

const v4 = /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/;
const mapped = `${'0'.repeat(80)}${'1'.repeat(16)}`;

/** The bits of an address as a text of 0 and 1; null where it is none. A v4 address written as v6 is v4. */
export function addressBits(address: string): string | null {
  if (v4.test(address)) return v4Bits(address);
  const bits = address.includes(':') ? v6Bits(address) : null;
  return bits?.startsWith(mapped) === true ? bits.slice(96) : bits;
}

function v4Bits(address: string): string | null {
  const parts = address.split('.').map(Number);
  return parts.some((part) => part > 255)
    ? null
    : parts.map((part) => part.toString(2).padStart(8, '0')).join('');
}

function v6Bits(address: string): string | null {
  const tailAt = address.lastIndexOf(':') + 1;
  const dotted = address.slice(tailAt);
  if (dotted.includes('.')) {
    const bits = v4.test(dotted) ? v4Bits(dotted) : null;
    if (bits === null) return null;
    const groups = [bits.slice(0, 16), bits.slice(16)].map((group) => Number.parseInt(group, 2).toString(16));
    return v6Bits(address.slice(0, tailAt) + groups.join(':'));
  }
  const halves = address.split('::');
  if (halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array.from({ length: Math.max(missing, 0) }, () => '0'), ...tail];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return null;
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}

/** An address from its bits as RFC 5952 writes it. */
export function addressText(bits: string): string {
  if (bits.length === 32) return groupsOf(bits, 8).join('.');
  const groups = groupsOf(bits, 16).map((group) => group.toString(16));
  const zeros = [...groups.join(':').matchAll(/(?<![\da-f])0(?::0)+(?![\da-f])/g)];
  const longest = zeros.reduce((one, [run]) => (run.length > one.length ? run : one), '');
  const text = groups.join(':');
  if (longest === '') return text;
  const at = zeros.find(([run]) => run === longest)?.index ?? 0;
  return `${text.slice(0, at).replace(/:$/, '')}::${text.slice(at + longest.length).replace(/^:/, '')}`;
}

function groupsOf(bits: string, length: number): number[] {
  return Array.from({ length: bits.length / length }, (_, index) =>
    Number.parseInt(bits.slice(index * length, (index + 1) * length), 2),
  );
}
