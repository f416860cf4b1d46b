import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folderMode } from '#electron/platform/case-folder.ts';
import type { Roster, StandingOrder } from '#shared/respond/approval.ts';
import type { Envelope } from '#shared/respond/plan.ts';
import { FailureError } from '#shared/util/result.ts';
import { writeDurably } from '../files.ts';
import { signersOf } from './dsse.ts';
import { envelopeSchema } from './roster-store.ts';
import { orderOf } from './statements.ts';

/** A standing order with the people who have signed it. */
export interface SignedOrder {
  readonly order: StandingOrder;
  readonly people: readonly string[];
  readonly envelope: Envelope;
}

/** Standing orders of this workstation, one file each in the configuration folder. */
export class OrderStore {
  readonly #folder: string;

  constructor(configFolder: string) {
    this.#folder = join(configFolder, 'respond', 'standing-orders');
    mkdirSync(this.#folder, { recursive: true, mode: folderMode });
  }

  /** Orders that can be read. A damaged file gives no right, and stands in the way of no other one. */
  list(roster: Roster): SignedOrder[] {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .flatMap((name) => {
        try {
          return [readOrder(readFileSync(join(this.#folder, name), 'utf8'), roster)];
        } catch {
          return [];
        }
      });
  }

  add(envelope: Envelope, roster: Roster): SignedOrder {
    const signed = readOrder(JSON.stringify(envelope), roster);
    writeDurably(join(this.#folder, `${signed.order.id}.json`), `${JSON.stringify(envelope)}\n`);
    return signed;
  }

  remove(id: string): void {
    const name = readdirSync(this.#folder).find((candidate) => candidate === `${id}.json`);
    if (name === undefined) throw new FailureError('not-found', `There is no standing order “${id}”.`);
    rmSync(join(this.#folder, name));
  }
}

/** Reads a standing order's file and finds who has signed it. Throws kind `unusable` for anything else. */
export function readOrder(text: string, roster: Roster): SignedOrder {
  const envelope = envelopeOf(text);
  const order = envelope === null ? undefined : orderOf(envelope)?.predicate;
  if (envelope === null || order === undefined) {
    throw new FailureError('unusable', 'This is no standing order.');
  }
  const people = roster.people.filter(({ keys }) => signersOf(envelope, keys).length > 0).map(({ id }) => id);
  return { order, people, envelope };
}

function envelopeOf(text: string): Envelope | null {
  try {
    return envelopeSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
