import { compactMinute, datePath, timeText } from './clock.ts';
import type { Emission, Stream } from './emission.ts';
import { flat } from './flat.ts';
import type { Random } from './random.ts';
import type { Tally } from './truth.ts';

/** A file of the sample, before compression. */
export interface SampleFile {
  /** With forward slashes, relative to the sample's folder. */
  readonly path: string;
  readonly text: string;
  /** The path ends in `.gz`: the text is to be compressed. */
  readonly gzip: boolean;
}

const recordsPerTrailFile = 3000;
const recordsPerClusterFile = 5000;
/** CloudTrail promises to deliver at least once. */
const redeliveredShare = 0.002;
const trailBucket = 'halden-organization-trail';

interface Buffer {
  records: string[];
  /** Copies that the next file brings again. */
  again: string[];
  /** Files since the last digest. */
  delivered: { readonly object: string; readonly hash: string }[];
  previous: { readonly object: string; readonly hash: string } | null;
}

/** Collects records into files as CloudTrail and an API server write them. */
export class Delivery {
  readonly #random: Random;
  readonly #tally: Tally;
  readonly #sha256: ((text: string) => string) | undefined;
  readonly #buffers = new Map<Stream, Buffer>();
  readonly #full = new Set<Stream>();

  /** `sha256` gives the hex digest of a text; without it no digest files are made. */
  constructor(random: Random, tally: Tally, sha256: ((text: string) => string) | undefined) {
    this.#random = random;
    this.#tally = tally;
    this.#sha256 = sha256;
  }

  add({ stream, text }: Emission): void {
    let buffer = this.#buffers.get(stream);
    if (buffer === undefined) {
      buffer = { records: [], again: [], delivered: [], previous: null };
      this.#buffers.set(stream, buffer);
    }
    buffer.records.push(flat(text));
    const limit = stream.kind === 'cloudtrail' ? recordsPerTrailFile : recordsPerClusterFile;
    if (buffer.records.length >= limit) this.#full.add(stream);
  }

  /** Files that are full. `at`: time of delivery, milliseconds since 1970. */
  *full(at: number): Generator<SampleFile, void> {
    if (this.#full.size === 0) return;
    for (const stream of this.#full) yield* this.#file(stream, at);
    this.#full.clear();
  }

  /** What is left of the day, and the day's digests. */
  *endOfDay(at: number): Generator<SampleFile, void> {
    this.#full.clear();
    for (const stream of this.#buffers.keys()) {
      yield* this.#file(stream, at);
      if (stream.kind === 'cloudtrail') yield* this.#digest(stream, at);
    }
  }

  *#file(stream: Stream, at: number): Generator<SampleFile, void> {
    const buffer = this.#buffers.get(stream);
    if (buffer === undefined || buffer.records.length === 0) return;
    const { records } = buffer;
    buffer.records = [];
    this.#tally.file(true);
    if (stream.kind === 'kubernetes') {
      const stamp = timeText(at).slice(0, 19).replaceAll(':', '-');
      const path = `kubernetes/${stream.owner}/audit-${stamp}.${String(this.#random.below(1000)).padStart(3, '0')}.log`;
      yield { path, text: `${records.join('\n')}\n`, gzip: false };
      return;
    }
    const again = this.#redelivered(records);
    const delivered = records.concat(buffer.again);
    this.#tally.duplicates(buffer.again.length);
    buffer.again = again;
    this.#shuffle(delivered);
    const { owner, region } = stream;
    const path = `AWSLogs/${owner}/CloudTrail/${region}/${datePath(at)}/${owner}_CloudTrail_${region}_${compactMinute(at)}_${this.#random.hex16()}.json.gz`;
    const text = `{"Records":[${delivered.join(',')}]}`;
    if (this.#sha256 !== undefined) buffer.delivered.push({ object: path, hash: this.#sha256(text) });
    yield { path, text, gzip: true };
  }

  /** Copies of some records; those of the last file of a trail never come. */
  #redelivered(records: readonly string[]): string[] {
    const count = Math.floor(records.length * redeliveredShare + this.#random.fraction());
    return Array.from({ length: count }, () => this.#random.pick(records));
  }

  /** Records of a file are in no order. */
  #shuffle(records: string[]): void {
    for (let index = records.length - 1; index > 0; index--) {
      const other = this.#random.below(index + 1);
      const moved = records[index] ?? '';
      records[index] = records[other] ?? '';
      records[other] = moved;
    }
  }

  /** The integrity file of a trail's day, with the real hashes of its log files. */
  *#digest(stream: Stream, at: number): Generator<SampleFile, void> {
    const buffer = this.#buffers.get(stream);
    if (this.#sha256 === undefined || buffer === undefined) return;
    const { owner, region } = stream;
    const object = `AWSLogs/${owner}/CloudTrail-Digest/${region}/${datePath(at)}/${owner}_CloudTrail-Digest_${region}_organization-trail_eu-west-1_${compactMinute(at)}.json.gz`;
    const text = JSON.stringify({
      awsAccountId: owner,
      digestStartTime: timeText(at - 86_400_000),
      digestEndTime: timeText(at),
      digestS3Bucket: trailBucket,
      digestS3Object: object,
      digestPublicKeyFingerprint: '31e8b5433410dfb61a9dc45cc65b22ff',
      digestSignatureAlgorithm: 'SHA256withRSA',
      newestEventTime: timeText(at - 60_000),
      oldestEventTime: timeText(at - 86_400_000),
      previousDigestS3Bucket: buffer.previous === null ? null : trailBucket,
      previousDigestS3Object: buffer.previous?.object ?? null,
      previousDigestHashValue: buffer.previous?.hash ?? null,
      previousDigestHashAlgorithm: buffer.previous === null ? null : 'SHA-256',
      previousDigestSignature: null,
      logFiles: buffer.delivered.map((file) => ({
        s3Bucket: trailBucket,
        s3Object: file.object,
        hashValue: file.hash,
        hashAlgorithm: 'SHA-256',
      })),
    });
    buffer.previous = { object, hash: this.#sha256(text) };
    buffer.delivered = [];
    this.#tally.file(false);
    yield { path: object, text, gzip: true };
  }
}
