import { type CelFunc, celFunc, CelScalar } from '@bufbuild/cel';
import { any, method, text } from './cel-define.ts';
import { hierarchyOf, isHierarchy, isList, itemsOf } from './cel-values.ts';

function segments(value: unknown): string[] {
  if (!isHierarchy(value)) throw new Error('not a hierarchy');
  return [...value].map(text);
}

function starts(long: readonly string[], short: readonly string[]): boolean {
  return short.every((segment, index) => long[index] === segment);
}

function relation(name: string, holds: (a: readonly string[], b: readonly string[]) => boolean): CelFunc {
  return method(name, (a, b) => holds(segments(a), segments(b)));
}

/** Hierarchies (https://docs.cerbos.dev/cerbos/latest/policies/conditions): of lists they have size and index. */
export function hierarchies(): CelFunc[] {
  return [
    celFunc('hierarchy', [any], any, (value) =>
      hierarchyOf(isList(value) ? itemsOf(value).map(text) : text(value).split('.')),
    ),
    celFunc('hierarchy', [CelScalar.STRING, CelScalar.STRING], any, (value, delimiter) =>
      hierarchyOf(value.split(delimiter)),
    ),
    relation('ancestorOf', (a, b) => a.length < b.length && starts(b, a)),
    relation('descendentOf', (a, b) => b.length < a.length && starts(a, b)),
    relation('immediateParentOf', (a, b) => a.length + 1 === b.length && starts(b, a)),
    relation('immediateChildOf', (a, b) => b.length + 1 === a.length && starts(a, b)),
    relation('siblingOf', (a, b) => a.length === b.length && starts(a, b.slice(0, -1))),
    relation('overlaps', (a, b) => (a.length < b.length ? starts(b, a) : starts(a, b))),
    method('commonAncestors', (a, b) => {
      const [one, two] = [segments(a), segments(b)];
      const shortest = Math.min(one.length, two.length);
      const differs = one.findIndex((segment, index) => segment !== two[index]);
      const common = differs === -1 ? shortest : Math.min(differs, shortest);
      const proper = one.length === two.length && common === one.length ? common - 1 : common;
      return hierarchyOf(one.slice(0, Math.max(proper, 0)));
    }),
  ];
}
