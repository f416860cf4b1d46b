import type { RequestKnowledge } from '../../../domain/evaluation-request.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { Context } from '../condition/condition.ts';

type Values = readonly string[] | null | undefined;

/** Values that follow from what else is known: null where the key is certainly absent, undefined where nothing follows. */
export type Derive = (key: string) => Values;

/** The condition keys of one request: what it carries, then what follows, then absent or unknown. */
export class RequestContext implements Context {
  readonly #source: JsonObject | undefined;
  readonly #knowledge: RequestKnowledge;
  readonly #derive: Derive;
  #given: Map<string, Values> | null = null;

  constructor(source: JsonObject | undefined, knowledge: RequestKnowledge, derive: Derive) {
    this.#source = source;
    this.#knowledge = knowledge;
    this.#derive = derive;
  }

  get(key: string): Values {
    this.#given ??= readGiven(this.#source, this.#knowledge);
    const given = this.#given;
    if (given.has(key)) return given.get(key);
    const derived = this.#derive(key);
    const values = derived === undefined && this.#knowledge.complete ? null : derived;
    given.set(key, values);
    return values;
  }

  single(key: string): string | null | undefined {
    const values = this.get(key);
    if (values === undefined || values === null) return values;
    return values.length === 1 ? values[0] : null;
  }
}

function readGiven(source: JsonObject | undefined, knowledge: RequestKnowledge): Map<string, Values> {
  const given = new Map<string, Values>();
  if (knowledge.absent !== undefined) for (const key of knowledge.absent) given.set(key.toLowerCase(), null);
  if (source === undefined) return given;
  for (const name of Object.keys(source)) given.set(lowered(name), valuesOf(source[name]));
  const time = given.get('aws:currenttime')?.[0];
  const epoch = given.get('aws:epochtime')?.[0];
  // Both keys are the same moment; either may be given.
  if (time !== undefined && epoch === undefined) given.set('aws:epochtime', [time]);
  if (epoch !== undefined && time === undefined) given.set('aws:currenttime', [epoch]);
  return given;
}

/** Names of keys in lower case: requests repeat few of them. */
const lowerNames = new Map<string, string>();
const keptNames = 1024;

function lowered(name: string): string {
  const known = lowerNames.get(name);
  if (known !== undefined) return known;
  if (lowerNames.size >= keptNames) lowerNames.clear();
  const lower = name.toLowerCase();
  lowerNames.set(name, lower);
  return lower;
}

function valuesOf(value: Json | undefined): Values {
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value)) return [textOf(value)];
  return (value as readonly Json[]).filter((item) => item !== null).map(textOf);
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
