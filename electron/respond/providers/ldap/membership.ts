import { textAt } from '#shared/domain/json.ts';
import { Attribute, Change } from 'ldapts';
import type { ActionSpec, Snapshot, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, ProviderIo } from '../../provider.ts';
import type { LdapConfig } from './config.ts';
import { AssertionControl, NoOpControl } from './controls.ts';
import type { LdapDirectory } from './directory.ts';
import { escapeFilter, idText, valuesOf } from './entry.ts';
import { memberPermission } from './readiness.ts';

const spec: ActionSpec = {
  id: 'membership.remove',
  title: 'Take the user out of the group',
  verb: 'grant.remove',
  reversibility: 'R1',
  stops: ['membership'],
  doesNotStop: [
    {
      artefact: 'app_session',
      residualSeconds: null,
      coveredBy: ['session.invalidate', 'session.terminate'],
      note: 'Applications that have read the group already go on with what they read.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'ldap_assertion',
  nativeDryRun: true,
  requiredPermissions: [memberPermission],
  rateLimit: null,
  settle: { typicalMs: 0, maxMs: 1_000 },
  beyondReach: null,
  undo: { possible: true, waitSeconds: 0, note: '' },
};

/** Takes the user's name out of the group's member attribute, and puts it back. */
export function membershipAction(config: LdapConfig, directory: LdapDirectory, io: ProviderIo): Action {
  const { connection } = directory;
  const change = async (
    operation: 'add' | 'delete',
    target: Target,
    { state }: Snapshot,
    call: CallContext,
    dryRun: boolean,
  ) => {
    const group = await directory.entryById(groupId(target), call);
    if (group === null) return outcome('target_absent', `The group of ${target.name} is not there.`);
    const attribute = textAt(state, 'attribute') ?? '';
    const member = textAt(state, 'member') ?? '';
    const isMember = hasMember(valuesOf(group, attribute), member);
    if (isMember !== (operation === 'delete')) {
      return outcome('already_in_state', `${member} is ${isMember ? '' : 'not '}in ${group.dn} already.`);
    }
    const asRead = `(${attribute}=${escapeFilter(member)})`;
    return connection.modify(
      group.dn,
      [new Change({ operation, modification: new Attribute({ type: attribute, values: [member] }) })],
      config.flavor === 'openldap'
        ? [
            new AssertionControl(
              `(&${idText(groupId(target))}${operation === 'delete' ? asRead : `(!${asRead})`})`,
            ),
            ...(dryRun ? [new NoOpControl()] : []),
          ]
        : [],
      [memberPermission],
      call,
    );
  };
  return {
    spec:
      config.flavor === 'openldap'
        ? spec
        : { ...spec, precondition: 'compare_snapshot', nativeDryRun: false },
    async snapshot(target, call) {
      const group = await directory.entryById(groupId(target), call);
      const { attribute = 'member', member = '' } = target.attributes;
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: !hasMember(valuesOf(group, String(attribute)), String(member)),
        version: null,
        state: { group: group?.dn ?? null, attribute, member },
      };
    },
    preview: async (_, { state }) => [
      {
        method: 'MODIFY',
        address: textAt(state, 'group') ?? '',
        body: `delete: ${textAt(state, 'attribute') ?? ''}\n${textAt(state, 'attribute') ?? ''}: ${textAt(state, 'member') ?? ''}`,
      },
    ],
    apply: (target, snapshot, call) => change('delete', target, snapshot, call, false),
    dryRun:
      config.flavor === 'openldap'
        ? (target, snapshot, call) => change('delete', target, snapshot, call, true)
        : null,
    async observe(target, { state }, call) {
      const group = await directory.entryById(groupId(target), call);
      if (group === null) return { state: 'target_absent', detail: 'The group is not there.', facts: {} };
      const isMember = hasMember(
        valuesOf(group, textAt(state, 'attribute') ?? ''),
        textAt(state, 'member') ?? '',
      );
      return {
        state: isMember ? 'not_in_effect' : 'in_effect',
        detail: `${textAt(state, 'member') ?? ''} is ${isMember ? '' : 'no longer '}in ${group.dn}.`,
        facts: { member: isMember },
      };
    },
    probe:
      config.flavor === 'openldap'
        ? null
        : async (target, _, call) => {
            const token = await directory.token({ ...target, id: userId(target) }, call);
            const { sid = null } = target.attributes;
            const isKnown = token !== null && typeof sid === 'string';
            const isIn = isKnown && token.groups.has(sid);
            return {
              state: isKnown ? (isIn ? 'still_allowed' : 'denied') : 'unknown',
              method: 'decision',
              artefacts: ['membership'],
              detail: isIn
                ? 'The account is still in the group, through another group (tokenGroups).'
                : isKnown
                  ? 'A new logon no longer has the group (tokenGroups).'
                  : 'The directory does not show the groups of a logon (tokenGroups).',
              facts: { groups: token?.groups.size ?? null },
            };
          },
    undo: (target, snapshot, call) => change('add', target, snapshot, call, false),
  };
}

/** `GROUP/USER`: ids of both. */
function groupId({ id }: Target): string {
  return id.slice(0, id.indexOf('/'));
}

function userId({ id }: Target): string {
  return id.slice(id.indexOf('/') + 1);
}

/** Names are compared as the server does where they are written alike: case does not count (RFC 4517, 4.2.15). */
function hasMember(values: readonly string[], member: string): boolean {
  return values.some((value) => value.toLowerCase() === member.toLowerCase());
}
