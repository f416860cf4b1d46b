import type { RecordSyntax } from '#shared/domain/batch.ts';
import type { ParsedRecord, RecordScanner, RecordSlice } from './record.ts';
import type { ParseJson } from './decode.ts';
import { JsonSplitter } from './split-json.ts';
import { LdifSplitter } from './split-ldif.ts';
import { TableSplitter } from './split-table.ts';
import { Window } from './window.ts';

/**
 * Splits a stream of any length into records with their exact positions. Memory is bounded by the chunk and the
 * longest record. Chunks are taken in order; `end` gives what the last one left open. Never throws on data.
 */
export class RecordSplitter {
  readonly #window: Window;
  readonly #splitter: JsonSplitter | LdifSplitter | TableSplitter;
  /** Bytes of the byte order mark that are still to be passed over. */
  #mark: number;

  /** `scanner`: looks at records of JSON first; those that it takes are passed over. */
  constructor(
    syntax: RecordSyntax,
    markLength: number,
    containerKeys: ReadonlySet<string>,
    parse: ParseJson = JSON.parse,
    scanner: RecordScanner | null = null,
  ) {
    this.#mark = markLength;
    const scans = syntax.charset === 'utf-8' ? scanner : null;
    this.#window = new Window(syntax.charset, scans);
    this.#splitter = splitterOf(this.#window, syntax, containerKeys, parse, scans);
  }

  /** Records that end within what has come so far. Take all of them before the next chunk. */
  *push(chunk: Uint8Array): Generator<RecordSlice> {
    const passed = Math.min(this.#mark, chunk.length);
    this.#mark -= passed;
    this.#window.skip(passed);
    this.#splitter.moved(this.#window.extend(chunk.subarray(passed), this.#splitter.position));
    yield* this.#splitter.records();
  }

  /** What is left when the stream has ended. */
  *end(): Generator<RecordSlice> {
    this.#window.ended = true;
    yield* this.#splitter.records();
    const rest = this.#window.oddByte();
    if (rest !== null) yield rest;
  }

  /** The start of a record's bytes as text, for display. Only for the record that came last. */
  excerpt(record: ParsedRecord): string {
    return this.#window.excerptAt(record.offset, record.length);
  }
}

function splitterOf(
  window: Window,
  syntax: RecordSyntax,
  containerKeys: ReadonlySet<string>,
  parse: ParseJson,
  scanner: RecordScanner | null,
): JsonSplitter | LdifSplitter | TableSplitter {
  if (syntax.kind === 'json') return new JsonSplitter(window, containerKeys, parse, scanner);
  if (syntax.kind === 'ldif') return new LdifSplitter(window);
  return new TableSplitter(window, syntax.delimiter, syntax.header);
}
