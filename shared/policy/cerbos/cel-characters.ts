import { type CelFunc, celFunc, celMethod, CelScalar } from '@bufbuild/cel';

const { BOOL, INT, STRING } = CelScalar;

/** Texts are compared byte by byte of UTF-8, which is the order of their characters. */
export function ordered(operator: string, holds: (order: number) => boolean): CelFunc[] {
  return [celFunc(operator, [STRING, STRING], BOOL, (a, b) => holds(compareCharacters(a, b)))];
}

function compareCharacters(a: string, b: string): number {
  if (a === b) return 0;
  const [one, two] = [Array.from(a), Array.from(b)];
  for (const [at, character] of one.entries()) {
    const [own = 0, other] = [character.codePointAt(0), two[at]?.codePointAt(0)];
    if (other === undefined) return 1;
    if (own !== other) return own - other;
  }
  return -1;
}

/** Positions in texts count characters, not halves of them. */
export function characterFunctions(): CelFunc[] {
  return [
    celMethod('charAt', STRING, [INT], STRING, function (at) {
      const all = Array.from(this);
      if (at < 0n || at > BigInt(all.length)) throw new Error('index out of range');
      return all[Number(at)] ?? '';
    }),
    celMethod('substring', STRING, [INT], STRING, function (from) {
      return cut(this, from, null);
    }),
    celMethod('substring', STRING, [INT, INT], STRING, function (from, to) {
      return cut(this, from, to);
    }),
    ...[false, true].flatMap((last) => {
      const name = last ? 'lastIndexOf' : 'indexOf';
      return [
        celMethod(name, STRING, [STRING], INT, function (part) {
          return place(this, part, null, last);
        }),
        celMethod(name, STRING, [STRING, INT], INT, function (part, from) {
          return place(this, part, from, last);
        }),
      ];
    }),
  ];
}

function place(self: string, part: string, from: bigint | null, last: boolean): bigint {
  const all = Array.from(self);
  const searched = Array.from(part);
  const most = all.length - searched.length;
  const start = from === null ? (last ? most : 0) : Number(from);
  if (start < 0 && from !== null) throw new Error('index out of range');
  if (start > all.length) throw new Error('index out of range');
  const fits = (at: number) => searched.every((character, index) => all[at + index] === character);
  if (last) {
    for (let at = Math.min(start, most); at >= 0; at -= 1) if (fits(at)) return BigInt(at);
  } else for (let at = start; at <= most; at += 1) if (fits(at)) return BigInt(at);
  return -1n;
}

function cut(self: string, from: bigint, to: bigint | null): string {
  const all = Array.from(self);
  const [start, end] = [Number(from), to === null ? all.length : Number(to)];
  if (start < 0 || end > all.length || start > end) throw new Error('index out of range');
  return all.slice(start, end).join('');
}
