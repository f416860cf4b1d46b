import type { Entity } from '../../../domain/evaluation-request.ts';
import type { BundleProblem } from '../../../domain/policy-system.ts';
import type { CompiledPolicy } from '../document/policy.ts';
import type { PrincipalEntry } from '../document/principal.ts';
import { Attachment } from '../evaluate/attachment.ts';
import type { Applicable, LayerInput, LevelsInput } from '../evaluate/layers.ts';
import {
  hasGatewayEndpoints,
  hasResourcePolicies,
  isKeyOperation,
  isRoleAssumption,
} from '../evaluate/rules.ts';
import { unknownBecause } from '../history/unknown.ts';
import { parseArn } from '../match/arn.ts';
import type { Facts } from '../request/derive.ts';
import { readTags } from '../request/tags.ts';
import type { AwsRequest } from '../request/request.ts';
import type { Subject } from '../request/subject.ts';
import type { Account, IamEntity } from './entity.ts';
import { resourceControlExemption, serviceControlExemption } from './exemptions.ts';
import { levelsOf } from './levels.ts';
import type { Organization } from './organization.ts';
import { noOrganization, type PolicySource, type UnreadFile, unstatedAccount } from './source.ts';

interface PlacedPolicy {
  readonly account: string;
  readonly policy: CompiledPolicy;
}

/** Accounts with their users, roles and resource policies, and the organization above them. */
export class Estate implements PolicySource {
  readonly policies: readonly CompiledPolicy[];
  readonly subjects: number;
  readonly selfContained = false;
  readonly unread: readonly UnreadFile[];
  readonly problems: readonly BundleProblem[];
  readonly accounts: ReadonlyMap<string, Account>;
  readonly organization: Organization | null;
  #entities: { readonly type: string; readonly id: string; readonly entity: IamEntity }[] | null = null;
  readonly #attachments = new Map<CompiledPolicy, Attachment>();
  readonly #endpoints = new Map<string, CompiledPolicy>();
  readonly #byResource = new Map<string, PlacedPolicy>();
  /** Beginnings of the ARNs of resources of which it is not known whose policy was changed. */
  readonly #unclear: { readonly prefix: string; readonly placed: PlacedPolicy }[] = [];
  readonly #gateways = new Map<CompiledPolicy, Attachment>();

  constructor(
    accounts: ReadonlyMap<string, Account>,
    organization: Organization | null,
    policies: readonly CompiledPolicy[],
    problems: readonly BundleProblem[],
    unread: readonly UnreadFile[] = [],
  ) {
    this.unread = unread;
    this.accounts = accounts;
    this.organization = organization;
    this.policies = policies;
    this.problems = problems;
    for (const { id, resourcePolicies, endpointPolicies } of accounts.values()) {
      for (const [arn, policy] of resourcePolicies ?? []) {
        const placed = { account: id, policy };
        this.#byResource.set(arn, placed);
        if (!arn.endsWith('*') || unknownBecause(policy.document) === null) continue;
        this.#unclear.push({ prefix: arn.slice(0, -1), placed });
      }
      for (const [endpoint, policy] of endpointPolicies ?? []) this.#endpoints.set(endpoint, policy);
    }
    this.subjects = [...accounts.values()].reduce(
      (sum, { users, roles }) => sum + users.size + roles.size,
      0,
    );
  }

  /** The user or role whose policies bind a subject; undefined where the bundle does not have it. */
  entityOf(subject: Subject): IamEntity | undefined {
    const account = this.accounts.get(subject.account ?? '');
    switch (subject.kind) {
      case 'user':
        return account?.users.get(subject.id);
      case 'role':
      case 'role-session': {
        const role = account?.roles.get(subject.name ?? '');
        return subject.entityArn === null || subject.entityArn === role?.arn ? role : undefined;
      }
      case 'federated-user':
        return account?.users.get(subject.issuer ?? '');
      case 'root':
      case 'service':
      case 'federated':
      case 'anonymous':
      default:
        return undefined;
    }
  }

  /** Users, then roles, each in the order of their ARNs. */
  entities(): { readonly type: string; readonly id: string; readonly entity: IamEntity }[] {
    this.#entities ??= [...this.accounts.values()]
      .flatMap(({ users, roles }) => [...users.values(), ...roles.values()])
      .map((entity) => ({ type: entity.kind, id: entity.arn, entity }))
      .toSorted((first, second) => rank(first) - rank(second) || (first.id < second.id ? -1 : 1));
    return this.#entities;
  }

  accountOf({ arn }: IamEntity): string {
    return parseArn(arn)?.account ?? '';
  }

  /** Levels of service control policies that bind a user or role. */
  serviceControlLevels(subject: Subject): readonly LayerInput[] {
    const exempt =
      subject.serviceLinked || subject.account === (this.organization?.managementAccount ?? null);
    return exempt ? [] : (this.organization?.accounts.get(subject.account ?? '')?.scp ?? []);
  }

  /** Whom the policy of a resource allows something, as it names them. */
  principalsNamedBy(resource: string): readonly PrincipalEntry[] {
    const policy = this.#iamResource(resource)?.trust ?? this.#findResourcePolicy(resource)?.policy;
    return (policy?.statements ?? []).flatMap(({ effect, principal }) => {
      if (effect === 'deny' || principal === null) return [];
      return principal.not ? [{ kind: 'everyone' as const }] : principal.entries;
    });
  }

  facts(asking: Subject, resource: Entity, stated: string | null): Facts {
    const entity = this.entityOf(asking);
    const subject: Subject =
      entity === undefined || asking.kind === 'federated-user'
        ? asking
        : {
            ...asking,
            entityArn: entity.arn,
            uniqueId: asking.uniqueId ?? entity.id,
            serviceLinked: entity.arn.includes(':role/aws-service-role/'),
          };
    // ARNs of S3 do not name their account; the one that has a policy for the resource owns it.
    const resourceAccount = stated ?? this.#findResourcePolicy(resource.id)?.account ?? null;
    return {
      subject,
      principalTags: entity?.tags ?? null,
      principalPlace: this.#placeOf(asking.account),
      resourceAccount,
      resourcePlace: this.#placeOf(resourceAccount),
      resourceTags: this.#iamResource(resource.id)?.tags ?? readTags(resource.properties?.['tags']),
    };
  }

  applicable(request: AwsRequest): Applicable {
    const { subject } = request;
    const assumptions: string[] = [...request.assumptions];
    const resourceAccount = request.resourceAccount ?? subject.account;
    if (request.resourceAccount === null && subject.account !== null) assumptions.push(unstatedAccount);
    if (this.organization === null) assumptions.push(noOrganization);
    const crossAccount = subject.account !== null && resourceAccount !== subject.account;
    const hasIdentity = subject.account !== null && subject.kind !== 'root';
    const entity = hasIdentity ? this.entityOf(subject) : undefined;
    assumptions.push(...(entity?.assumptions ?? []));
    const management = this.organization?.managementAccount ?? null;
    const resource = this.#resourcePolicy(request, resourceAccount, crossAccount, assumptions);
    const endpoint = this.#endpointPolicy(request, assumptions);
    const unknownIdentity = gap(`${subject.id} is not in the bundle.`);
    return {
      rcp: this.#levels('rcp', resourceAccount, resourceControlExemption(request, management), assumptions),
      scp: this.#levels('scp', subject.account, serviceControlExemption(request, management), assumptions),
      endpoint,
      resource,
      identity: hasIdentity ? (entity?.identity ?? unknownIdentity) : null,
      boundary: entity?.boundary ?? null,
      session: this.#session(subject, assumptions),
      crossAccount,
      assumptions,
    };
  }

  #session(subject: Subject, assumptions: string[]): LayerInput | null {
    if (subject.kind === 'federated-user') {
      return gap('The session policy of the federated session is not in the bundle.');
    }
    if (subject.kind === 'role-session') {
      assumptions.push('The role session is taken to have no session policy: the bundle does not tell.');
    }
    return null;
  }

  #levels(
    name: 'scp' | 'rcp',
    account: string | null,
    exemption: string | null,
    assumptions: string[],
  ): LevelsInput {
    if (this.organization === null || account === null) return { state: 'none' };
    const placed = this.organization.accounts.get(account);
    if (placed === undefined) {
      const text = `The account ${account} is not in the organization of the bundle: no organization policy is taken to apply to it.`;
      if (!assumptions.includes(text)) assumptions.push(text);
      return { state: 'none' };
    }
    if (placed[name].length === 0 && exemption !== null) return { state: 'exempt', why: exemption };
    return levelsOf(placed[name], exemption);
  }

  #resourcePolicy(
    request: AwsRequest,
    resourceAccount: string | null,
    crossAccount: boolean,
    assumptions: string[],
  ): LayerInput | null {
    const account = this.accounts.get(resourceAccount ?? '');
    if (isRoleAssumption(request)) {
      const trust = this.#iamResource(request.resource.text)?.trust;
      if (trust !== undefined && trust !== null) return this.#layerOf(trust);
      return gap(`The trust policy of ${request.resource.text} is not in the bundle.`);
    }
    if (request.resource.text === '*' || !hasResourcePolicies(request.service)) return null;
    const found = this.#findResourcePolicy(request.resource.text);
    if (found !== undefined) return this.#layerOf(found.policy);
    if (isKeyOperation(request))
      return gap(`The key policy of ${request.resource.text} is not in the bundle.`);
    if (account !== undefined && account.resourcePolicies !== null) return null;
    if (crossAccount || request.subject.account === null) {
      return gap(`The resource policy of ${request.resource.text} is not in the bundle.`);
    }
    assumptions.push(
      'The resource is taken to have no resource policy: the bundle has none of this account.',
    );
    return null;
  }

  #layerOf(policy: CompiledPolicy): LayerInput {
    const attachment = this.#attachments.get(policy) ?? new Attachment(policy, 'resource/');
    this.#attachments.set(policy, attachment);
    return { attachments: [attachment], gaps: policy.gaps };
  }

  #endpointPolicy(request: AwsRequest, assumptions: string[]): LayerInput | null {
    const id = request.context.single('aws:sourcevpce');
    if (id === null) return null;
    if (id === undefined) {
      if (this.#endpoints.size > 0)
        assumptions.push('The request is taken not to come through a VPC endpoint.');
      return null;
    }
    const policy = this.#endpoints.get(id);
    if (policy === undefined) {
      assumptions.push(
        `The VPC endpoint ${id} is taken to have the default policy: the bundle has none of it.`,
      );
      return null;
    }
    const gateway = hasGatewayEndpoints(request.service);
    const kept = gateway ? this.#gateways : this.#attachments;
    const attachment = kept.get(policy) ?? new Attachment(policy, 'vpce/', undefined, gateway);
    kept.set(policy, attachment);
    return { attachments: [attachment], gaps: policy.gaps };
  }

  #iamResource(arn: string): IamEntity | undefined {
    const parsed = parseArn(arn);
    if (parsed?.service !== 'iam') return undefined;
    const account = this.accounts.get(parsed.account);
    if (parsed.resource.startsWith('user/')) return account?.users.get(arn);
    const role = account?.roles.get(parsed.resource.slice(parsed.resource.lastIndexOf('/') + 1));
    return role?.arn === arn ? role : undefined;
  }

  /** The policy of a resource, or of what it lies in: an object's is that of its bucket. */
  #findResourcePolicy(resource: string): PlacedPolicy | undefined {
    if (this.#byResource.size === 0) return undefined;
    return holders(resource)
      .map((arn) => this.#byResource.get(arn) ?? this.#unclearOf(arn))
      .find((placed) => placed !== undefined);
  }

  #unclearOf(arn: string): PlacedPolicy | undefined {
    // Objects have no policies of their own.
    if (this.#unclear.length === 0 || /^arn:[^:]*:s3:::[^/]*\//.test(arn)) return undefined;
    return this.#unclear.find(({ prefix }) => arn.startsWith(prefix))?.placed;
  }

  #placeOf(account: string | null): Facts['principalPlace'] {
    return account === null ? null : (this.organization?.accounts.get(account)?.place ?? null);
  }
}

function rank({ type }: { readonly type: string }): number {
  return type === 'user' ? 0 : 1;
}

/** A layer of whose policies nothing is known. */
function gap(text: string): LayerInput {
  return { attachments: [], gaps: [text] };
}

/** The resource itself, then what it lies in, from the inside out: an object's bucket, a function of a version. */
function holders(resource: string): string[] {
  const found = [resource];
  const parsed = parseArn(resource);
  if (parsed === null) return found;
  const start = resource.length - parsed.resource.length;
  const bound = resource.indexOf('/', start);
  if (parsed.service === 's3') {
    if (bound > 0) found.push(resource.slice(0, bound));
    return found;
  }
  for (let end = resource.length - 1; end > start && found.length < 8; end--) {
    const character = resource[end];
    if (character === ':' || character === '/') found.push(resource.slice(0, end));
  }
  return found;
}
