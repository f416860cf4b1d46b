/** A user agent without its versions: an update is no other program. */
export function programOf(userAgent: string): string {
  return userAgent.replaceAll(/\d[\d._-]*/g, '#').slice(0, 120);
}

/** The network of an address (/24, or /64 of IPv6): addresses change within one. Anything else is itself. */
export function networkOf(address: string): string {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  if (/^[0-9a-f:]+$/i.test(address) && address.includes(':')) {
    return `${expanded(address).slice(0, 4).join(':')}::/64`;
  }
  return address;
}

function expanded(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('::');
  const front = head === '' ? [] : head.split(':');
  if (tail === undefined) return front;
  const back = tail === '' ? [] : tail.split(':');
  return [
    ...front,
    ...Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0'),
    ...back,
  ];
}
