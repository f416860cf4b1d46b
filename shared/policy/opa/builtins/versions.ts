import type { BuiltinFunction } from '../evaluate/context.ts';
import { BuiltinProblem } from '../evaluate/problems.ts';
import { wholeNumber } from '../value/number.ts';
import { compareText } from '../value/text.ts';
import { type Entry, RegoObject, type Value } from '../value/value.ts';
import { hexBytes, hexText } from '#shared/util/base64.ts';
import { text } from './operands.ts';

/** Semantic versions (https://semver.org) and UUIDs (RFC 9562). */

interface Version {
  readonly numbers: readonly bigint[];
  readonly preRelease: readonly string[];
}

function parseVersion(written: string): Version | undefined {
  const match =
    /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/.exec(
      written,
    );
  if (match === null) return undefined;
  const [, major = '', minor = '', patch = '', preRelease] = match;
  if ([major, minor, patch].some((number) => number.length > 1 && number.startsWith('0'))) return undefined;
  const identifiers = preRelease?.split('.') ?? [];
  if (identifiers.some((identifier) => /^0\d+$/.test(identifier))) return undefined;
  return { numbers: [major, minor, patch].map(BigInt), preRelease: identifiers };
}

function version(args: readonly Value[], position: number): Version {
  const written = text(args, position);
  const found = parseVersion(written);
  if (found === undefined)
    throw new BuiltinProblem(`operand ${position + 1}: string "${written}" is not a valid SemVer`);
  return found;
}

function compare(first: Version, second: Version): number {
  for (const [index, number] of first.numbers.entries()) {
    const other = second.numbers[index] ?? 0n;
    if (number !== other) return number < other ? -1 : 1;
  }
  const [left, right] = [first.preRelease, second.preRelease];
  if (left.length === 0 || right.length === 0) return Math.sign(right.length - left.length);
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compareIdentifiers(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return Math.sign(left.length - right.length);
}

function compareIdentifiers(first: string, second: string): number {
  const [left, right] = [/^\d+$/.test(first), /^\d+$/.test(second)];
  if (left && right) return BigInt(first) < BigInt(second) ? -1 : BigInt(first) > BigInt(second) ? 1 : 0;
  if (left !== right) return left ? -1 : 1;
  return Math.sign(compareText(first, second));
}

const gregorianOffset = 122_192_928_000_000_000n;

/** The parts of a UUID; undefined for a text that is none. */
function parseUuid(written: string): Value | undefined {
  const match =
    /^(?:urn:uuid:)?\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i.exec(
      written,
    );
  const bytes = match === null ? undefined : hexBytes(match.slice(1).join(''));
  if (bytes === undefined) return undefined;
  const [high = 0, low = 0] = [bytes[8], bytes[9]];
  const variant = high < 0x80 ? 'NCS' : high < 0xc0 ? 'RFC4122' : high < 0xe0 ? 'Microsoft' : 'Future';
  const versionNumber = (bytes[6] ?? 0) >> 4;
  const entries: Entry[] = [
    ['version', versionNumber],
    ['variant', variant === 'NCS' ? 'Reserved' : variant],
  ];
  if (versionNumber === 1 || versionNumber === 2) {
    const view = new DataView(bytes.buffer);
    const time =
      (BigInt(view.getUint16(6) & 0x0fff) << 48n) |
      (BigInt(view.getUint16(4)) << 32n) |
      BigInt(view.getUint32(0));
    entries.push(
      ['time', wholeNumber((time - gregorianOffset) * 100n)],
      ['nodeid', Array.from(bytes.slice(10), (byte) => hexText(Uint8Array.of(byte))).join('-')],
      ['macvariables', macVariables(bytes[10] ?? 0)],
      ['clocksequence', ((high & 0x3f) << 8) | low],
    );
    if (versionNumber === 2) {
      entries.push(['id', view.getUint32(0)], ['domain', ['Person', 'Group', 'Org'][low] ?? `Domain${low}`]);
    }
  }
  return RegoObject.of(entries);
}

function macVariables(byte: number): string {
  const scope = (byte & 2) === 0 ? 'global' : 'local';
  return `${scope}:${(byte & 1) === 0 ? 'unicast' : 'multicast'}`;
}

export const versionBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  'semver.compare': (args) => compare(version(args, 0), version(args, 1)),
  'semver.is_valid': (args) => typeof args[0] === 'string' && parseVersion(args[0]) !== undefined,
  'uuid.parse': (args) => parseUuid(text(args, 0)),
};
