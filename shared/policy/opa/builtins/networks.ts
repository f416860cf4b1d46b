import type { BuiltinFunction, Run } from '../evaluate/context.ts';
import { beyond, BuiltinProblem } from '../evaluate/problems.ts';
import { entriesOf, isArray, RegoSet, type Value } from '../value/value.ts';
import { items, text } from './operands.ts';

/** An address or a network: version, bits of the address, length of the prefix. */
interface Network {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly prefix: number;
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function groups(half: string): bigint[] | undefined {
  if (half === '') return [];
  const found: bigint[] = [];
  const parts = half.split(':');
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1 && part.includes('.')) {
      const v4 = parseV4(part);
      if (v4 === undefined) return undefined;
      found.push(v4 >> 16n, v4 & 0xffffn);
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) found.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return found;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = [groups(halves[0] ?? ''), halves.length === 2 ? groups(halves[1] ?? '') : []];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => 0n), ...tail];
  return all.reduce((value, group) => (value << 16n) | group, 0n);
}

function parseAddress(text: string): Network | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined) return { bits: 32, first: v4, prefix: 32 };
  const v6 = parseV6(text);
  if (v6 === undefined) return undefined;
  // An IPv4 address within IPv6 is the same address, as in Go.
  if (v6 >> 32n === 0xffffn) return { bits: 32, first: v6 & 0xffffffffn, prefix: 32 };
  return { bits: 128, first: v6, prefix: 128 };
}

function parseNetwork(text: string): Network | undefined {
  const at = text.indexOf('/');
  if (at === -1) return undefined;
  const written = text.slice(0, at);
  const length = text.slice(at + 1);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const bits = written.includes(':') ? 128 : 32;
  const address = bits === 32 ? parseV4(written) : parseV6(written);
  const prefix = Number(length);
  if (address === undefined || prefix > bits) return undefined;
  const shift = BigInt(bits - prefix);
  const first = (address >> shift) << shift;
  // A network of IPv4 addresses within IPv6 is the same network, as in Go.
  if (bits === 128 && prefix >= 96 && first >> 32n === 0xffffn)
    return { bits: 32, first: first & 0xffffffffn, prefix: prefix - 96 };
  return { bits, first, prefix };
}

function network(written: string): Network {
  const found = parseNetwork(written);
  if (found === undefined) throw new BuiltinProblem(`invalid CIDR address: ${written}`);
  return found;
}

function networkOrAddress(written: string): Network {
  const found = parseAddress(written) ?? parseNetwork(written);
  if (found === undefined)
    throw new BuiltinProblem(`not a valid textual representation of an IP address or CIDR: ${written}`);
  return found;
}

function lastOf({ first, bits, prefix }: Network): bigint {
  return first | ((1n << BigInt(bits - prefix)) - 1n);
}

function contains(outer: Network, inner: Network): boolean {
  return outer.bits === inner.bits && outer.first <= inner.first && lastOf(outer) >= lastOf(inner);
}

function addressText(bits: 32 | 128, value: bigint): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number((value >> BigInt(112 - index * 16)) & 0xffffn),
  );
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.start === -1) return hex.join(':');
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
}

const largestExpansion = 2n ** 20n;

function expand(args: readonly Value[], run: Run): Value {
  const { bits, first, prefix } = network(text(args, 0));
  const count = 1n << BigInt(bits - prefix);
  if (count > largestExpansion) throw beyond('the network is too large to list');
  run.charge(Number(count));
  return RegoSet.of(
    Array.from({ length: Number(count) }, (_, index) => addressText(bits, first + BigInt(index))),
  );
}

/** What OPA takes an address without prefix for: the network of its class (Go's `IP.DefaultMask`). */
function classOf(first: bigint): number {
  const byte = first >> 24n;
  return byte < 0x80n ? 8 : byte < 0xc0n ? 16 : 24;
}

interface Range {
  readonly first: bigint;
  readonly last: bigint;
  /** How it is written where nothing joins it. */
  readonly written: string | null;
}

const mapped = 0xffffn << 32n;

/** A network among all IPv6 addresses, where those of IPv4 lie at `::ffff:0:0/96`. */
function rangeOf(item: Value): Range {
  if (typeof item !== 'string') throw new BuiltinProblem('element must be string');
  const address = parseAddress(item);
  if (address?.bits === 128) throw new BuiltinProblem('IPv6 invalid: needs prefix length');
  const given = address === undefined ? network(item) : { ...address, prefix: classOf(address.first) };
  const shift = BigInt(given.bits - given.prefix);
  const start = { ...given, first: (given.first >> shift) << shift };
  const base = given.bits === 32 ? mapped : 0n;
  const written = `${addressText(given.bits, given.first)}/${given.prefix}`;
  return { first: base | start.first, last: base | lastOf(start), written };
}

/** The fewest networks that cover the same addresses. */
function merge(args: readonly Value[]): Value {
  const ranges = items(args, 0)
    .map(rangeOf)
    .toSorted((one, other) => (one.first < other.first ? -1 : one.first > other.first ? 1 : 0));
  const joined: Range[] = [];
  for (const range of ranges) {
    const before = joined.at(-1);
    if (before === undefined || range.first > before.last + 1n) joined.push(range);
    else {
      const last = before.last > range.last ? before.last : range.last;
      joined[joined.length - 1] = { first: before.first, last, written: null };
    }
  }
  return RegoSet.of(
    joined.flatMap(({ first, last, written }) => (written === null ? networksOf(first, last) : [written])),
  );
}

function networksOf(from: bigint, to: bigint): string[] {
  const found: string[] = [];
  let first = from;
  while (first <= to) {
    let prefix = 128;
    while (prefix > 0) {
      const size = 1n << BigInt(128 - prefix + 1);
      if (first % size !== 0n || first + size - 1n > to) break;
      prefix--;
    }
    const isV4 = prefix >= 96 && first >> 32n === 0xffffn;
    found.push(
      isV4
        ? `${addressText(32, first & 0xffffffffn)}/${prefix - 96}`
        : `${addressText(128, first)}/${prefix}`,
    );
    first += 1n << BigInt(128 - prefix);
  }
  return found;
}

type Keyed = readonly [key: Value, written: Value];

/** Networks with their keys; each is read only when it is compared. */
function keyed(value: Value | undefined, position: number): Keyed[] {
  if (typeof value === 'string') return [[value, value]];
  return [...entriesOf(value ?? null)].map(([key, member]) => {
    const written = isArray(member) ? member[0] : typeof member === 'string' ? member : undefined;
    if (written === undefined)
      throw new BuiltinProblem(`operand ${position + 1}: element must be string or non-empty array`);
    return [value instanceof RegoSet ? member : key, written];
  });
}

/** Pairs of the keys of networks and of what lies in them. */
function containsMatches(args: readonly Value[]): Value {
  return RegoSet.of(
    keyed(args[0], 0).flatMap(([outerKey, outer]) =>
      keyed(args[1], 1)
        .filter(([, inner]) => cidrContains([outer, inner]))
        .map(([innerKey]) => [outerKey, innerKey]),
    ),
  );
}

function cidrContains(args: readonly Value[]): boolean {
  return contains(network(text(args, 0)), networkOrAddress(text(args, 1)));
}

export const networkBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  'net.cidr_contains': cidrContains,
  'net.cidr_overlap': cidrContains,
  'net.cidr_contains_matches': containsMatches,
  'net.cidr_expand': expand,
  'net.cidr_intersects': (args) => {
    const [first, second] = [network(text(args, 0)), network(text(args, 1))];
    return contains(first, second) || contains(second, first);
  },
  'net.cidr_is_valid': (args) => typeof args[0] === 'string' && parseNetwork(args[0]) !== undefined,
  'net.cidr_merge': merge,
};
