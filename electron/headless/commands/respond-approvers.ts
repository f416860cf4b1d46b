import { writeFileSync } from 'node:fs';
import { valueOf } from '#electron/router/value-of.ts';
import { isPublicKey, newRoster as rosterOf } from '#shared/respond/new-roster.ts';
import { FailureError } from '#shared/util/result.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { readSecret } from '../standard-input.ts';
import { type Invocation, neededOf, numberOf, printDocument, textOf } from './command.ts';
import { passphraseOf } from './passphrase.ts';
import { type Subcommand, oneWord } from './subcommand.ts';

/** Keys, the roster and standing orders. */
export const approverCommands: Readonly<Record<string, Subcommand>> = {
  key: {
    usage: 'FILE [--seal]',
    summary: 'make an approver’s key; prints the public key for the roster',
    async run(invocation) {
      const file = oneWord(invocation, 'FILE');
      const passphrase =
        invocation.options['seal'] === true ? await readSecret(invocation.terminal, 'A passphrase') : null;
      const made = valueOf(
        await invocation.session().client.request('respond.createKey', { file, passphrase }),
      );
      await printDocument(invocation, made, () => `${made.publicKey}\n`);
      return exitCodes.done;
    },
  },
  roster: {
    usage: 'show | new --person ID=PUBLICKEY… [--needed N] --out FILE | pin FILE | sign FILE --key FILE',
    summary: 'who may approve; a new one must be signed by the quorum of the one before',
    async run(invocation) {
      const [word = 'show', file = ''] = invocation.positionals;
      const { client } = invocation.session();
      if (word === 'sign') {
        const key = neededOf(invocation, 'key', 'FILE');
        const passphrase = await passphraseOf(key, invocation);
        const signed = valueOf(
          await client.request('respond.signRoster', { file, key, passphrase, out: file }),
        );
        await printDocument(invocation, signed, () => `${signed.signatures} signatures\n`);
        return exitCodes.done;
      }
      if (word === 'new') return newRoster(invocation);
      if (word !== 'show' && word !== 'pin')
        throw new FailureError('invalid-input', `“${word}” is none of show, new, pin, sign.`);
      const roster =
        word === 'show'
          ? valueOf(await client.request('respond.roster', {}))
          : valueOf(await client.request('respond.pinRoster', { file }));
      await printDocument(invocation, roster, () =>
        roster === null
          ? 'No roster is pinned.\n'
          : `Roster ${roster.version}, quorum ${roster.quorum}\n${roster.people.map(({ id, name, roles }) => `  ${id}: ${name} (${roles.join(', ')})\n`).join('')}`,
      );
      return exitCodes.done;
    },
  },
  order: {
    usage:
      'new --provider NAME… --most-targets N --days N --key FILE --out FILE | sign FILE --key FILE | add FILE | remove ID',
    summary: 'standing orders: signed in peacetime, so that one signature may run a mild plan within them',
    async run(invocation) {
      const [word = '', file = ''] = invocation.positionals;
      const { client } = invocation.session();
      if (word === 'new') {
        const key = neededOf(invocation, 'key', 'FILE');
        const out = neededOf(invocation, 'out', 'FILE');
        const made = valueOf(
          await client.request('respond.createOrder', {
            playbook: textOf(invocation, 'playbook') ?? 'contain',
            providers: [...(invocation.lists['provider'] ?? [])],
            mostTargets: numberOf(invocation, 'most-targets') ?? 10,
            operatorRoles: [...(invocation.lists['role'] ?? [])],
            days: numberOf(invocation, 'days') ?? 30,
            key,
            passphrase: await passphraseOf(key, invocation),
            out,
          }),
        );
        await printDocument(invocation, made, () => `${made.id}: let others sign ${out}, then add it.\n`);
        return exitCodes.done;
      }
      if (word === 'remove') {
        valueOf(await client.request('respond.removeOrder', { id: file }));
        return exitCodes.done;
      }
      if (word !== 'sign' && word !== 'add')
        throw new FailureError('invalid-input', `“${word}” is none of new, sign, add, remove.`);
      const order =
        word === 'add'
          ? valueOf(await client.request('respond.addOrder', { file }))
          : valueOf(
              await client.request('respond.signOrder', {
                file,
                key: neededOf(invocation, 'key', 'FILE'),
                passphrase: await passphraseOf(neededOf(invocation, 'key', 'FILE'), invocation),
                out: file,
              }),
            );
      await printDocument(invocation, order, () => `${order.id}, signed by ${order.people.join(', ')}\n`);
      return exitCodes.done;
    },
  },
};

/** Writes a roster of people with their keys; everything else in it may be edited before it is pinned. */
async function newRoster(invocation: Invocation): Promise<ExitCode> {
  const out = neededOf(invocation, 'out', 'FILE');
  const people = (invocation.lists['person'] ?? []).map((word) => {
    const [, id, key] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    if (id === undefined || key === undefined) {
      throw new FailureError('invalid-input', `“${word}” is no person: write ID=PUBLICKEY.`);
    }
    if (!isPublicKey(key)) {
      throw new FailureError(
        'invalid-input',
        `“${key}” is no public key: “rescind respond key FILE” prints one.`,
      );
    }
    return { id, name: id, roles: ['approver'], keys: [key], identities: [], users: [] };
  });
  const needed = numberOf(invocation, 'needed') ?? 2;
  if (people.length < needed)
    throw new FailureError('invalid-input', `${needed} approvals need ${needed} people or more.`);
  const strict = Math.max(2, needed);
  const mild = { R0: needed, R2: needed };
  const roster = rosterOf(
    people,
    people.length < strict ? mild : { ...mild, R1: strict, R3: strict, R4: strict },
    { version: 1, quorum: Math.min(people.length, strict) },
  );
  try {
    writeFileSync(out, `${JSON.stringify(roster, null, 2)}\n`, { flag: 'wx' });
  } catch (thrown) {
    const why =
      (thrown as NodeJS.ErrnoException).code === 'EEXIST' ? 'is there already' : 'cannot be written';
    throw new FailureError('invalid-input', `${out} ${why}.`);
  }
  await printDocument(
    invocation,
    roster,
    () => `${out}: look at it, then: rescind respond roster pin ${out}\n`,
  );
  return exitCodes.done;
}
