import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folderMode } from '#electron/platform/case-folder.ts';
import { type Roster, type StandingOrder, orderPredicate } from '#shared/respond/approval.ts';
import type { Envelope } from '#shared/respond/plan.ts';
import { FailureError } from '#shared/util/result.ts';
import { writeDurably } from '../files.ts';
import { signersOf, statementOf } from './dsse.ts';
import { envelopeSchema } from './roster-store.ts';

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

  list(roster: Roster): SignedOrder[] {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .map((name) => readOrder(readFileSync(join(this.#folder, name), 'utf8'), roster));
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

/** Reads a standing order's file and finds who has signed it. */
export function readOrder(text: string, roster: Roster): SignedOrder {
  const envelope = envelopeSchema.parse(JSON.parse(text));
  const statement = statementOf<StandingOrder>(envelope, orderPredicate);
  if (statement === null) throw new FailureError('unusable', 'This is no standing order.');
  const order = statement.predicate;
  if (!/^[a-z0-9-]{1,64}$/.test(order.id))
    throw new FailureError('unusable', 'This standing order has no usable id.');
  const people = roster.people.filter(({ keys }) => signersOf(envelope, keys).length > 0).map(({ id }) => id);
  return { order, people, envelope };
}
