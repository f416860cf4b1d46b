import { writeEventKey } from '#electron/evidence/records/event-key.ts';
import type { EvidencePosition, NormalizedEvent } from '#shared/domain/event.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { eventIdOf } from '#shared/util/event-id.ts';

/** A record with several events, told apart by their ids. */
export class SharedRecord {
  readonly #position: EvidencePosition;
  readonly #events: readonly NormalizedEvent[];
  readonly #part: (number: number) => JsonObject;
  readonly #numbers = new Map<string, number>();

  constructor(
    position: EvidencePosition,
    events: readonly NormalizedEvent[],
    part: (number: number) => JsonObject,
  ) {
    this.#position = position;
    this.#events = events;
    this.#part = part;
    const { sha256, offset } = position;
    const words = new Uint32Array(4);
    for (const [number, { vendorId }] of events.entries()) {
      writeEventKey(words, 0, vendorId, { sha256, offset, part: number });
      const id = eventIdOf(words);
      if (!this.#numbers.has(id)) this.#numbers.set(id, number);
    }
  }

  isAt({ sha256, offset, path }: EvidencePosition): boolean {
    const own = this.#position;
    return own.offset === offset && own.sha256 === sha256 && own.path === path;
  }

  event(id: string): NormalizedEvent | undefined {
    const number = this.#numbers.get(id);
    return number === undefined ? undefined : this.#events[number];
  }

  /** What of the vendor's own record is about the event. */
  native(id: string): JsonObject | null {
    const number = this.#numbers.get(id);
    return number === undefined ? null : this.#part(number);
  }
}
