import type { RecordSyntax } from '#shared/domain/batch.ts';
import type { LogFormat } from '#shared/domain/format.ts';
import { PartExtractor } from './extractor.ts';

/** The accelerated extractors of one thread, made as their formats come. */
export class Extractors {
  #latest: PartExtractor | null = null;
  readonly #made = new Map<LogFormat, PartExtractor>();

  /** Null where the format has no parts, or the log is no JSON in UTF-8: the reference extractor reads it. */
  of(format: LogFormat, syntax: RecordSyntax): PartExtractor | null {
    if (format.createParts === undefined || syntax.kind !== 'json' || syntax.charset !== 'utf-8') return null;
    const made = this.#made.get(format) ?? new PartExtractor(format.createParts(), format.containerKeys);
    this.#made.set(format, made);
    this.#latest = made;
    return made;
  }

  /** Memory for the bytes of a log, where an extractor was used before: most likely it reads them in place. */
  room(length: number): Uint8Array | null {
    return this.#latest?.scanner.room(length) ?? null;
  }
}
