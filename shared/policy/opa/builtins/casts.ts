import type { BuiltinFunction } from '../evaluate/context.ts';
import { BuiltinProblem } from '../evaluate/problems.ts';
import { isArray, RegoSet, type TypeName, typeOf, type Value } from '../value/value.ts';
import { any, items } from './operands.ts';

/** Casts of Rego v0. They hold for values of the type, and between arrays and sets. */
function cast(type: TypeName): BuiltinFunction {
  return (args): Value => {
    const value = any(args, 0);
    if (typeOf(value) !== type)
      throw new BuiltinProblem(`operand 1 must be ${type} but got ${typeOf(value)}`);
    return value;
  };
}

export const castBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  cast_array: (args) => (isArray(args[0]) ? args[0] : items(args, 0)),
  cast_set: (args) => (args[0] instanceof RegoSet ? args[0] : RegoSet.of(items(args, 0))),
  cast_string: cast('string'),
  cast_boolean: cast('boolean'),
  cast_null: cast('null'),
  cast_object: cast('object'),
};
