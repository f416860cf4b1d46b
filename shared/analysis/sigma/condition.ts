import { type Search, allOf, anyOf, not } from './detection.ts';
import { RuleError } from './value-test.ts';

/**
 * Sigma's conditions: names of searches with `and`, `or`, `not` and parentheses, `1 of them`, `all of selection*`
 * (Sigma specification, "Condition"). Aggregations behind `|` are refused: correlations took their place.
 */
export function compileCondition(text: string, searches: ReadonlyMap<string, Search>): Search {
  const tokens: readonly string[] = text.match(/[()|]|[^\s()|]+/g) ?? [];
  if (tokens.includes('|')) {
    throw new RuleError('Aggregations behind “|” in a condition are not supported: use a correlation rule.');
  }
  const parser = new ConditionParser(tokens, searches);
  return parser.read();
}

class ConditionParser {
  readonly #tokens: readonly string[];
  readonly #searches: ReadonlyMap<string, Search>;
  #at = 0;

  constructor(tokens: readonly string[], searches: ReadonlyMap<string, Search>) {
    this.#tokens = tokens;
    this.#searches = searches;
  }

  read(): Search {
    const search = this.#or();
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new RuleError(`In the condition “${rest}” is not expected.`);
    return search;
  }

  #or(): Search {
    const parts = [this.#and()];
    while (this.#takes('or')) parts.push(this.#and());
    return parts.length === 1 ? (parts[0] as Search) : anyOf(parts);
  }

  #and(): Search {
    const parts = [this.#not()];
    while (this.#takes('and')) parts.push(this.#not());
    return parts.length === 1 ? (parts[0] as Search) : allOf(parts);
  }

  #not(): Search {
    return this.#takes('not') ? not(this.#not()) : this.#primary();
  }

  #primary(): Search {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new RuleError('The condition ends too early.');
    if (token === '(') {
      const inner = this.#or();
      if (!this.#takes(')')) throw new RuleError('In the condition a “)” is missing.');
      return inner;
    }
    if (this.#tokens[this.#at]?.toLowerCase() === 'of' && /^(?:\d+|all|any)$/i.test(token))
      return this.#of(token);
    const search = this.#searches.get(token);
    if (search === undefined)
      throw new RuleError(`The condition names “${token}”, which the detection does not have.`);
    return search;
  }

  #of(quantity: string): Search {
    this.#at++;
    const pattern = this.#tokens[this.#at++] ?? '';
    const named = this.#named(pattern);
    if (named.length === 0) throw new RuleError(`No search of the detection is meant by “${pattern}”.`);
    if (quantity.toLowerCase() === 'all') return allOf(named);
    const least = quantity.toLowerCase() === 'any' ? 1 : Number(quantity);
    if (least === 1) return anyOf(named);
    return {
      needs: new Map(),
      matches: (record) => named.filter((search) => search.matches(record)).length >= least,
    };
  }

  /** `them` is every search that does not begin with an underscore. */
  #named(pattern: string): Search[] {
    const [head = '', ...rest] = pattern.split('*');
    const isMeant = (name: string): boolean => {
      if (pattern.toLowerCase() === 'them') return !name.startsWith('_');
      return rest.length === 0 ? name === head : name.startsWith(head) && name.endsWith(rest.at(-1) ?? '');
    };
    return [...this.#searches].filter(([name]) => isMeant(name)).map(([, search]) => search);
  }

  #takes(word: string): boolean {
    if (this.#tokens[this.#at]?.toLowerCase() !== word) return false;
    this.#at++;
    return true;
  }
}
