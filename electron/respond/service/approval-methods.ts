import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RespondService } from '#electron/platform/respond-service.ts';
import type { RosterView } from '#shared/ipc/respond-views.ts';
import type { Roster } from '#shared/respond/approval.ts';
import { playbookNamed } from '#shared/respond/playbook.ts';
import { FailureError } from '#shared/util/result.ts';
import { countersign } from '../approval/dsse.ts';
import { createKeyFile, readKeyFile } from '../approval/keys.ts';
import { type SignedOrder, readOrder } from '../approval/order-store.ts';
import { parseRosterFile } from '../approval/roster-store.ts';
import { signRoster, standingOrder } from '../approval/sign.ts';
import { writeDurably } from '../files.ts';
import type { Workplace } from './workplace.ts';

type ApprovalMethod =
  | 'roster'
  | 'pinRoster'
  | 'signRoster'
  | 'createKey'
  | 'createOrder'
  | 'signOrder'
  | 'addOrder'
  | 'removeOrder';

export function approvalMethods(workplace: () => Workplace): Pick<RespondService, ApprovalMethod> {
  return {
    roster: () => {
      const roster = workplace().roster();
      return roster === null ? null : rosterView(roster, workplace().orders.list(roster));
    },
    pinRoster: ({ file }) => {
      const { rosters, orders } = workplace();
      const roster = rosters.pin(parseRosterFile(textOf(file), file));
      return rosterView(roster, orders.list(roster));
    },
    signRoster: ({ file, key, passphrase }) => {
      const { roster, signatures } = parseRosterFile(textOf(file), file);
      const signed = [...signatures, signRoster(roster, readKeyFile(key, passphrase))];
      writeDurably(resolve(file), `${JSON.stringify({ roster, signatures: signed }, null, 1)}\n`);
      return { signatures: signed.length };
    },
    createKey: ({ file, passphrase }) => ({ publicKey: createKeyFile(resolve(file), passphrase) }),
    createOrder: (input) => {
      const playbook = playbookNamed(input.playbook);
      if (playbook === null)
        throw new FailureError('invalid-input', `There is no playbook “${input.playbook}”.`);
      const { registry, clock } = workplace();
      for (const name of input.providers) registry.get(name);
      const roster = pinned(workplace());
      const key = readKeyFile(input.key, input.passphrase);
      const envelope = standingOrder({ ...input, playbook, roster, key, now: clock.now() });
      if (existsSync(input.out)) throw new FailureError('invalid-input', `${input.out} is there already.`);
      writeDurably(resolve(input.out), `${JSON.stringify(envelope)}\n`);
      return { id: readOrder(JSON.stringify(envelope), roster).order.id };
    },
    signOrder: ({ file, key, passphrase }) => {
      const roster = pinned(workplace());
      const { envelope } = readOrder(textOf(file), roster);
      const signed = countersign(envelope, readKeyFile(key, passphrase));
      writeDurably(resolve(file), `${JSON.stringify(signed)}\n`);
      const { order, people } = readOrder(JSON.stringify(signed), roster);
      return { id: order.id, people };
    },
    addOrder: ({ file }) => {
      const roster = pinned(workplace());
      const { envelope } = readOrder(textOf(file), roster);
      const { order, people } = workplace().orders.add(envelope, roster);
      return { id: order.id, people };
    },
    removeOrder: ({ id }) => {
      workplace().orders.remove(id);
      return null;
    },
  };
}

/** The pinned roster. Throws kind `refused` where there is none. */
export function pinned(workplace: Workplace): Roster {
  const roster = workplace.roster();
  if (roster !== null) return roster;
  throw new FailureError(
    'refused',
    'No roster is pinned. Make one with “rescind respond roster new” and pin it.',
  );
}

function rosterView({ version, quorum, people }: Roster, orders: readonly SignedOrder[]): RosterView {
  return {
    version,
    quorum,
    people: people.map(({ id, name, roles }) => ({ id, name, roles })),
    orders: orders.map(({ order, people: signed }) => ({
      id: order.id,
      playbook: order.playbook,
      providers: order.providers,
      mostTargets: order.mostTargets,
      people: signed,
      notAfter: order.notAfter,
    })),
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new FailureError('not-found', `${file} cannot be read.`);
  }
}
