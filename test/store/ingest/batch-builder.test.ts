import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dimensionNames, dimensionValues, hashedValues } from '#shared/domain/dimensions.ts';
import { type NormalizedEvent, outcomes, principalTypes } from '#shared/domain/event.ts';
import { entryTexts, openColumns } from '#shared/domain/packed-batch.ts';
import { eventIdOf, eventIdWords } from '#shared/util/event-id.ts';
import { hash32 } from '#shared/util/hash32.ts';
import { parseInstant } from '#shared/util/instant.ts';
import { BatchBuilder } from '#electron/ingest/batch-builder.ts';
import { BatchMemory } from '#electron/ingest/batch-memory.ts';
import { writeVendorKey } from '#electron/evidence/records/event-key.ts';
import { sha256 } from './support.ts';

const text = fc.constantFrom('', 'a', 'b', '\u0000', 'a\u0000b', 'null', '__proto__', 'é');
const maybe = fc.option(text, { nil: null });
const principal = fc.record({
  type: fc.constantFrom(...principalTypes),
  id: maybe,
  name: maybe,
  account: maybe,
});
const resource = fc.record({ type: maybe, id: text });
const event: fc.Arbitrary<NormalizedEvent> = fc.record({
  vendorId: maybe,
  time: fc.constantFrom('2024-05-01T10:00:00Z', '2024-05-01T10:00:00.123456789Z'),
  class: maybe,
  subject: principal,
  actor: fc.option(principal, { nil: null }),
  session: fc.option(
    fc.record({ id: maybe, name: maybe, startedAt: maybe, mfa: fc.option(fc.boolean(), { nil: null }) }),
    { nil: null },
  ),
  credential: fc.option(fc.record({ id: text, type: text }), { nil: null }),
  action: maybe,
  operation: maybe,
  service: maybe,
  resource: fc.option(resource, { nil: null }),
  resources: fc.array(resource, { maxLength: 3 }),
  outcome: fc.constantFrom(...outcomes),
  reason: fc.option(fc.record({ class: fc.constant(null), text: maybe, policy: maybe }), { nil: null }),
  ip: maybe,
  userAgent: maybe,
  account: maybe,
  region: maybe,
  correlation: fc.record({
    requestId: maybe,
    traceId: maybe,
    spanId: maybe,
    sessionId: maybe,
    sharedId: maybe,
  }),
});

describe('a batch', () => {
  it('holds of each event what its dimensions are defined to be', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const memory = new BatchMemory();
        const builder = new BatchBuilder(memory);
        builder.begin('door', 'ab');
        const take = (): Uint8Array<ArrayBuffer> => {
          for (const [index, item] of events.entries()) {
            builder.addEvent(item, parseInstant(item.time)!, index * 10, 9);
          }
          return builder.take().columns;
        };
        // What a batch before has left in its memory counts for nothing.
        const { buffer } = take();
        memory.giveBack(new Uint8Array(buffer).fill(0xa5).buffer);
        const columns = take();
        expect(columns.buffer).toBe(buffer);
        const batch = openColumns(columns);
        expect(batch.count).toBe(events.length);
        for (const [index, item] of events.entries()) {
          const values = dimensionValues('door', item);
          for (const name of dimensionNames) {
            const column = batch.dimensions[name];
            expect(JSON.parse(entryTexts(column)[column.ids[index]!]!)).toEqual(values[name]);
          }
          const hashes = batch.hashes.map((column) => column[index]);
          expect(hashes).toEqual(hashedValues(item).map((value) => (value === null ? 0 : hash32(value))));
          expect(batch.offsets[index]).toBe(index * 10);
        }
      }),
    );
  });
});

it('has memory of about its own size, since some ports send all of it', () => {
  const memory = new BatchMemory();
  const large = memory.take(8_000_000).buffer;
  memory.giveBack(large);
  for (const bytes of [10_000, 100_000, 1_000_000]) {
    expect(memory.take(bytes).buffer.byteLength).toBeLessThan(bytes * 1.5);
  }
  expect(memory.take(7_900_000).buffer).toBe(large);
});

function idOf(vendorId: string): string {
  const words = new Uint32Array(4);
  writeVendorKey(words, 0, vendorId);
  return eventIdOf(words);
}

describe('the identity of an event', () => {
  it('is the GUID that the vendor gave, in any letter case', () => {
    expect(idOf('0A1B2C3D-4E5F-6789-abcd-ef0123456789')).toBe('0a1b2c3d4e5f6789abcdef0123456789');
    expect(idOf('0a1b2c3d-4e5f-6789-abcd-ef0123456789')).toBe('0a1b2c3d4e5f6789abcdef0123456789');
  });

  it('differs between the stages of one request, and stays the same from run to run', () => {
    const guid = '0a1b2c3d-4e5f-6789-abcd-ef0123456789';
    const ids = ['', '/RequestReceived', '/ResponseStarted', '/ResponseComplete', '/Panic'].map((stage) =>
      idOf(guid + stage),
    );
    expect(new Set(ids).size).toBe(5);
    expect(idOf(`${guid}/Panic`)).toBe(ids[4]);
  });

  it('is the start of the SHA-256 of any other id', () => {
    for (const id of ['', 'x', '0a1b2c3d-4e5f-6789-abcd-ef012345678g', 'é'.repeat(100)]) {
      expect(idOf(id)).toBe(sha256(id).slice(0, 32));
    }
  });

  it('comes back from its text', () => {
    fc.assert(
      fc.property(fc.uint32Array({ minLength: 4, maxLength: 4 }), (words) => {
        expect(eventIdWords(eventIdOf(words))).toEqual([...words]);
      }),
    );
    expect(eventIdWords('xyz')).toBeNull();
  });
});
