import { covers, overlaps } from './patterns.ts';

/** A set of actions or of resources: what one pattern matches, or all but what some match. */
export type Side =
  | { readonly not: false; readonly pattern: string }
  | { readonly not: true; readonly patterns: readonly string[] };

export interface Area {
  readonly action: Side;
  readonly resource: Side;
}

/** What an element of a statement covers. */
export interface Element {
  readonly not: boolean;
  readonly patterns: readonly string[];
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

/** How an element stands to a side: whether it takes in all of it, some, or nothing. `fold` makes texts comparable. */
export function relate(element: Element, side: Side, fold: (text: string) => string): Relation {
  const outer = element.patterns.map(fold);
  if (!side.not) {
    const inner = fold(side.pattern);
    const all = outer.some((pattern) => covers(pattern, inner));
    const some = all || outer.some((pattern) => overlaps(pattern, inner));
    if (element.not) return all ? 'disjoint' : some ? 'overlaps' : 'covers';
    return all ? 'covers' : some ? 'overlaps' : 'disjoint';
  }
  const left = side.patterns.map(fold);
  const within = (pattern: string): boolean => left.some((other) => covers(other, pattern));
  if (element.not) return outer.every(within) ? 'covers' : 'overlaps';
  if (outer.includes('*')) return 'covers';
  return outer.every(within) ? 'disjoint' : 'overlaps';
}

/** The part of a side that one pattern of an element takes in; null where that is nothing. */
export function meet(side: Side, pattern: string, fold: (text: string) => string): Side | null {
  if (side.not) {
    const taken = relate({ not: false, patterns: side.patterns }, { not: false, pattern }, fold);
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
