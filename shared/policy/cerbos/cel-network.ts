import { type CelFunc, celFunc, CelScalar } from '@bufbuild/cel';
import { addressBits, addressText, type Cidr, cidrOf, inRange } from '../../util/ip-range.ts';
import { any, method, plain, text } from './cel-define.ts';

function family(address: string): number {
  const bits = addressBits(address);
  if (bits === null) throw new Error(`${address} is no IP address`);
  return bits.length === 32 ? 4 : 6;
}

function range(value: unknown): Cidr {
  const found = cidrOf(text(value));
  if (found === null) throw new Error(`${text(value)} is no range`);
  return found;
}

const bitsOf = (value: unknown): string => {
  const bits = addressBits(text(value));
  if (bits === null) throw new Error(`${text(value)} is no IP address`);
  return bits;
};

/** Whether CEL takes a text for an address: a v4 address in the form of v6 is none to it. */
export function isAddress(value: string): boolean {
  const bits = addressBits(value);
  return bits !== null && !(bits.length === 32 && value.includes(':'));
}

/** Whether CEL takes a text for a range. */
export function isRange(value: string): boolean {
  return cidrOf(value) !== null && isAddress(value.split('/')[0] ?? '');
}

const addressOf = (value: string): string => {
  if (!isAddress(value)) throw new Error(`${value} is no IP address`);
  return addressText(bitsOf(value));
};
const rangeOf = (value: string): string => {
  if (!isRange(value)) throw new Error(`${value} is no range`);
  const { bits, prefix } = range(value);
  return `${addressText(bits)}/${prefix}`;
};

/** Addresses and ranges are their texts (the `network` extension of CEL, and `inIPAddrRange`). */
export function networks(): CelFunc[] {
  return [
    method('inIPAddrRange', (address, of) => inRange(text(address), text(of))),
    celFunc('ip', [CelScalar.STRING], any, addressOf),
    celFunc('isIP', [CelScalar.STRING], CelScalar.BOOL, isAddress),
    celFunc('isCIDR', [CelScalar.STRING], CelScalar.BOOL, isRange),
    celFunc('cidr', [CelScalar.STRING], any, rangeOf),
    plain('ip', (self) => addressText(range(self).bits)),
    plain('masked', (self) => {
      const { bits, prefix } = range(self);
      return `${addressText(bits.slice(0, prefix).padEnd(bits.length, '0'))}/${prefix}`;
    }),
    plain('family', (self) => BigInt(family(text(self)))),
    plain('isLoopback', (self) => /^(?:01111111.{24}|0{127}1)$/.test(bitsOf(self))),
    plain('isLinkLocalUnicast', (self) => /^(?:1010100111111110.{16}|1111111010.{118})$/.test(bitsOf(self))),
    plain('isLinkLocalMulticast', (self) => /^(?:1110{21}.{8}|1{8}.{4}0010.{112})$/.test(bitsOf(self))),
    plain('isUnspecified', (self) => /^0+$/.test(bitsOf(self))),
    method('containsIP', (self, address) => {
      const { bits, prefix } = range(self);
      const of = bitsOf(address);
      return of.length === bits.length && of.startsWith(bits.slice(0, prefix));
    }),
    method('containsCIDR', (self, other) => {
      const [outer, inner] = [range(self), range(other)];
      return (
        outer.bits.length === inner.bits.length &&
        outer.prefix <= inner.prefix &&
        inner.bits.startsWith(outer.bits.slice(0, outer.prefix))
      );
    }),
    plain('prefixLength', (self) => BigInt(range(self).prefix)),
  ];
}
