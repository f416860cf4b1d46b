import { type DimensionName, dimensionNames } from '#shared/domain/dimensions.ts';
import { firstPage } from './case-reader.ts';
import type { Steps } from './in-steps.ts';
import type { QueryEngine } from './query-engine.ts';

/** Larger dictionaries are indexed field by field when a field is asked for: that takes much memory. */
const indexedEntries = 50_000;

/**
 * Loads ahead, while nobody asks anything, what the first questions would otherwise wait for: columns, dictionaries,
 * their counts and the texts that are searched. One step at a time, so that a question waits for one step at most.
 */
export class WarmUp {
  #steps: Iterator<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #askedAt = 0;
  /** Questions that are being answered in steps. */
  #open = 0;
  #idle = 0;

  /**
   * Starts on a case, whose events are loaded when the first step is due; what was under way is given up. `first` and `idle`:
   * milliseconds without a question before the first step and before each other.
   */
  start(load: () => Steps<QueryEngine>, first: number, idle: number): void {
    this.stop();
    this.#idle = first;
    this.#steps = steps(load);
    this.asked();
    this.#schedule(idle);
  }

  /** A question has come: loading ahead waits until there is peace again. */
  asked(): void {
    this.#askedAt = performance.now();
  }

  /** The question takes longer: there is no peace before its end. */
  waitFor(answer: Promise<unknown>): void {
    const end = (): void => {
      this.#open--;
      this.asked();
    };
    this.#open++;
    answer.then(end, end);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#steps = null;
  }

  #schedule(next: number): void {
    const wait = this.#open > 0 ? next : Math.max(0, this.#askedAt + this.#idle - performance.now());
    // Alone it keeps no process alive.
    this.#timer = setTimeout(() => this.#step(next), wait).unref();
  }

  #step(next: number): void {
    if (this.#open === 0 && performance.now() - this.#askedAt >= this.#idle) {
      if (this.#takeStep()) return;
      this.#idle = next;
    }
    this.#schedule(next);
  }

  /** Whether that was the last one. What cannot be loaded is reported to who asks for it. */
  #takeStep(): boolean {
    try {
      return this.#steps?.next().done !== false;
    } catch {
      return true;
    }
  }
}

/** Of smaller dictionaries nearly every entry has many rows. */
const indexedRows = 5_000;

/** What the console shows first is counted by. */
const firstShown: readonly DimensionName[] = ['decision', 'subject', 'operation', 'ip'];

/** Rows whose entries are unpacked in one step. */
const rowsInStep = 20;

/** What every page of rows shows. */
const rowWords = ['key0', 'key1', 'key2', 'key3', 'timeDigits'] as const;

function* steps(load: () => Steps<QueryEngine>): Steps<void> {
  const { table } = yield* load();
  yield;
  for (const source of dimensionNames) {
    for (let row = Math.max(0, table.count - firstPage); row < table.count; row++) {
      table.dictionary(source).tuple(table.idAt(source, row));
      if (row % rowsInStep === 0) yield;
    }
    yield;
  }
  for (const source of firstShown) {
    yield* table.loadIds(source);
    table.counts(source);
    yield;
  }
  table.hours('outcome');
  yield;
  // A text is what is looked for first, and unpacking all of them takes longest.
  for (const source of dimensionNames) yield* table.dictionary(source).makeSearchable('');
  for (const source of dimensionNames) {
    if (table.dictionary(source).size < indexedRows) continue;
    yield* table.indexRows(source);
    yield;
  }
  for (const word of rowWords) {
    yield* table.loadWords(word);
    yield;
  }
  yield* table.indexKeys();
  yield;
  for (const source of dimensionNames) {
    yield* table.loadIds(source);
    table.counts(source);
    yield;
    const dictionary = table.dictionary(source);
    for (const field of dictionary.size > indexedEntries ? [] : dictionary.fields) {
      dictionary.field(field);
      yield;
    }
  }
}
