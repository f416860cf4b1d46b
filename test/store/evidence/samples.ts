import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'rescind-evidence-'));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Text that looks like a log: compressible, never the same twice. `size` bytes, the same for the same seed. */
export function logText(size: number, seed = 1): Buffer {
  let state = seed >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const actions = ['GetObject', 'PutObject', 'ListBucket', 'AssumeRole', 'DescribeInstances', 'Decrypt'];
  const parts: string[] = [];
  for (let length = 0; length < size; ) {
    const line = `{"eventID":"${next().toString(16)}-${next().toString(16)}","eventName":"${actions[next() % 6]}","eventTime":"2024-05-01T10:${String(next() % 60).padStart(2, '0')}:00Z","sourceIPAddress":"10.0.${next() % 256}.${next() % 256}"}\n`;
    parts.push(line);
    length += line.length;
  }
  return Buffer.from(parts.join('').slice(0, size));
}

/** Stretches of very different nature, one after another: text, noise, long runs. */
export const content: fc.Arbitrary<Buffer> = fc
  .array(
    fc.oneof(
      fc
        .record({ size: fc.integer({ min: 0, max: 600_000 }), seed: fc.integer({ min: 1 }) })
        .map(({ size, seed }) => logText(size, seed)),
      fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
      fc
        .record({ size: fc.integer({ min: 0, max: 3_000_000 }), byte: fc.integer({ min: 0, max: 255 }) })
        .map(({ size, byte }) => Buffer.alloc(size, byte)),
    ),
    { maxLength: 6 },
  )
  .map((parts) => Buffer.concat(parts));

/** One gzip member or several, at any level; level 0 makes stored blocks. */
export function gzipMembers(bytes: Buffer, levels: readonly number[]): Buffer {
  const size = Math.ceil(bytes.length / levels.length);
  return Buffer.concat(
    levels.map((level, index) => gzipSync(bytes.subarray(index * size, (index + 1) * size), { level })),
  );
}

export const gzipLevels = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 });
