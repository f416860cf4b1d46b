import { type Bound, type FieldTest, literalOf } from './ast.ts';
import { compareAddresses, parseAddress, parseNetwork } from './address.ts';
import { type FieldKind, type QueryField, nearest } from './fields.ts';
import { ProblemError } from './problem.ts';
import type { Value } from './scanner.ts';
import { parseTimeSpan } from './time-span.ts';

/** What `field:value` asks; a problem where the field cannot be asked so. */
export function fieldTest(field: QueryField, value: Value): FieldTest {
  const { glob, quoted } = value;
  if (!quoted && glob.length === 1 && glob[0] === '*') return { kind: 'exists' };
  const literal = literalOf(glob);
  if (literal === null) {
    refuse(field, wildcardAdvice[field.kind], value);
    return { kind: 'glob', glob };
  }
  if (field.kind === 'time') {
    const bound = { text: checkedTime(literal, value), inclusive: true };
    return { kind: 'range', from: bound, to: bound };
  }
  if (field.kind === 'address' && !quoted && literal.includes('/')) {
    if (parseNetwork(literal) === null) {
      throw new ProblemError(
        `${literal} is no network. Write it as 10.0.0.0/8 or 2001:db8::/32.`,
        value.from,
        value.to,
      );
    }
    return { kind: 'network', network: literal };
  }
  if (field.kind === 'choice') checkChoice(field, literal, value);
  if (field.kind === 'id' && !/^[0-9a-f]{32}$/i.test(literal)) {
    throw new ProblemError('An event id has 32 hexadecimal digits.', value.from, value.to);
  }
  return { kind: 'glob', glob };
}

/** What `field:[a TO b]`, `field:>=a` and their like ask. */
export function rangeTest(field: QueryField, from: BoundValue | null, to: BoundValue | null): FieldTest {
  const [first, last] = [from, to].map((bound) => (bound === null ? null : checkedBound(field, bound)));
  if (field.kind === 'address' && from !== null && to !== null) {
    const order = compareAddresses(
      parseAddress(first?.text ?? '') ?? [],
      parseAddress(last?.text ?? '') ?? [],
    );
    if (Number.isNaN(order)) {
      throw new ProblemError(
        'Both ends of a range are IPv4, or both are IPv6.',
        from.value.from,
        to.value.to,
      );
    }
  }
  if ((first ?? null) === null && (last ?? null) === null) return { kind: 'exists' };
  return { kind: 'range', from: first ?? null, to: last ?? null };
}

export interface BoundValue {
  readonly value: Value;
  readonly inclusive: boolean;
}

function checkedBound(field: QueryField, { value, inclusive }: BoundValue): Bound {
  refuse(field, rangeAdvice[field.kind], value);
  const text = literalOf(value.glob);
  if (text === null) {
    throw new ProblemError(
      'The end of a range holds no wildcard; * alone leaves it open.',
      value.from,
      value.to,
    );
  }
  if (field.kind === 'time') checkedTime(text, value);
  if (field.kind === 'address' && parseAddress(text) === null) {
    throw new ProblemError(`${text} is no address.`, value.from, value.to);
  }
  return { text, inclusive };
}

function checkedTime(text: string, value: Value): string {
  if (parseTimeSpan(text) !== null) return text;
  throw new ProblemError(
    `“${text}” is no time. Write 2026-05-01, 2026-05-01T10:30 or 2026-05-01T10:30:00Z (UTC).`,
    value.from,
    value.to,
  );
}

function checkChoice(field: QueryField, text: string, value: Value): void {
  const values = field.values ?? [];
  if (values.includes(text.toLowerCase())) return;
  const meant = nearest(text, values);
  const advice = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new ProblemError(
    `${field.name} is never “${text}”.${advice} It is one of ${values.join(', ')}.`,
    value.from,
    value.to,
  );
}

type Advice = Readonly<Record<FieldKind, string | null>>;

const exactOnly = 'is kept as a hash: ask for a whole value, or with * whether there is one.';
const wildcardAdvice: Advice = {
  text: null,
  choice: null,
  address: null,
  time: 'takes no wildcard: write 2026-05 for a month, 2026-05-01 for a day, or a range [A TO B].',
  exact: exactOnly,
  id: 'takes whole ids only.',
};
const rangeAdvice: Advice = {
  text: null,
  choice: 'has no order: name the values, e.g. (allow OR deny).',
  address: null,
  time: null,
  exact: exactOnly,
  id: 'takes whole ids only.',
};

function refuse(field: QueryField, advice: string | null, value: Value): void {
  if (advice !== null) throw new ProblemError(`${field.name} ${advice}`, value.from, value.to);
}
