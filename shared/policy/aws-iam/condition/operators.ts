import type { Tri } from '../tri.ts';
import { splitArn } from '../match/arn.ts';
import { Glob, type Piece, star } from '../match/glob.ts';
import { fill, isVariable, parseTemplate } from '../match/template.ts';
import { contains, parseAddress, parseRange } from './ip.ts';
import { decodeBase64, parseDate, parseDecimal } from './values.ts';

export type ValueOf = (key: string) => string | null | undefined;

export interface TestOutcome {
  readonly result: Tri;
  /** The policy's value with its variables filled in. */
  readonly resolved?: string;
  readonly why?: string;
}

/** One value of a policy's condition, compiled. */
export interface ValueTest {
  readonly text: string;
  readonly keys: readonly string[];
  test(actual: string, valueOf: ValueOf): TestOutcome;
}

interface Operator {
  readonly name: string;
  /** Values combine as "none of them" instead of "one of them". */
  readonly negated: boolean;
  /** Compiles a value of the policy; null where the operator cannot read it. */
  readonly compile: (text: string, variables: boolean) => ValueTest | null;
}

const yes: TestOutcome = { result: true };
const no: TestOutcome = { result: false };

function fixed(text: string, holds: (actual: string) => boolean): ValueTest {
  return { text, keys: [], test: (actual) => (holds(actual) ? yes : no) };
}

/** Operators that compare with text, in which variables may stand. */
function textual(
  wildcards: boolean,
  compare: (pieces: readonly Piece[], text: string) => (actual: string) => Tri,
): Operator['compile'] {
  return (text, variables) => {
    const template = parseTemplate(text, wildcards, variables);
    const keys = template.filter(isVariable).map((piece) => piece.key);
    if (keys.length === 0) {
      const filled = template as readonly Piece[];
      const holds = compare(filled, filled.map((piece) => (typeof piece === 'string' ? piece : '')).join(''));
      return { text, keys, test: (actual) => outcome(holds(actual)) };
    }
    const test = (actual: string, valueOf: ValueOf): TestOutcome => {
      const filled = fill(template, valueOf);
      if (filled.state === 'filled') {
        return { ...outcome(compare(filled.pieces, filled.text)(actual)), resolved: filled.text };
      }
      // A variable without a value is like and equal to nothing (IAM User Guide, "Policy variables with no value").
      const why = `\${${filled.variable.name}} ${filled.state === 'missing' ? 'has no value' : 'is not known'}`;
      return { result: filled.state === 'missing' ? false : 'unknown', why };
    };
    return { text, keys, test };
  };
}

function outcome(result: Tri): TestOutcome {
  if (result === 'unknown')
    return { result, why: 'How AWS matches an ARN pattern of fewer than six parts is not documented.' };
  return result ? yes : no;
}

const equals = textual(false, (_pieces, text) => (actual) => actual === text);
const equalsIgnoringCase = textual(false, (_pieces, text) => {
  const lower = text.toLowerCase();
  return (actual) => actual.toLowerCase() === lower;
});
const like = textual(true, (pieces) => {
  const glob = new Glob(pieces);
  return (actual) => glob.matches(actual);
});

/** Each of the six parts for itself; the resource part may have colons of its own. */
const arnLike: Operator['compile'] = (text, variables) => {
  const segments = segmentsOf(text);
  if (text === '*') return fixed(text, () => true);
  if (segments.length < 6) return wholeArnLike(text, variables);
  const tests = segments.map((segment) => like(segment, variables));
  const keys = tests.flatMap((test) => test?.keys ?? []);
  return {
    text,
    keys,
    test: (actual, valueOf) => {
      const parts = splitArn(actual);
      if (parts.length < 6) return no;
      let result: Tri = true;
      let why: string | undefined;
      const resolved: string[] = [];
      for (const [index, segment] of tests.entries()) {
        const found = segment?.test(parts[index] ?? '', valueOf) ?? no;
        resolved.push(found.resolved ?? segment?.text ?? '');
        if (found.result === true) continue;
        why ??= found.why;
        if (found.result === false) result = false;
        else if (result === true) result = 'unknown';
      }
      const base = keys.length === 0 ? { result } : { result, resolved: resolved.join(':') };
      return why === undefined ? base : { ...base, why };
    },
  };
};

/** Fewer than six parts as written: a variable may bring the others, as one whose value is an ARN. */
function wholeArnLike(text: string, variables: boolean): ValueTest | null {
  return textual(true, (pieces) => {
    const parts = splitPieces(pieces);
    if (parts.length < 6) {
      const open = pieces.at(-1) === star;
      return () => (open ? 'unknown' : false);
    }
    const globs = parts.map((part) => new Glob(part));
    return (actual) => {
      const found = splitArn(actual);
      return found.length === 6 && globs.every((glob, index) => glob.matches(found[index] ?? ''));
    };
  })(text, variables);
}

/** As `splitArn`, of text with wildcards in it. */
function splitPieces(pieces: readonly Piece[]): Piece[][] {
  const parts: Piece[][] = [[]];
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      parts.at(-1)?.push(piece);
      continue;
    }
    const [first = '', ...others] = piece.split(':');
    parts.at(-1)?.push(first);
    for (const other of others) {
      if (parts.length < 6) parts.push([other]);
      else parts.at(-1)?.push(`:${other}`);
    }
  }
  return parts;
}

/** Colons within `${…}` divide nothing. */
function segmentsOf(text: string): string[] {
  const hidden = text.replaceAll(/\$\{[^}]*\}/g, (variable) => variable.replaceAll(':', '\u0000'));
  return splitArn(hidden).map((part) => part.replaceAll('\u0000', ':'));
}

function ordered(
  parse: (text: string) => number | null,
  holds: (actual: number, expected: number) => boolean,
) {
  return (text: string): ValueTest | null => {
    const expected = parse(text);
    if (expected === null) return null;
    return fixed(text, (actual) => {
      const value = parse(actual);
      return value !== null && holds(value, expected);
    });
  };
}

const ipAddress = (text: string): ValueTest | null => {
  const range = parseRange(text.trim());
  if (range === null) return null;
  return fixed(text, (actual) => {
    const address = parseAddress(actual.trim());
    return address !== null && contains(range, address);
  });
};

const binary = (text: string): ValueTest | null => {
  const bytes = decodeBase64(text);
  return bytes === null ? null : fixed(text, (actual) => decodeBase64(actual) === bytes);
};

const nullCheck = (text: string): ValueTest | null => {
  const wanted = text.trim().toLowerCase();
  // The caller asks with `true` where the key is absent.
  return wanted === 'true' || wanted === 'false' ? fixed(text, (absent) => absent === wanted) : null;
};

const comparisons: Readonly<Record<string, (actual: number, expected: number) => boolean>> = {
  Equals: (actual, expected) => actual === expected,
  LessThan: (actual, expected) => actual < expected,
  LessThanEquals: (actual, expected) => actual <= expected,
  GreaterThan: (actual, expected) => actual > expected,
  GreaterThanEquals: (actual, expected) => actual >= expected,
};

function comparisonsOf(family: string, parse: (text: string) => number | null): Operator[] {
  const named = Object.entries(comparisons).map(([name, holds]) => ({
    name: `${family}${name}`,
    negated: false,
    compile: ordered(parse, holds),
  }));
  const same = ordered(parse, (actual, expected) => actual === expected);
  return [...named, { name: `${family}NotEquals`, negated: true, compile: same }];
}

function pair(positive: string, negative: string, compile: Operator['compile']): Operator[] {
  return [
    { name: positive, negated: false, compile },
    { name: negative, negated: true, compile },
  ];
}

/**
 * Every condition operator, by its name in lower case (IAM User Guide, "IAM JSON policy elements: Condition
 * operators"). Where two pages of the guide differ on variables in `Bool`, the operators' own page is followed.
 */
export const operators: ReadonlyMap<string, Operator> = new Map(
  [
    ...pair('StringEquals', 'StringNotEquals', equals),
    ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalsIgnoringCase),
    ...pair('StringLike', 'StringNotLike', like),
    ...comparisonsOf('Numeric', parseDecimal),
    ...comparisonsOf('Date', parseDate),
    { name: 'Bool', negated: false, compile: equalsIgnoringCase },
    { name: 'BinaryEquals', negated: false, compile: binary },
    ...pair('IpAddress', 'NotIpAddress', ipAddress),
    ...pair('ArnEquals', 'ArnNotEquals', arnLike),
    ...pair('ArnLike', 'ArnNotLike', arnLike),
    { name: 'Null', negated: false, compile: nullCheck },
  ].map((operator) => [operator.name.toLowerCase(), operator]),
);
