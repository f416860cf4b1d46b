import { type Json, isObject } from '#shared/domain/json.ts';

/** Shorter texts occur by chance in ids and words; striking those out would damage facts. */
const shortestSecret = 8;
const struck = '«secret»';

/**
 * Strikes secrets out of texts and facts. SECURITY: the second line of defence, behind providers that never put one
 * there: everything that goes to the journal, a log or an answer passes through it.
 */
export class Redactor {
  readonly #forms = new Set<string>();
  /** All forms at once, the longest first: of a secret that begins with another one nothing is left. */
  #pattern: RegExp | null = null;

  /** Remembers a secret in the forms in which clients send it: plain, base64, base64url, percent-encoded, in JSON. */
  add(secret: string): void {
    for (const part of [secret, ...secret.split(/\r?\n/)]) {
      if (part.length < shortestSecret) continue;
      const bytes = Buffer.from(part);
      const forms = [
        part,
        bytes.toString('base64'),
        bytes.toString('base64url'),
        encodeURIComponent(part),
        JSON.stringify(part).slice(1, -1),
      ];
      for (const form of forms) {
        if (this.#forms.has(form)) continue;
        this.#forms.add(form);
        this.#pattern = null;
      }
    }
  }

  text(text: string): string {
    if (this.#forms.size === 0) return text;
    this.#pattern ??= patternOf(this.#forms);
    return text.replace(this.#pattern, struck);
  }

  /** A copy of plain data with every text in it clean, names of members included. */
  data<T>(value: T): T {
    return this.#forms.size === 0 ? value : (this.#json(value as Json) as T);
  }

  #json(value: Json): Json {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item: Json) => this.#json(item));
    if (!isObject(value)) return value;
    const clean: Record<string, Json> = {};
    for (const [name, item] of Object.entries(value)) {
      if (item !== undefined) clean[this.text(name)] = this.#json(item);
    }
    return clean;
  }
}

function patternOf(forms: ReadonlySet<string>): RegExp {
  const longestFirst = [...forms].toSorted((first, second) => second.length - first.length);
  const plain = longestFirst.map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  return new RegExp(plain.join('|'), 'g');
}
