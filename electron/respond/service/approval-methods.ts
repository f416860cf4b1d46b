import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RespondService } from '#electron/platform/respond-service.ts';
import type { RosterView, SignedOrderView } from '#shared/ipc/respond-views.ts';
import type { Roster } from '#shared/respond/approval.ts';
import { playbookNamed } from '#shared/respond/playbook.ts';
import { FailureError } from '#shared/util/result.ts';
import { standingObjection } from '../approval/authority.ts';
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
  const viewOf = (roster: Roster): RosterView =>
    rosterView(roster, workplace().orders.list(roster), workplace().clock.now());
  return {
    roster: () => {
      const roster = workplace().roster();
      return roster === null ? null : viewOf(roster);
    },
    pinRoster: ({ file }) => {
      return viewOf(workplace().rosters.pin(parseRosterFile(textOf(file), file)));
    },
    signRoster: ({ file, key, passphrase, out }) => {
      const { roster, signatures } = parseRosterFile(textOf(file), file);
      const signed = [...signatures, signRoster(roster, readKeyFile(key, passphrase))];
      const text = `${JSON.stringify({ roster, signatures: signed }, null, 1)}\n`;
      if (out !== null) writeDurably(resolve(out), text);
      return { version: roster.version, signatures: signed.length, text };
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
      const text = `${JSON.stringify(envelope)}\n`;
      if (input.out !== null) {
        if (existsSync(input.out)) throw new FailureError('invalid-input', `${input.out} is there already.`);
        writeDurably(resolve(input.out), text);
      }
      return { id: readOrder(text, roster).order.id, text };
    },
    signOrder: ({ file, key, passphrase, out }) => {
      const roster = pinned(workplace());
      const { envelope } = readOrder(textOf(file), roster);
      const signed = readOrder(JSON.stringify(countersign(envelope, readKeyFile(key, passphrase))), roster);
      const view = signedView(signed);
      if (out !== null) writeDurably(resolve(out), view.text);
      return view;
    },
    addOrder: ({ file }) => {
      const roster = pinned(workplace());
      return signedView(workplace().orders.add(readOrder(textOf(file), roster).envelope, roster));
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

function signedView({ order, people, envelope }: SignedOrder): SignedOrderView {
  return { id: order.id, people, text: `${JSON.stringify(envelope)}\n` };
}

function rosterView(roster: Roster, orders: readonly SignedOrder[], now: number): RosterView {
  const { format: _format, ...own } = roster;
  return {
    ...own,
    orders: orders.map((signed) => ({
      id: signed.order.id,
      playbook: signed.order.playbook,
      providers: signed.order.providers,
      mostTargets: signed.order.mostTargets,
      operatorRoles: signed.order.operatorRoles,
      people: signed.people,
      notAfter: signed.order.notAfter,
      objection: standingObjection(signed, signed.people, roster, now),
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
