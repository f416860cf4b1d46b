/** Sets of things that are one, by joining pairs; a pair that must stay apart keeps its sets apart. */
export class Clusters {
  readonly #parents: number[];
  readonly #members: number[][];
  /** Sets with different labels stay apart. */
  readonly #labels: number[];
  /** Pairs that are not one, by either. */
  readonly #apart = new Map<number, Set<number>>();

  constructor(size: number) {
    this.#parents = Array.from({ length: size }, (_, index) => index);
    this.#members = this.#parents.map((index) => [index]);
    this.#labels = this.#parents.map(() => 0);
  }

  rootOf(index: number): number {
    let root = index;
    while (this.#parents[root] !== root) root = this.#parents[root] as number;
    for (let at = index; at !== root; ) {
      const next = this.#parents[at] as number;
      this.#parents[at] = root;
      at = next;
    }
    return root;
  }

  membersOf(index: number): readonly number[] {
    return this.#members[this.rootOf(index)] ?? [];
  }

  /** Before anything is joined: things of different labels are never one. */
  label(index: number, label: number): void {
    this.#labels[index] = label;
  }

  keepApart(one: number, other: number): void {
    const add = (from: number, to: number): void => {
      const known = this.#apart.get(from);
      if (known === undefined) this.#apart.set(from, new Set([to]));
      else known.add(to);
    };
    add(one, other);
    add(other, one);
  }

  /** Whether the sets of the two may be joined. */
  mayJoin(one: number, other: number): boolean {
    if (this.#labels[one] !== this.#labels[other]) return false;
    if (this.#apart.size === 0) return true;
    const [left, right] = [this.membersOf(one), new Set(this.membersOf(other))];
    return !left.some((member) => {
      const apart = this.#apart.get(member);
      return apart !== undefined && [...apart].some((each) => right.has(each));
    });
  }

  /** Joins two sets; false where they are one already or must stay apart. */
  join(one: number, other: number): boolean {
    const [left, right] = [this.rootOf(one), this.rootOf(other)];
    if (left === right || !this.mayJoin(left, right)) return false;
    const [small, large] = [left, right].toSorted(
      (first, second) =>
        (this.#members[first]?.length ?? 0) - (this.#members[second]?.length ?? 0) || second - first,
    ) as [number, number];
    this.#parents[small] = large;
    for (const member of this.#members[small] ?? []) this.#members[large]?.push(member);
    this.#members[small] = [];
    return true;
  }

  /** Every set, each in the order of its members. */
  *[Symbol.iterator](): Generator<readonly number[]> {
    for (const members of this.#members) {
      if (members.length > 0) yield members.toSorted((one, other) => one - other);
    }
  }
}
