import { type CelFunc, celFunc, CelScalar } from '@bufbuild/cel';
import { addressBits, type Cidr, cidrOf, inRange } from '../../util/ip-range.ts';
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

/** Addresses and ranges are their texts (the `network` extension of CEL, and `inIPAddrRange`). */
export function networks(): CelFunc[] {
  return [
    method('inIPAddrRange', (address, of) => inRange(text(address), text(of))),
    celFunc('ip', [CelScalar.STRING], any, (value) => {
      family(value);
      return value;
    }),
    celFunc('isIP', [CelScalar.STRING], CelScalar.BOOL, (value) => addressBits(value) !== null),
    celFunc('isCIDR', [CelScalar.STRING], CelScalar.BOOL, (value) => cidrOf(value) !== null),
    celFunc('cidr', [CelScalar.STRING], any, (value) => {
      range(value);
      return value;
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
