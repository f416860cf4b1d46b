import { BuiltinProblem } from '../evaluate/problems.ts';
import { characters } from '../value/text.ts';

/** Code points, as ranges. */
type Characters = readonly (readonly [from: number, to: number])[];

interface Part {
  readonly characters: Characters;
  readonly repeats: boolean;
}

const any: Characters = [[0, 0x10ffff]];

/** Expressions of which only `.`, `*`, `+`, `[`, `-`, `]` and `\` are special. */
function partsOf(pattern: string): Part[] {
  const list = characters(pattern);
  const parts: Part[] = [];
  const code = (index: number): number => {
    const character = list[list[index] === '\\' ? index + 1 : index];
    if (character === undefined) throw new BuiltinProblem(`input: ${pattern}: the text of it is invalid`);
    return character.codePointAt(0) ?? 0;
  };
  for (let index = 0; index < list.length; index++) {
    let found: Characters;
    if (list[index] === '*' || list[index] === '+')
      throw new BuiltinProblem(`input: ${pattern}: nothing to repeat`);
    if (list[index] === '.') found = any;
    else if (list[index] === '[') {
      const ranges: [number, number][] = [];
      for (index++; list[index] !== ']'; index++) {
        const from = code(index);
        if (list[index] === '\\') index++;
        if (list[index + 1] === '-' && list[index + 2] !== ']') {
          index += 2;
          ranges.push([from, code(index)]);
          if (list[index] === '\\') index++;
        } else ranges.push([from, from]);
      }
      found = ranges;
    } else {
      const from = code(index);
      if (list[index] === '\\') index++;
      found = [[from, from]];
    }
    const flag = list[index + 1];
    if (flag === '*' || flag === '+') index++;
    if (flag !== '*') parts.push({ characters: found, repeats: false });
    if (flag === '*' || flag === '+') parts.push({ characters: found, repeats: true });
  }
  return parts;
}

function meet(first: Characters, second: Characters): boolean {
  return first.some(([from, to]) => second.some(([other, last]) => from <= last && other <= to));
}

/** True when some text that is not empty fits both. */
export function globsMeet(left: string, right: string): boolean {
  const [first, second] = [partsOf(left), partsOf(right)];
  const seen = new Set<string>();
  const waiting: [at: number, other: number, consumed: boolean][] = [[0, 0, false]];
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    const [at, other, consumed] = state;
    const key = state.join(' ');
    if (seen.has(key)) continue;
    seen.add(key);
    const [one, two] = [first[at], second[other]];
    if (one === undefined && two === undefined && consumed) return true;
    if (one?.repeats === true) waiting.push([at + 1, other, consumed]);
    if (two?.repeats === true) waiting.push([at, other + 1, consumed]);
    if (one === undefined || two === undefined || !meet(one.characters, two.characters)) continue;
    waiting.push([one.repeats ? at : at + 1, two.repeats ? other : other + 1, true]);
  }
  return false;
}
