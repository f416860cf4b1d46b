/**
 * Types as the checker of CEL has them (language definition, "Gradual Type Checking"). `dyn` is anything at all,
 * `free` the item of an empty list, which takes any type once; a name with `'` is a parameter of an overload.
 */
export interface Type {
  readonly name: string;
  readonly of: readonly Type[];
}

/** Reads `map(string, list(dyn))`. */
export function typeOf(text: string): Type {
  const [, name = '', inner] = /^([^(]+)(?:\((.*)\))?$/.exec(text.trim()) ?? [];
  return { name, of: inner === undefined ? [] : split(inner).map(typeOf) };
}

/** At the commas or blanks that stand outside brackets. */
export function split(text: string, at: ',' | ' ' = ','): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === at && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

export function show({ name, of }: Type): string {
  if (name === 'free') return 'dyn';
  return of.length === 0 ? name : `${name}(${of.map(show).join(', ')})`;
}

export const dyn = typeOf('dyn');
export const free = typeOf('free');

/** Values that may be null beside what their type says: everything but these. */
const neverNull = new Set(['bool', 'int', 'uint', 'double', 'string', 'bytes', 'list', 'map', 'type']);

/** The type of what may be of one type or of the other; null where there is no such type. */
export function join(one: Type, other: Type): Type | null {
  if (one.name === 'dyn' || other.name === 'dyn') return dyn;
  if (one.name === 'free') return other;
  if (other.name === 'free') return one;
  if (one.name === 'null' && other.name !== 'null') return neverNull.has(other.name) ? null : other;
  if (other.name === 'null' && one.name !== 'null') return neverNull.has(one.name) ? null : one;
  // Types of types are never told apart.
  if (one.name === 'type' && other.name === 'type') return one;
  if (one.name !== other.name || one.of.length !== other.of.length) return null;
  const of: Type[] = [];
  for (const [index, part] of one.of.entries()) {
    const joined = join(part, other.of[index] ?? dyn);
    if (joined === null) return null;
    of.push(joined);
  }
  return { name: one.name, of };
}

export type Bound = Map<string, Type>;

/** Whether an argument fits a parameter of an overload; what its parameters stand for is kept in `bound`. */
export function fits(argument: Type, parameter: Type, bound: Bound): boolean {
  if (parameter.name.startsWith("'")) {
    const joined = join(bound.get(parameter.name) ?? free, argument);
    if (joined !== null) bound.set(parameter.name, joined);
    return joined !== null;
  }
  if (argument.name === 'dyn' || argument.name === 'free' || parameter.name === 'dyn') return true;
  if (parameter.of.length === 0) return join(argument, parameter) !== null;
  return (
    argument.name === parameter.name &&
    argument.of.length === parameter.of.length &&
    parameter.of.every((part, index) => fits(argument.of[index] ?? dyn, part, bound))
  );
}

/** The result of an overload, with what its parameters stand for. */
export function filled(type: Type, bound: Bound): Type {
  if (type.name.startsWith("'")) return bound.get(type.name) ?? dyn;
  return type.of.length === 0 ? type : { name: type.name, of: type.of.map((part) => filled(part, bound)) };
}
