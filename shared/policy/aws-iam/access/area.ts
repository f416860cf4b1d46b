import { covers, overlaps } from './patterns.ts';

/** A set of actions or of resources: what one pattern matches, or all but what some match. */
export type Side =
  | { readonly not: false; readonly pattern: string }
  | { readonly not: true; readonly patterns: readonly string[] };

export interface Area {
  readonly action: Side;
  readonly resource: Side;
}

type Fold = (text: string) => string;

/** What an element of a statement covers. */
export class Element {
  readonly not: boolean;
  readonly patterns: readonly string[];
  readonly folded: readonly string[];
  readonly fold: Fold;
  /** Places of the patterns by what stands before their first colon; those of which that is no plain text are in ''. */
  readonly #places: ReadonlyMap<string, readonly number[]>;

  constructor(not: boolean, patterns: readonly string[], fold: Fold) {
    this.not = not;
    this.patterns = patterns;
    this.fold = fold;
    this.folded = patterns.map(fold);
    const places = new Map<string, number[]>();
    for (const [place, text] of this.folded.entries()) {
      const head = headOf(text);
      const group = places.get(head);
      if (group === undefined) places.set(head, [place]);
      else group.push(place);
    }
    this.#places = places;
  }

  /** Places of the patterns that may have something in common with one (folded). */
  *near(pattern: string): Generator<number> {
    const head = headOf(pattern);
    if (head === '') yield* this.folded.keys();
    else {
      yield* this.#places.get(head) ?? [];
      yield* this.#places.get('') ?? [];
    }
  }
}

export function headOf(pattern: string): string {
  const colon = pattern.indexOf(':');
  const head = colon < 0 ? '' : pattern.slice(0, colon);
  return /[*?]/.test(head) ? '' : head;
}

export type Relation = 'covers' | 'overlaps' | 'disjoint';

/** As people read it; `not a, b` is all but a and b. */
export function sideText(side: Side): string {
  return side.not ? `not ${side.patterns.join(', ')}` : side.pattern;
}

export function sidesOf(element: Element): Side[] {
  return element.not
    ? [{ not: true, patterns: element.patterns }]
    : element.patterns.map((pattern) => ({ not: false, pattern }));
}

/** How an element stands to a side: whether it takes in all of it, some, or nothing. */
export function relate(element: Element, side: Side): Relation {
  const { fold, folded } = element;
  if (!side.not) {
    const inner = fold(side.pattern);
    let all = false;
    let some = false;
    for (const place of element.near(inner)) {
      const pattern = folded[place] ?? '';
      all = covers(pattern, inner);
      if (all) break;
      some ||= overlaps(pattern, inner);
    }
    if (element.not) return all ? 'disjoint' : some ? 'overlaps' : 'covers';
    return all ? 'covers' : some ? 'overlaps' : 'disjoint';
  }
  const left = side.patterns.map(fold);
  const within = (pattern: string): boolean => left.some((other) => covers(other, pattern));
  if (element.not) return folded.every(within) ? 'covers' : 'overlaps';
  if (folded.includes('*')) return 'covers';
  return folded.every(within) ? 'disjoint' : 'overlaps';
}

/** The parts of a side that an element takes in; none where that is nothing. */
export function partsOf(side: Side, element: Element): Side[] {
  if (element.not) return relate(element, side) === 'disjoint' ? [] : [side];
  const near = side.not ? element.patterns.keys() : element.near(element.fold(side.pattern));
  return [...near]
    .map((place) => meet(side, element.patterns[place] ?? '', element.fold))
    .filter((part) => part !== null);
}

function meet(side: Side, pattern: string, fold: Fold): Side | null {
  if (side.not) {
    const taken = relate(new Element(false, side.patterns, fold), { not: false, pattern });
    if (taken === 'covers') return null;
    return taken === 'disjoint' ? { not: false, pattern } : side;
  }
  const [own, other] = [fold(side.pattern), fold(pattern)];
  if (covers(other, own)) return side;
  if (covers(own, other)) return { not: false, pattern };
  return overlaps(own, other) ? side : null;
}

export function foldAction(text: string): string {
  return text.toLowerCase();
}

/** A variable may become anything. */
export function foldResource(text: string): string {
  return text.includes('${') ? text.replaceAll(/\$\{[^}]*\}/g, '*') : text;
}
