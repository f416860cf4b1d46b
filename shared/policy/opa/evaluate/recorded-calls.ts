import { identityOf, type Value } from '../value/value.ts';

/** Answers of builtins that were recorded, by name and by the identity of the arguments. */
export class RecordedCalls {
  readonly #calls: ReadonlyMap<string, ReadonlyMap<string, Value>>;

  constructor(calls: ReadonlyMap<string, ReadonlyMap<string, Value>>) {
    this.#calls = calls;
  }

  answer(name: string, args: readonly Value[]): Value | undefined {
    const known = this.#calls.get(name);
    return known?.get(identityOf(args));
  }
}
