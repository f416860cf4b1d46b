import * as fc from 'fast-check';
import type { Json } from '#shared/domain/json.ts';

/** An organization that changes by calls, each of which is logged as CloudTrail does in the management account. */

export const [prod, dev, management] = ['111122223333', '444455556666', '999900001111'];
const accounts = [prod, dev];
const firstUnits = ['ou-root-prod', 'ou-root-test'];

export interface OrganizationCall {
  readonly name: string;
  readonly parameters: Json;
  readonly response: Json;
  readonly caller: string;
  readonly failed: boolean;
}

type Kind = 'scp' | 'rcp';
const types = { scp: 'SERVICE_CONTROL_POLICY', rcp: 'RESOURCE_CONTROL_POLICY' } as const;
export const actions = ['s3:GetObject', 's3:PutObject'];

interface Policy {
  readonly kind: Kind;
  name: string;
  document: Json;
}

export const organizationOperation = fc.record({
  what: fc.constantFrom(
    'Create',
    'Update',
    'Rename',
    'Attach',
    'Attach',
    'Detach',
    'Detach',
    'Move',
    'Leave',
    'Join',
    'Delete',
    'Unit',
  ),
  kind: fc.constantFrom('scp', 'rcp') as fc.Arbitrary<Kind>,
  pick: fc.nat(5),
  target: fc.nat(7),
  action: fc.constantFrom(...actions),
  /** The console sends the name of a policy also where it stays. */
  console: fc.boolean(),
  failed: fc.constantFrom(false, false, false, false, true),
});
export type OrganizationOperation = typeof organizationOperation extends fc.Arbitrary<infer T> ? T : never;

function denial(kind: Kind, action: string): Json {
  const principal = kind === 'rcp' ? { Principal: '*' } : {};
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', ...principal, Action: action, Resource: '*' }],
  };
}

const everything = (kind: Kind): Json => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', ...(kind === 'rcp' ? { Principal: '*' } : {}), Action: '*', Resource: '*' }],
});

function answer(policyId: string, { kind, name, document }: Policy): Json {
  return {
    policy: {
      policySummary: { id: policyId, type: types[kind], name, awsManaged: false },
      content: JSON.stringify(document),
    },
  };
}

export class OrganizationWorld {
  readonly policies = new Map<string, Policy>([
    ['p-FullAWSAccess', { kind: 'scp', name: 'FullAWSAccess', document: everything('scp') }],
    ['p-RCPFullAWSAccess', { kind: 'rcp', name: 'RCPFullAWSAccess', document: everything('rcp') }],
    ['p-first', { kind: 'scp', name: 'No reading', document: denial('scp', 's3:GetObject') }],
  ]);
  readonly places = new Map<string, string>([
    [prod, 'ou-root-prod'],
    [dev, 'r-root'],
  ]);
  readonly attached = new Map<string, Set<string>>();
  /** The parent of each unit. */
  readonly units = new Map<string, string>(firstUnits.map((id) => [id, 'r-root']));
  #made = 0;

  constructor() {
    for (const target of ['r-root', ...firstUnits, ...accounts]) this.#reset(target);
    this.attached.get('ou-root-prod')?.add('p-first');
  }

  #reset(target: string): void {
    this.attached.set(target, new Set(['p-FullAWSAccess', 'p-RCPFullAWSAccess']));
  }

  /** Does it where it can be done; what was logged, or null. */
  apply(operation: OrganizationOperation): OrganizationCall | null {
    const { what, kind, pick, target: at, action, console: isConsole, failed } = operation;
    const log = (
      name: string,
      parameters: Json,
      act: () => Json | undefined,
      caller = management,
    ): OrganizationCall => {
      const response = failed ? null : (act() ?? null);
      return { name, parameters, response, failed, caller };
    };
    const own = [...this.policies].filter(([id]) => !id.includes('FullAWS'));
    const [id, policy] = own[pick % Math.max(own.length, 1)] ?? [];
    const account = accounts[pick % 2] ?? prod;
    const place = this.places.get(account);
    const units = ['r-root', ...this.units.keys()];
    const targets = [...units, ...this.places.keys()];
    const target = targets[at % targets.length] ?? 'r-root';
    const held = this.attached.get(target) ?? new Set<string>();
    switch (what) {
      case 'Create': {
        const made: Policy = { kind, name: `Rule ${pick}`, document: denial(kind, action) };
        if ([...this.policies.values()].some(({ name }) => name === made.name)) return null;
        const content = JSON.stringify(made.document);
        return log('CreatePolicy', { name: made.name, type: types[kind], content }, () => {
          const newId = `p-made${this.#made++}`;
          this.policies.set(newId, made);
          return answer(newId, made);
        });
      }
      case 'Update': {
        if (id === undefined || policy === undefined) return null;
        const document = denial(policy.kind, action);
        const named = isConsole ? { name: policy.name } : {};
        return log('UpdatePolicy', { policyId: id, content: JSON.stringify(document), ...named }, () => {
          policy.document = document;
          return answer(id, policy);
        });
      }
      case 'Rename': {
        const name = `Rule ${at}`;
        const isTaken = [...this.policies.values()].some((each) => each.name === name);
        if (id === undefined || policy === undefined || isTaken) return null;
        return log('UpdatePolicy', { policyId: id, name }, () => {
          policy.name = name;
          return answer(id, policy);
        });
      }
      case 'Attach': {
        const chosen = pick === 5 ? 'p-FullAWSAccess' : id;
        if (chosen === undefined || held.has(chosen)) return null;
        return log('AttachPolicy', { policyId: chosen, targetId: target }, () => void held.add(chosen));
      }
      case 'Detach': {
        const chosen = pick === 5 ? 'p-FullAWSAccess' : id;
        if (chosen === undefined || !held.has(chosen)) return null;
        const scps = [...held].filter((each) => this.policies.get(each)?.kind === 'scp');
        if (scps.length === 1 && scps[0] === chosen) return null;
        return log('DetachPolicy', { policyId: chosen, targetId: target }, () => void held.delete(chosen));
      }
      case 'Move': {
        const to = units[at % units.length] ?? 'r-root';
        if (place === undefined || place === to) return null;
        const parameters = { accountId: account, sourceParentId: place, destinationParentId: to };
        return log('MoveAccount', parameters, () => void this.places.set(account, to));
      }
      case 'Leave':
        if (place === undefined) return null;
        return isConsole
          ? log('LeaveOrganization', null, () => void this.places.delete(account), account)
          : log(
              'RemoveAccountFromOrganization',
              { accountId: account },
              () => void this.places.delete(account),
            );
      case 'Join': {
        if (place !== undefined) return null;
        return log(
          'AcceptHandshake',
          { handshakeId: 'h-example' },
          () => {
            this.places.set(account, 'r-root');
            this.#reset(account);
            return { handshake: { id: 'h-example', action: 'INVITE', state: 'ACCEPTED' } };
          },
          account,
        );
      }
      case 'Delete': {
        const isUsed = [...this.attached.values()].some((each) => id !== undefined && each.has(id));
        if (id === undefined || isUsed) return null;
        return log('DeletePolicy', { policyId: id }, () => void this.policies.delete(id));
      }
      case 'Unit': {
        const parent = units[at % units.length] ?? 'r-root';
        const newId = `ou-root-made${this.units.size}`;
        return log('CreateOrganizationalUnit', { parentId: parent, name: newId }, () => {
          this.units.set(newId, parent);
          this.#reset(newId);
          return {
            organizationalUnit: {
              id: newId,
              arn: `arn:aws:organizations::${management}:ou/o-example/${newId}`,
              name: newId,
            },
          };
        });
      }
      default:
        return null;
    }
  }

  /** As a bundle has it: policies by name, with their documents. */
  file(): Record<string, Json> {
    const levels = (target: string): Record<string, Json> => {
      const entries = [...(this.attached.get(target) ?? [])].flatMap((id) => this.policies.get(id) ?? []);
      const of = (kind: Kind): Json =>
        entries
          .filter((policy) => policy.kind === kind)
          .map(({ name, document }) => ({ name, policy: document }));
      return { scp: of('scp'), rcp: of('rcp') };
    };
    const unit = (id: string): Record<string, Json> => ({
      id,
      units: [...this.units].flatMap(([inner, parent]) => (parent === id ? [unit(inner)] : [])),
      ...levels(id),
      accounts: [...this.places].flatMap(([account, place]) =>
        place === id ? [{ id: account, ...levels(account) }] : [],
      ),
    });
    return {
      id: 'o-example',
      managementAccount: management,
      root: unit('r-root'),
    };
  }
}

export function organizationRecord(call: OrganizationCall, time: string): Record<string, Json> {
  return {
    eventVersion: '1.09',
    eventTime: time,
    eventSource: 'organizations.amazonaws.com',
    eventName: call.name,
    awsRegion: 'us-east-1',
    recipientAccountId: call.caller,
    userIdentity: { type: 'Root', accountId: call.caller, arn: `arn:aws:iam::${call.caller}:root` },
    requestParameters: call.parameters,
    responseElements: call.response,
    ...(call.failed ? { errorCode: 'AccessDeniedException' } : {}),
  };
}
