import type { Entity } from '../../../domain/evaluation-request.ts';
import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import type { BundleProblem } from '../../../domain/policy-system.ts';
import { escapePointer } from '../condition/condition.ts';
import { type CompiledPolicy, compilePolicy } from '../document/policy.ts';
import type { PolicyKind } from '../document/statement.ts';
import { Attachment } from '../evaluate/attachment.ts';
import type { Applicable, LayerInput, LayerName, LevelInput } from '../evaluate/layers.ts';
import { hasGatewayEndpoints } from '../evaluate/rules.ts';
import type { Facts } from '../request/derive.ts';
import { readTags } from '../request/tags.ts';
import type { AwsRequest } from '../request/request.ts';
import type { Subject } from '../request/subject.ts';
import { resourceControlExemption, serviceControlExemption } from './exemptions.ts';
import { fullAccessPolicies } from './known-policies.ts';
import { hasOnlyDenies, levelsOf } from './levels.ts';
import { noOrganization, type PolicySource, type UnreadFile, unstatedAccount } from './source.ts';

const fields = [
  'identityPolicies',
  'permissionBoundaries',
  'sessionPolicy',
  'resourcePolicy',
  'serviceControlPolicies',
  'resourceControlPolicies',
  'endpointPolicies',
] as const;

/** Whether a document is a policy set: everything that has a say in a single evaluation. */
export function isPolicySet(document: unknown): document is JsonObject {
  return (
    isObject(document) && (document['system'] === 'aws-iam' || fields.some((field) => field in document))
  );
}

/** A policy set: it is complete, so a policy that it does not have does not exist. */
export class PolicySet implements PolicySource {
  readonly policies: CompiledPolicy[] = [];
  readonly subjects = 1;
  readonly selfContained = true;
  readonly unread: readonly UnreadFile[];
  readonly problems: BundleProblem[] = [];
  readonly #path: string;
  readonly #managementAccount: string | null;
  readonly #identity: LayerInput;
  readonly #boundary: LayerInput | null;
  readonly #session: LayerInput | null;
  readonly #resource: LayerInput | null;
  readonly #endpoint: LayerInput | null;
  readonly #gateway: LayerInput | null;
  readonly #scp: readonly LevelInput[];
  readonly #rcp: readonly LevelInput[];

  constructor(document: JsonObject, path: string) {
    this.#path = path;
    const management = document['managementAccount'];
    this.#managementAccount = typeof management === 'string' ? management : null;
    this.#identity = this.#layer('identity', 'identity', document, 'identityPolicies') ?? noPolicies;
    this.#boundary = this.#layer('boundary', 'identity', document, 'permissionBoundaries');
    this.#session = this.#layer('session', 'session', document, 'sessionPolicy');
    this.#resource = this.#layer('resource', 'resource', document, 'resourcePolicy');
    this.#endpoint = this.#layer('vpce', 'vpce', document, 'endpointPolicies');
    this.#gateway =
      this.#endpoint === null
        ? null
        : {
            attachments: this.#endpoint.attachments.map(
              ({ policy }, place) => new Attachment(policy, `vpce/${place}/`, undefined, true),
            ),
            gaps: this.#endpoint.gaps,
          };
    this.unread = this.#otherMembers(document);
    this.#scp = this.#levels('scp', document, 'serviceControlPolicies');
    this.#rcp = this.#levels('rcp', document, 'resourceControlPolicies');
  }

  /** Members that have the look of policies, but not the name of any: what they were to say is not known. */
  #otherMembers(document: JsonObject): UnreadFile[] {
    const known = new Set<string>(fields);
    const others = Object.keys(document).filter((name) => !known.has(name) && policyLike.test(name));
    for (const name of others) {
      this.#problem(`/${escapePointer(name)}`, `“${name}” is none of ${fields.join(', ')}.`);
    }
    return others.map((name) => ({ path: name, account: null }));
  }

  facts(subject: Subject, resource: Entity, resourceAccount: string | null): Facts {
    return {
      subject,
      principalTags: null,
      principalPlace: null,
      resourceAccount,
      resourcePlace: null,
      resourceTags: readTags(resource.properties?.['tags']),
    };
  }

  applicable(request: AwsRequest): Applicable {
    const { subject, resourceAccount } = request;
    const assumptions: string[] = [...request.assumptions];
    if (this.#scp.length === 0 && this.#rcp.length === 0) assumptions.push(noOrganization);
    if (resourceAccount === null && subject.account !== null) assumptions.push(unstatedAccount);
    const hasIdentity = subject.account !== null && subject.kind !== 'root';
    return {
      rcp: levelsOf(this.#rcp, resourceControlExemption(request, this.#managementAccount)),
      scp: levelsOf(this.#scp, serviceControlExemption(request, this.#managementAccount)),
      endpoint: hasGatewayEndpoints(request.service) ? this.#gateway : this.#endpoint,
      resource: this.#resource,
      identity: hasIdentity ? this.#identity : null,
      boundary: hasIdentity ? this.#boundary : null,
      session: hasIdentity ? this.#session : null,
      crossAccount: subject.account !== null && (resourceAccount ?? subject.account) !== subject.account,
      assumptions,
    };
  }

  /** Null where the set has no such policies. */
  #layer(name: LayerName, kind: PolicyKind, document: JsonObject, field: string): LayerInput | null {
    const value = document[field];
    if (value === undefined || value === null) return null;
    const layer = this.#policiesOf(value, kind, `/${field}`, `${name}/`, field);
    return layer.attachments.length === 0 && layer.gaps.length === 0 ? null : layer;
  }

  #levels(name: 'scp' | 'rcp', document: JsonObject, field: string): LevelInput[] {
    const value = document[field];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.#problem(`/${field}`, 'Expected a list of levels.');
      return [{ label: field, open: false, attachments: [], gaps: [`${field} could not be read.`] }];
    }
    return (value as readonly Json[]).map((level, place) => {
      const pointer = `/${field}/${place}`;
      const content = isObject(level) ? level : {};
      if (!isObject(level)) this.#problem(pointer, 'Expected a level with its policies.');
      const named = content['level'];
      const label = typeof named === 'string' ? named : `level ${place + 1}`;
      const layer = this.#policiesOf(
        content['policies'] ?? [],
        name,
        `${pointer}/policies`,
        `${name}/${place}/`,
        label,
      );
      return { label, open: name === 'rcp' && hasOnlyDenies(layer.attachments), ...layer };
    });
  }

  #policiesOf(value: Json, kind: PolicyKind, pointer: string, prefix: string, fallback: string): LayerInput {
    const isList = Array.isArray(value);
    const list = isList ? (value as readonly Json[]) : [value];
    const attachments: Attachment[] = [];
    const gaps: string[] = [];
    list.forEach((item, place) => {
      const at = isList ? `${pointer}/${place}` : pointer;
      const wrapped = isObject(item) && ('policy' in item || (!('Statement' in item) && 'name' in item));
      const given = wrapped ? item['name'] : undefined;
      const name =
        typeof given === 'string' ? given : list.length === 1 ? fallback : `${fallback} ${place + 1}`;
      const document = wrapped ? (item['policy'] ?? fullAccessPolicies[name] ?? null) : item;
      const origin = { path: this.#path, pointer: wrapped ? `${at}/policy` : at, id: name, name };
      const policy = compilePolicy(document, kind, origin, this.problems);
      this.policies.push(policy);
      gaps.push(...policy.gaps);
      attachments.push(new Attachment(policy, `${prefix}${place}/`));
    });
    return { attachments, gaps };
  }

  #problem(locator: string, message: string): void {
    this.problems.push({ severity: 'error', path: this.#path, locator, message });
  }
}

const policyLike = /polic(?:y|ies)$|boundar(?:y|ies)$|^[sr]cps?$/i;

const noPolicies: LayerInput = { attachments: [], gaps: [] };
