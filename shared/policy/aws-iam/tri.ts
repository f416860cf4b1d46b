/** Three-valued logic (Kleene): what holds for every completion of the unknown is true, what holds for none is false. */
export type Tri = boolean | 'unknown';

export function both(first: Tri, second: Tri): Tri {
  if (first === false || second === false) return false;
  return first === true && second === true ? true : 'unknown';
}

export function either(first: Tri, second: Tri): Tri {
  if (first === true || second === true) return true;
  return first === false && second === false ? false : 'unknown';
}

export function negate(value: Tri): Tri {
  return value === 'unknown' ? value : !value;
}
