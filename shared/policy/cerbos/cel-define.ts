import { type CelFunc, type CelInput, celMethod, CelScalar } from '@bufbuild/cel';

export const any: typeof CelScalar.DYN = CelScalar.DYN;
export type Value = CelInput;

/** A method with one argument. */
export function method(name: string, run: (self: unknown, argument: unknown) => Value): CelFunc {
  return celMethod(name, any, [any], any, function (argument) {
    return run(this, argument);
  });
}

export function methods(
  names: readonly string[],
  run: (self: unknown, argument: unknown) => Value,
): CelFunc[] {
  return names.map((name) => method(name, run));
}

export function plain(name: string, run: (self: unknown) => Value): CelFunc {
  return celMethod(name, any, [], any, function () {
    return run(this);
  });
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('not a text');
  return value;
}
