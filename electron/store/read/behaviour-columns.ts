import { clusterResource } from '#shared/domain/cluster-resource.ts';
import { PairNumbers } from '../segments/pair-numbers.ts';
import type { Dictionary } from './dictionary.ts';
import type { Column, EventTable } from './event-table.ts';

type Tuple = readonly (string | null)[];

/** Names of the entries of a dictionary, each once. */
export interface Names {
  /** By entry: the place of its name and one more; 0 where it has none. */
  readonly numbers: Uint32Array;
  readonly names: readonly string[];
}

/** A column with what its entries are called. */
export interface Side extends Names {
  readonly ids: Column;
}

/** What `nameOf` calls each entry; null for one without a name. */
export function namesOf(dictionary: Dictionary, nameOf: (tuple: Tuple) => string | null): Names {
  const numbers = new Uint32Array(dictionary.size);
  const places = new Map<string, number>();
  for (let entry = 0; entry < dictionary.size; entry++) {
    const name = nameOf(dictionary.tuple(entry));
    if (name === null) continue;
    let place = places.get(name);
    if (place === undefined) places.set(name, (place = places.size + 1));
    numbers[entry] = place;
  }
  return { numbers, names: [...places.keys()] };
}

/** A column of one text, by what that comes to. */
export function sideOf(
  table: EventTable,
  source: 'ip' | 'userAgent',
  nameOf: (text: string) => string | null,
): Side {
  const names = namesOf(table.dictionary(source), ([text]) =>
    typeof text === 'string' ? nameOf(text) : null,
  );
  return { ids: table.ids(source), ...names };
}

/** The namespace of a cluster; elsewhere account and region. */
export function scopes(table: EventTable, rows: number): Side {
  const names = new Map<string, number>();
  const numberOf = (name: string): number => {
    let place = names.get(name);
    if (place === undefined) names.set(name, (place = names.size + 1));
    return place;
  };
  const isCluster = Uint8Array.from({ length: table.dictionary('format').size }, (_, entry) =>
    Number(table.dictionary('format').tuple(entry)[0] === 'kubernetes-audit'),
  );
  const spaces = new Int32Array(table.dictionary('resource').size).fill(-1);
  const spaceOf = (entry: number): number => {
    const id = table.dictionary('resource').tuple(entry)[1];
    const path = typeof id === 'string' ? clusterResource(id) : 'url:';
    return path.startsWith('url:') ? 0 : numberOf(`namespace ${path.slice(0, path.indexOf(':'))}`);
  };
  const places = new PairNumbers(table.dictionary('region').size);
  const ofPlace: number[] = [];
  const placeOf = (account: number, region: number): number => {
    const parts = [
      table.dictionary('account').tuple(account)[0],
      table.dictionary('region').tuple(region)[0],
    ].filter((part) => typeof part === 'string');
    return parts.length === 0 ? 0 : numberOf(parts.join(' '));
  };
  const [formats, accounts] = [table.ids('format'), table.ids('account')];
  const [regions, resources] = [table.ids('region'), table.ids('resource')];
  const ids = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    if (isCluster[formats[row] as number] === 1) {
      const entry = resources[row] as number;
      if (spaces[entry] === -1) spaces[entry] = spaceOf(entry);
      ids[row] = spaces[entry] as number;
    } else {
      const place = places.numberOf(accounts[row] as number, regions[row] as number);
      const known = ofPlace[place];
      ids[row] = known ?? (ofPlace[place] = placeOf(accounts[row] as number, regions[row] as number));
    }
  }
  const numbers = Uint32Array.from({ length: names.size + 1 }, (_, at) => at);
  return { ids, numbers, names: [...names.keys()] };
}

/** How often a subject met something, and the first row of it. */
export interface Meeting {
  readonly subject: number;
  readonly second: number;
  readonly count: number;
  readonly first: number;
}

/** Subjects with what `seconds` says of each row (0: nothing), in the order in which they first meet. */
export function meetings(
  rows: number,
  { ids, numbers }: Side,
  seconds: Column,
  secondNumbers: Uint32Array,
  width: number,
): Meeting[] {
  const pairs = new PairNumbers(width);
  const counts: number[] = [];
  const firsts: number[] = [];
  for (let row = 0; row < rows; row++) {
    const subject = numbers[ids[row] as number] as number;
    const second = secondNumbers[seconds[row] as number] as number;
    if (subject === 0 || second === 0) continue;
    const number = pairs.numberOf(subject, second);
    const known = counts[number];
    if (known === undefined) {
      counts[number] = 1;
      firsts[number] = row;
    } else counts[number] = known + 1;
  }
  return counts.map((count, number) => ({
    subject: pairs.firstOf(number),
    second: pairs.secondOf(number),
    count,
    first: firsts[number] as number,
  }));
}
