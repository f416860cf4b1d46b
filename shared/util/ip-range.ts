/** Whether an address lies in a CIDR range, v4 or v6. Throws where one of them is neither. */
export function inRange(address: string, range: string): boolean {
  const [network = '', length = ''] = range.split('/');
  const [own, other] = [bitsOf(address), bitsOf(network)];
  if (own === null) throw new Error(`${address} is no IP address`);
  const prefix = Number(length);
  if (other === null || !/^\d+$/.test(length) || prefix > other.length)
    throw new Error(`${range} is no range`);
  return own.length === other.length && own.slice(0, prefix) === other.slice(0, prefix);
}

/** The bits of an address as a text of 0 and 1; null where it is none. A v4 address written as v6 is v4. */
function bitsOf(address: string): string | null {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (/^\d+\.\d+\.\d+\.\d+$/.test(mapped ?? address)) return v4Bits(mapped ?? address);
  return address.includes(':') ? v6Bits(address) : null;
}

function v4Bits(address: string): string | null {
  const parts = address.split('.').map(Number);
  return parts.some((part) => part > 255)
    ? null
    : parts.map((part) => part.toString(2).padStart(8, '0')).join('');
}

function v6Bits(address: string): string | null {
  const halves = address.split('::');
  if (halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array.from({ length: Math.max(missing, 0) }, () => '0'), ...tail];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return null;
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}
