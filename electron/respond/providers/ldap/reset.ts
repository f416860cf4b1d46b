import { randomBytes } from 'node:crypto';
import { Attribute, Change } from 'ldapts';
import { textAt } from '#shared/domain/json.ts';
import type { ActionSpec } from '#shared/domain/response.ts';
import { furtherCall, outcome } from '../../outcomes.ts';
import type { Action, ProviderIo } from '../../provider.ts';
import type { LdapDirectory } from './directory.ts';
import { attributeVersion } from './replication.ts';
import { resetPermission } from './readiness.ts';

const spec: ActionSpec = {
  id: 'user.reset-password-twice',
  title: 'Set the password twice, to values that nobody knows',
  verb: 'credential.rotate',
  reversibility: 'R3',
  stops: ['password'],
  doesNotStop: [
    {
      artefact: 'service_ticket',
      residualSeconds: null,
      coveredBy: ['identity.disable'],
      note: 'Tickets that were issued before live to their end; disable the account as well.',
    },
  ],
  // Setting it once more is harmless: nobody knows any of the values.
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: [resetPermission],
  rateLimit: null,
  settle: { typicalMs: 1_000, maxMs: 15_000 },
  beyondReach: null,
  undo: { possible: false, waitSeconds: 0, note: 'Somebody gives the person a new password.' },
};

/** Two, because after one the old password still lets in for a while (“old password allowed period”). */
const resets = 2;

/**
 * Active Directory: `unicodePwd` twice. How often it was written is told by the attribute's version in the replication
 * metadata, so that one reset of two is never taken for both.
 */
export function resetPasswordAction(directory: LdapDirectory, io: ProviderIo): Action {
  const { connection } = directory;
  const read = async (...[target, call]: Parameters<Action['snapshot']>) => {
    const entry = await directory.entryOf(target, call);
    if (entry === null) return null;
    return { dn: entry.dn, version: attributeVersion(entry, 'unicodePwd') };
  };
  return {
    spec,
    async snapshot(target, call) {
      const now = await read(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: false,
        version: now?.version?.toString() ?? null,
        state: { dn: now?.dn ?? target.name, passwordVersion: now?.version ?? null },
      };
    },
    preview: (target, { state }) =>
      Promise.resolve(
        Array.from({ length: resets }, () => ({
          method: 'MODIFY',
          address: textAt(state, 'dn') ?? target.name,
          body: 'replace: unicodePwd\nunicodePwd: «random»',
        })),
      ),
    async apply(target, _, call) {
      const now = await read(target, call);
      if (now === null) return outcome('target_absent', `${target.name} is not there.`);
      let came = outcome('applied', now.dn);
      for (let time = 0; time < resets && came.kind === 'applied'; time++) {
        const reset = () => connection.modify(now.dn, [replacePassword()], [], [resetPermission], call);
        came = await (time === 0 ? reset() : furtherCall(reset));
      }
      return came;
    },
    async observe(target, { state }, call) {
      const now = await read(target, call);
      if (now === null) return { state: 'target_absent', detail: `${target.name} is not there.`, facts: {} };
      const before = state['passwordVersion'];
      if (now.version === null) {
        const detail = 'The directory does not show how often the password was set (replPropertyMetaData).';
        return { state: 'unknown', detail, facts: {} };
      }
      const times = now.version - (typeof before === 'number' ? before : 0);
      return {
        state: times >= resets ? 'in_effect' : 'not_in_effect',
        detail: `The password of ${now.dn} was set ${times} times since.`,
        facts: { passwordVersion: now.version },
      };
    },
    probe: null,
    undo: null,
    dryRun: null,
  };
}

/** MS-ADTS 3.1.1.3.1.5: the new password between quotation marks, UTF-16LE. Of all classes that a policy may ask for. */
function replacePassword(): Change {
  const value = Buffer.from(`"aA1-${randomBytes(32).toString('base64url')}"`, 'utf16le');
  return new Change({
    operation: 'replace',
    modification: new Attribute({ type: 'unicodePwd', values: [value] }),
  });
}
