import type { Span } from '../syntax/ast.ts';

/** A builtin got what it cannot work with: the expression is undefined, as OPA does by default. */
export class BuiltinProblem extends Error {}

/** Ends the evaluation: an error that OPA reports too, something that is not supported here, or a limit. */
export class Halt extends Error {
  readonly code: 'eval_conflict_error' | 'unsupported' | 'limit' | 'rego_compile_error';
  span: (Span & { readonly path: string }) | null = null;
  /** What would have to be known to go on, where that is all that is missing. */
  unknown: string | null = null;

  constructor(code: Halt['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** What is not supported is named and never guessed. */
export function refuse(construct: string): Halt {
  return new Halt('unsupported', `not supported by this evaluator: ${construct}`);
}

/** Source: https://www.openpolicyagent.org/docs/policy-reference/builtins (those marked as non-deterministic) */
export const volatileBuiltins: ReadonlySet<string> = new Set([
  'http.send',
  'io.jwt.decode_verify',
  'io.jwt.encode_sign',
  'io.jwt.encode_sign_raw',
  'net.lookup_ip_addr',
  'opa.runtime',
  'providers.aws.sign_req',
  'rand.intn',
  'time.now_ns',
  'uuid.rfc4122',
]);

/** A function that is not worked out here. Of one whose answers differ from time to time only a recorded one counts. */
export function refuseFunction(name: string): Halt {
  return volatileBuiltins.has(name)
    ? refuseUnrecorded(name, `the function ${name}, whose answer was not recorded`)
    : refuse(`the function ${name}`);
}

/** The same of a function that is known: why its answer cannot be worked out. */
export function refuseUnrecorded(name: string, why: string): Halt {
  const halt = refuse(why);
  halt.unknown = `the answer of ${name}`;
  return halt;
}

/** More than this evaluator works out, though OPA may: no result is made of that. */
export function beyond(what: string): Halt {
  return new Halt('limit', what);
}
