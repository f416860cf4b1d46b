import type { PolicyChange } from '#shared/domain/policy-change.ts';

/** Which elements some changes name, or take with them. */
export class Touched {
  readonly names = new Set<string>();
  readonly #changes = new Map<string, PolicyChange>();
  /** What was made, deleted or renamed, with all that belongs to it. */
  readonly #owners = new Map<string, PolicyChange>();
  readonly #prefixes = new Map<string, PolicyChange>();

  constructor(changes: readonly PolicyChange[]) {
    for (const change of changes) {
      for (const effect of change.effects) {
        if (effect.kind === 'sweep') this.#prefixes.set(effect.prefix, change);
        else if (effect.kind === 'blur') {
          this.#prefixes.set(effect.prefix, change);
          this.names.add(anyOf(effect.prefix));
        } else if (effect.kind === 'replace') {
          this.#prefixes.set(effect.prefix, change);
          for (const element of Object.keys(effect.values)) this.#name(element, change);
        } else if (effect.kind === 'rename') {
          this.#name(effect.from, change);
          this.#name(effect.to, change);
          this.#owners.set(effect.from, change).set(effect.to, change);
        } else {
          this.#name(effect.element, change);
          const isWhole = effect.kind === 'unset' || ('fresh' in effect && effect.fresh);
          if (isWhole && owner.test(effect.element)) this.#owners.set(effect.element, change);
        }
      }
    }
  }

  has(element: string): boolean {
    return this.changeOf(element) !== null;
  }

  /** The last change that touches it; null where none does. */
  changeOf(element: string): PolicyChange | null {
    const named = this.#changes.get(element);
    if (named !== undefined) return named;
    for (const [prefix, change] of this.#prefixes) if (element.startsWith(prefix)) return change;
    if (this.#owners.size === 0) return null;
    for (const part of ownersOf(element)) {
      const change = this.#owners.get(part);
      if (change !== undefined) return change;
    }
    return null;
  }

  #name(element: string, change: PolicyChange): void {
    this.names.add(element);
    this.#changes.set(element, change);
  }
}

/** Stands for elements whose names begin so and are not listed. */
export const anyOf = (prefix: string): string => `${prefix}*`;

/** What other elements belong to; everything else stands alone. */
export const owner = /^(?:user|role|group|policy) /;

/** Users, roles, groups and policies that an element's name has within. */
function ownersOf(element: string): string[] {
  const words = element.split(' ');
  return words.flatMap((word, at) => {
    if (word === 'policy') return [words.slice(at, at + 2).join(' ')];
    const isOwner = word === 'user' || word === 'role' || word === 'group';
    return isOwner ? [words.slice(at, at + 3).join(' ')] : [];
  });
}
