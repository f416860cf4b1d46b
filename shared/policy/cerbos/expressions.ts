import {
  celError,
  type CelFunc,
  type CelInput,
  type CelValue,
  celEnv,
  celFunc,
  celMethod,
  CelScalar,
  celType,
  isCelError,
  parse,
  plan,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { undeclared } from './cel-names.ts';
import { withoutSugar } from './cel-sugar.ts';
import { cerbosFunctions, standard } from './cel-functions.ts';

/** `unknown`: this evaluator cannot say, for the reason given. `error`: CEL says that it is an error. */
export type Outcome =
  | { readonly kind: 'value'; readonly value: CelValue }
  | { readonly kind: 'error' | 'unknown'; readonly why: string };

export type Bindings = Readonly<Record<string, CelInput>>;

type Program = (bindings: Record<string, CelInput>) => CelValue | { readonly message: string };

const noOffset = 'the offset of a time is not kept';
const noClock = 'the request does not say what time it was (context.now)';

/**
 * CEL expressions of policies, compiled once each. What this CEL does not know (optional values, `cel.bind`, some
 * functions) is `unknown` and never guessed. Regular expressions are RE2.
 */
export class Expressions {
  readonly #programs = new Map<string, Program | string>();
  readonly #difference: Program;
  #now: CelValue | null = null;
  /** Whether a time was read that is not written in UTC: Cerbos would write it with its offset again. */
  #offset = false;
  readonly #environment = celEnv({
    funcs: [
      ...strings,
      ...standard,
      ...cerbosFunctions,
      celFunc('timestamp', [CelScalar.STRING], CelScalar.DYN, (text) => this.#read(text)),
      celFunc('string', [timestampType], CelScalar.STRING, (time) => this.#written(time)),
      celFunc('now', [], CelScalar.DYN, () => this.#time()),
      timeSince((time) => this.#since(time)),
      celFunc('timeSince', [CelScalar.DYN], CelScalar.DYN, (time) => this.#since(time)),
    ],
  });

  constructor() {
    this.#difference = plan(this.#environment, parse('later - earlier')) as Program;
  }

  /** The time that `now()` gives in what follows; null where it is not known. */
  setNow(now: string | null): void {
    this.#offset = false;
    const value = now === null ? null : this.evaluate(`timestamp(${JSON.stringify(now)})`, {});
    this.#now = value?.kind === 'value' ? value.value : null;
  }

  evaluate(expression: string, bindings: Bindings): Outcome {
    const program = this.#program(expression);
    if (typeof program === 'string')
      return { kind: 'unknown', why: `this evaluator cannot read it: ${program}` };
    const result = this.#run(program, bindings);
    if (!isCelError(result)) return { kind: 'value', value: result as CelValue };
    const why = result.message;
    return { kind: isGap(why) ? 'unknown' : 'error', why };
  }

  #run(program: Program, bindings: Bindings): unknown {
    try {
      return program({ ...bindings });
    } catch (error) {
      // The evaluator throws for some values that it has no operation for: to CEL that is an error.
      return celError(error);
    }
  }

  #program(expression: string): Program | string {
    const known = this.#programs.get(expression);
    if (known !== undefined) return known;
    let program: Program | string;
    try {
      const parsed = parse(withoutSugar(expression));
      const unknown = parsed.expr === undefined ? null : undeclared(parsed.expr);
      program =
        unknown === null
          ? (plan(this.#environment, parsed) as Program)
          : `there is no ${unknown}, for which Cerbos refuses a policy`;
    } catch (error) {
      program = error instanceof Error ? error.message : 'no expression';
    }
    this.#programs.set(expression, program);
    return program;
  }

  #read(text: string): CelInput {
    this.#offset ||= /[+-]\d\d:\d\d$/.test(text);
    return valueOf(readTime({ text }));
  }

  #written(time: CelValue): string {
    if (this.#offset) throw new Error(noOffset);
    const text = valueOf(writeTime({ time }));
    if (typeof text !== 'string') throw new Error('a time gives no text');
    return text;
  }

  #time(): CelInput {
    if (this.#now === null) throw new Error(noClock);
    return this.#now;
  }

  #since(time: CelValue): CelInput {
    return this.#difference({ later: this.#time(), earlier: time });
  }
}

const plainEnvironment = celEnv({ funcs: [...standard] });
const readTime = plan(plainEnvironment, parse('timestamp(text)'));
const writeTime = plan(plainEnvironment, parse('string(time)'));
const timestampType = celType(valueOf(readTime({ text: '1970-01-01T00:00:00Z' })));

/** Throws an error of the evaluator, for the evaluator. */
function valueOf(result: ReturnType<typeof readTime>): CelValue {
  if (isCelError(result)) throw result;
  return result;
}

const added = new Set(cerbosFunctions.map(({ name }) => name));

/** Whether an error is one of this evaluator, and Cerbos might have had an answer. */
function isGap(why: string): boolean {
  if (why.includes(noClock) || why.includes(noOffset) || why.includes('unbound function')) return true;
  const overload = /no matching overload for '([^']+)'/.exec(why)?.[1];
  return overload !== undefined && added.has(overload);
}

function timeSince(since: (time: CelValue) => CelInput): CelFunc {
  return celMethod('timeSince', CelScalar.DYN, [], CelScalar.DYN, function () {
    return since(this);
  });
}
