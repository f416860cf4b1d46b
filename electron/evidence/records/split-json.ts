import { type JsonObject, isObject } from '#shared/domain/json.ts';
import { type ParseJson, parseLine, parseObject } from './decode.ts';
import { EndGuess } from './guess.ts';
import { type ParsedRecord, type RecordScanner, type RecordSlice, longestRecord } from './record.ts';
import { nextInList, nextLike, nextObjectLine, trimBlanks, trimSeparators } from './resync.ts';
import * as scan from './scan.ts';
import type { Window } from './window.ts';

/** Where the splitter stands: between values, in a list of records, or in the rest of an object that held one. */
type Place = 'top' | 'list' | 'members';

/** What one step came to. `more`: the window ends within a value. */
type Step = { readonly at: number; readonly slice: RecordSlice | null } | 'more';

const cut = 'Truncated: the file ends within this record.';
const invalid = 'This record is not valid JSON.';
const tooLong = `Longer than ${longestRecord} bytes.`;

/** Lists within lists, and objects that hold them: no log nests its containers deeper. */
const deepestContainer = 16;

/** Bytes that may be looked at in vain for the ends of broken records before only lines and lists are trusted. */
const patience = 256 * 1024 * 1024;

/**
 * Splits JSON into records: values one after another, one a line or printed over many, in arrays and in objects that
 * hold arrays of records (`Records`, `items`, …), such containers also within lists and lines. A broken record costs
 * itself alone: the splitter goes on at the next place where a record plausibly begins, and reports what lies between.
 */
export class JsonSplitter {
  readonly #window: Window;
  readonly #containers: ReadonlySet<string>;
  readonly #parse: ParseJson;
  readonly #scanner: RecordScanner | null;
  readonly #guess = new EndGuess();
  #stack: Place[] = ['top'];
  #at = 0;
  /** Records stood one a line: after a broken line the next line is the next record. */
  #inLines = false;
  #wasted = 0;

  /** With a scanner, which holds the window's bytes, records that it takes are passed over. */
  constructor(
    window: Window,
    containerKeys: ReadonlySet<string>,
    parse: ParseJson,
    scanner: RecordScanner | null = null,
  ) {
    this.#window = window;
    this.#containers = containerKeys;
    this.#parse = parse;
    this.#scanner = scanner;
  }

  /** Position up to which the window is dealt with. */
  get position(): number {
    return this.#at;
  }

  /** Tells that the window has moved by `distance`. */
  moved(distance: number): void {
    this.#at -= distance;
    this.#guess.forget();
  }

  /** The records that end within the window; at the end of the stream also what is left of the last one. */
  *records(): Generator<RecordSlice> {
    for (;;) {
      const step = this.#step();
      if (step === 'more') return;
      this.#at = step.at;
      if (step.slice !== null) yield step.slice;
    }
  }

  get #place(): Place {
    return this.#stack.at(-1) ?? 'top';
  }

  #step(): Step {
    const { scan: bytes } = this.#window;
    const at = scan.skipBlanks(bytes, this.#at);
    if (at >= bytes.length) {
      this.#at = at;
      return 'more';
    }
    const place = this.#place;
    if (place === 'members') return this.#rest(at);
    const byte = bytes[at];
    // A comma between values, or what is left of a list that was broken off.
    if (byte === scan.comma) return { at: at + 1, slice: null };
    if (byte === scan.openBrace) return this.#object(at);
    if (byte === scan.openBracket) {
      const list = this.#list(at);
      if (list !== null) return list;
    }
    return place === 'list' ? this.#element(at) : this.#line(at);
  }

  /** The list of records that opens at `at`; null where it holds anything else. */
  #list(at: number): Step | null {
    const { scan: bytes, ended } = this.#window;
    const first = scan.skipBlanks(bytes, at + 1);
    if (first >= bytes.length && !ended) return 'more';
    if (!scan.isListStart(bytes[first]) || this.#stack.length > deepestContainer) return null;
    this.#enter('list');
    return { at: at + 1, slice: null };
  }

  #enter(place: Place): void {
    this.#stack.push(place);
    this.#guess.learn(null);
  }

  #leave(): void {
    if (this.#stack.length > 1) this.#stack.pop();
    this.#guess.learn(null);
  }

  /** What stands in a list and is neither object nor list. */
  #element(at: number): Step {
    const { scan: bytes, ended } = this.#window;
    if (bytes[at] === scan.closeBracket) {
      this.#leave();
      return { at: at + 1, slice: null };
    }
    let end = at + 1;
    if (bytes[at] === scan.quote) {
      const after = scan.endOfString(bytes, at);
      const next = after === scan.unfinished ? undefined : bytes[scan.skipBlanks(bytes, after)];
      if (next === scan.comma || next === scan.closeBracket) end = after;
    } else {
      while (end < bytes.length && !scan.isStructure(bytes[end])) end++;
      if (end === bytes.length && !ended && end - at <= longestRecord) return 'more';
    }
    const to = trimBlanks(bytes, at, end);
    return { at: end, slice: this.#window.problem(at, to, 'Expected a JSON object in a list of records.') };
  }

  /** The object at `at`: a record, or a container whose list is entered. */
  #object(at: number): Step {
    const { scan: bytes } = this.#window;
    if (this.#scanner !== null && this.#wasted <= patience) {
      const step = this.#take(this.#scanner, at);
      if (step !== null) return step;
    }
    const inTop = this.#place === 'top';
    const guess = inTop ? this.#guess.inLine(bytes, at) : this.#guess.inList(bytes, at);
    if (guess !== scan.unfinished && !this.#startsContainer(at)) {
      const record = parseObject(this.#window.text(at, guess), this.#parse);
      if (record !== null && !this.#isContainer(record)) return this.#record(at, guess, record);
    }
    if (this.#wasted > patience) return this.#broken(at, bytes.length, invalid);
    return this.#members(at);
  }

  /** Walks the members of the object at `at` to its list of records or to its end. */
  #members(at: number): Step {
    const { scan: bytes } = this.#window;
    const found = scan.scanMembers(bytes, at + 1, this.#containers);
    if (found.kind === 'array' && this.#stack.length < deepestContainer) return this.#container(found);
    if (found.kind === 'end') {
      const isShort = found.at - at <= longestRecord;
      const record = isShort ? parseObject(this.#window.text(at, found.at), this.#parse) : null;
      if (record !== null) return this.#record(at, found.at, record);
      this.#wasted += found.at - at;
      return this.#broken(at, found.at, isShort ? invalid : tooLong);
    }
    if (found.kind === 'unfinished') return this.#unended(at);
    const next = scan.skipBlanks(bytes, at + 1);
    if (bytes[next] === scan.openBrace) {
      return { at: next, slice: this.#window.problem(at, at + 1, 'A brace too many.') };
    }
    const end = scan.endOfContainer(bytes, at);
    if (end === scan.unfinished) return this.#unended(at);
    this.#wasted += end - at;
    return this.#broken(at, end, invalid);
  }

  /** Goes into the list that opens before `at`, within `depth` objects. */
  #container({ at, depth }: { readonly at: number; readonly depth: number }): Step {
    for (let level = 0; level < depth; level++) this.#enter('members');
    this.#enter('list');
    return { at, slice: null };
  }

  /** The rest of an object whose list of records has been read, from `at`. */
  #rest(at: number): Step {
    const found = scan.scanMembers(this.#window.scan, at, this.#containers);
    if (found.kind === 'array') {
      for (let level = 1; level < found.depth; level++) this.#enter('members');
      this.#enter('list');
      return { at: found.at, slice: null };
    }
    if (found.kind === 'unfinished' && !this.#window.ended) {
      if (this.#window.scan.length - at <= longestRecord) return 'more';
    }
    // Damaged after its list, or ended: either way the object is over and what follows is looked at afresh.
    this.#leave();
    return { at: found.kind === 'end' ? found.at : at, slice: null };
  }

  /** A line that does not begin with JSON: a text (a timestamp, say) before an object, or no record at all. */
  #line(at: number): Step {
    const { scan: bytes, ended } = this.#window;
    const lineEnd = this.#guess.lineEnd(bytes, at);
    const isOpen = lineEnd === bytes.length && !ended;
    if (isOpen && bytes.length - at <= longestRecord) return 'more';
    const end = trimBlanks(bytes, at, lineEnd);
    const brace = bytes.subarray(at, end).indexOf(scan.openBrace);
    const isWhole = !isOpen && end - at <= longestRecord && bytes[end - 1] === scan.closeBrace;
    const record = brace === -1 || !isWhole ? null : parseLine(this.#window.text(at, end), this.#parse);
    if (record !== null) return this.#record(at, end, record);
    const to = brace === -1 ? end : at + brace;
    const reason = 'Expected a JSON object; this text is none.';
    return { at: to, slice: this.#window.problem(at, trimBlanks(bytes, at, to), reason) };
  }

  #record(from: number, to: number, record: JsonObject): Step {
    this.#learn(from, to);
    const [offset, length] = [this.#window.offsetOf(from), this.#window.lengthOf(from, to)];
    return { at: to, slice: { kind: 'record', offset, length, record } };
  }

  /** Lets the scanner take records from `at` on; null where the object there is to be parsed. */
  #take(scanner: RecordScanner, at: number): Step | null {
    const isKnown = this.#guess.start !== null && (this.#place !== 'top' || this.#inLines);
    const { stoppedAt, takenTo, left } = scanner.take(
      at,
      isKnown ? Number.POSITIVE_INFINITY : 1,
      this.#window.offsetOf(0),
    );
    if (takenTo > 0 && !isKnown) this.#learn(at, takenTo);
    if (left === scan.unfinished) return stoppedAt > at ? { at: stoppedAt, slice: null } : null;
    this.#learn(stoppedAt, left);
    return { at: left, slice: new ScannedRecord(this.#window, stoppedAt, left) };
  }

  /** What records of this log look like, for the time when one is broken. */
  #learn(from: number, to: number): void {
    const { scan: bytes } = this.#window;
    if (this.#guess.start === null) this.#guess.learn(scan.objectStart(bytes, from));
    if (this.#place === 'top' && !this.#inLines) this.#inLines = this.#guess.lineEnd(bytes, from) >= to;
  }

  /** Whether the object's first member is a list of records: then it is not parsed as one value. */
  #startsContainer(at: number): boolean {
    const { scan: bytes } = this.#window;
    const key = scan.skipBlanks(bytes, at + 1);
    if (bytes[key] !== scan.quote) return false;
    const end = scan.endOfString(bytes, key);
    return end !== scan.unfinished && this.#containers.has(bytes.toString('latin1', key + 1, end - 1));
  }

  /** Whether a list of records lies under a container's key, or in an object under one: as `scanMembers` finds it. */
  #isContainer(record: JsonObject, isInner = false): boolean {
    for (const key of this.#containers) {
      const value = Object.hasOwn(record, key) ? record[key] : undefined;
      if (Array.isArray(value)) {
        if (value.length === 0 || isObject(value[0]) || Array.isArray(value[0])) return true;
      } else if (!isInner && isObject(value) && this.#isContainer(value, true)) return true;
    }
    return false;
  }

  /** A value that does not end in the window: wait for more, unless it is too long or the stream has ended. */
  #unended(at: number): Step {
    const { scan: bytes, ended } = this.#window;
    if (!ended && bytes.length - at <= longestRecord) return 'more';
    this.#wasted += bytes.length - at;
    return this.#broken(at, bytes.length, ended ? cut : tooLong);
  }

  /** Reports the bytes from `at` to the next plausible start of a record, at most up to `end`, and goes on there. */
  #broken(at: number, end: number, reason: string): Step {
    const { scan: bytes } = this.#window;
    if (this.#stack.length < deepestContainer && this.#wasted <= patience && bytes[at] === scan.openBrace) {
      // A container that is damaged within its list is no broken record.
      const found = scan.scanMembers(bytes, at + 1, this.#containers, true);
      if (found.kind === 'array') return this.#container(found);
    }
    const next = this.#nextStart(at, end);
    const to = trimSeparators(bytes, at, next ?? end);
    const isCut = reason === cut && next === null;
    return {
      at: next ?? end,
      slice: this.#window.problem(at, to, reason === cut && !isCut ? invalid : reason),
    };
  }

  #nextStart(at: number, end: number): number | null {
    const { scan: bytes } = this.#window;
    const start = this.#guess.start ?? scan.objectStart(bytes, at);
    if (this.#place === 'list') {
      const like = start === null ? null : nextLike(bytes, start, at, end);
      return like ?? nextInList(bytes, at, end);
    }
    if (!this.#inLines) return nextObjectLine(bytes, at, end);
    const lineEnd = this.#guess.lineEnd(bytes, at);
    const like = start === null ? null : nextLike(bytes, start, at, Math.min(lineEnd, end));
    if (like !== null && parseObject(this.#window.text(like, lineEnd)) !== null) return like;
    return lineEnd + 1 < end ? lineEnd + 1 : null;
  }
}

class ScannedRecord implements ParsedRecord {
  readonly kind = 'record';
  readonly offset: number;
  readonly length: number;
  readonly #window: Window;
  readonly #from: number;
  readonly #to: number;

  constructor(window: Window, from: number, to: number) {
    this.offset = window.offsetOf(from);
    this.length = window.lengthOf(from, to);
    this.#window = window;
    this.#from = from;
    this.#to = to;
  }

  get record(): JsonObject {
    const record = parseObject(this.#window.text(this.#from, this.#to));
    if (record === null) throw new Error('the scanner took for a record what is none');
    return record;
  }
}
