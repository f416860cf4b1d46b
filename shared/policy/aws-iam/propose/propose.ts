import type { Json, JsonObject } from '../../../domain/json.ts';
import type {
  ObservedUse,
  ProposalCheck,
  ProposalQuestion,
  SystemProposal,
} from '../../../domain/proposal.ts';
import type { Evaluation } from '../../../domain/trace.ts';
import { foldAction, foldResource, headOf, relate } from '../access/area.ts';
import { boundsOf } from '../access/entitlements.ts';
import type { SeenStatement } from '../access/limits.ts';
import { covers } from '../access/patterns.ts';
import type { IamEntity } from '../bundle/entity.ts';
import { Estate } from '../bundle/estate.ts';
import { type CatalogueAction, expandAction, findAction } from '../catalogue/catalogue.ts';
import { compilePolicy } from '../document/policy.ts';
import { Attachment } from '../evaluate/attachment.ts';
import { parseArn } from '../match/arn.ts';
import { documentOf, type Wanted, writtenStatement } from './document.ts';
import { resourcesFor, wordsOf } from './resources.ts';

/** Judges a request of a user or role in an estate. */
export type AskIn = (estate: Estate, subject: IamEntity, action: string, resource: string) => Evaluation;

/** Managed policies hold so many characters, white space aside (IAM User Guide, “IAM and AWS STS quotas”). */
const largestPolicy = 6_144;

/**
 * One policy in place of all that a user or role has now, itself and by its groups: the Allow statements are cut down to
 * what was used and the margin; Deny statements stay. Null where the bundle does not have the subject.
 */
export function proposePolicy(
  estate: Estate,
  ask: AskIn,
  { subject, observed, margin, isUnseen }: ProposalQuestion,
): SystemProposal | null {
  const entity = estate.entities().find(({ id }) => id === subject)?.entity;
  if (entity === undefined) return null;
  const { own } = boundsOf(estate, entity);
  const allows = own.filter(({ statement }) => statement.effect === 'allow');
  const services = new Set(observed.map(({ action }) => headOf(foldAction(action))));
  const used = observed.flatMap((use) => wantedFor(allows, use, margin.resources));
  const reads = margin.reads ? allows.flatMap((seen) => readsOf(seen, services)) : [];
  const unseen = margin.unseen ? allows.flatMap((seen) => unseenOf(seen, services, isUnseen)) : [];
  const document = documentOf([...used, ...reads, ...unseen], denyStatements(entity));
  const text = JSON.stringify(document, null, 2);
  const checks = check(estate, ask, entity, document, observed);
  const kept = new Set(unseen.map(({ action }) => action));
  for (const { action } of used) kept.delete(action);
  return {
    policies: [{ name: `${entity.name}-proposed`, language: 'json', text }],
    kept: [...kept].toSorted(),
    ...checks,
    notes: notesOf(entity, document),
  };
}

/** What the statements that may have allowed a use must go on to allow. */
function wantedFor(
  allows: readonly SeenStatement[],
  { action, resource, others }: ObservedUse,
  level: ProposalQuestion['margin']['resources'],
): Wanted[] {
  const [service = '', operation = ''] = foldAction(action).split(':');
  const known = findAction(service, operation);
  const name = known?.name ?? action;
  const arns = [...(resource === null ? [] : [resource]), ...others].filter((id) => id.startsWith('arn:'));
  // What knows no single resources is asked for all.
  const asked = known?.allResourcesOnly === true ? ['*'] : arns.length === 0 ? [null] : arns;
  return asked.flatMap((arn) => {
    const candidates = allows.filter((seen) => mayAllow(seen, action, arn));
    const free = candidates.find(({ statement }) => statement.condition === null);
    // Which of several conditions held the log does not tell.
    return (free === undefined ? candidates : [free]).map((seen) => ({
      action: name,
      resources: resourcesFor(seen, name, arn, level),
      condition: conditionOf(seen),
    }));
  });
}

function mayAllow(
  { action: element, resource: elements, statement }: SeenStatement,
  action: string,
  arn: string | null,
): boolean {
  if (relate(element, { not: false, pattern: action }) !== 'covers') return false;
  if (arn === null || statement.resource === null) return true;
  const within = statement.resource.patterns.some(({ text }) => covers(foldResource(text), arn));
  return elements.not ? !within : within;
}

function conditionOf({ attachment, statement }: SeenStatement): Json | null {
  return writtenStatement(attachment.policy, statement)['Condition'] ?? null;
}

/** The reading actions that a statement gives of services that were used. */
function readsOf(seen: SeenStatement, services: ReadonlySet<string>): Wanted[] {
  return actionsOf(seen, services).flatMap(({ name, level, explicit }) =>
    !explicit && !services.has(headOf(foldAction(name)))
      ? []
      : level === 'list' || level === 'read'
        ? [asGiven(seen, name)]
        : [],
  );
}

/** Actions whose use would not show: of services that were used, and of those that a statement names. */
function unseenOf(
  seen: SeenStatement,
  services: ReadonlySet<string>,
  isUnseen: ProposalQuestion['isUnseen'],
): Wanted[] {
  const words = wordsOf(seen);
  const resource = words.element === 'Resource' && words.texts.length === 1 ? (words.texts[0] ?? '*') : '*';
  return actionsOf(seen, services)
    .filter(({ name }) => isUnseen(name, resource))
    .map(({ name }) => asGiven(seen, name));
}

function asGiven(seen: SeenStatement, action: string): Wanted {
  return { action, resources: wordsOf(seen), condition: conditionOf(seen) };
}

/** The actions of a statement: all that it names the service of; of others those of services that were used. */
function actionsOf(
  { action: element }: SeenStatement,
  services: ReadonlySet<string>,
): (CatalogueAction & { readonly explicit: boolean })[] {
  if (!element.not) {
    return element.patterns.flatMap((pattern) => {
      const explicit = headOf(foldAction(pattern)) !== '';
      const all = explicit ? expandAction(pattern) : ofServices(services);
      return all
        .filter(({ name }) => relate(element, { not: false, pattern: name }) === 'covers')
        .map((action) => ({ ...action, explicit }));
    });
  }
  return ofServices(services)
    .filter(({ name }) => relate(element, { not: false, pattern: name }) === 'covers')
    .map((action) => ({ ...action, explicit: false }));
}

function ofServices(services: ReadonlySet<string>): CatalogueAction[] {
  return [...services].flatMap((service) => (service === '' ? [] : [...expandAction(`${service}:*`)]));
}

function denyStatements({ identity }: IamEntity): JsonObject[] {
  const found = new Map<string, JsonObject>();
  for (const { policy } of identity.attachments) {
    for (const statement of policy.statements) {
      if (statement.effect !== 'deny') continue;
      const written = writtenStatement(policy, statement);
      // Names of statements are unique within a policy.
      const { Sid: _name, ...rest } = written;
      found.set(JSON.stringify(rest), rest);
    }
  }
  return [...found.values()];
}

/** Every observed request under the present policies and under the proposal. */
function check(
  estate: Estate,
  ask: AskIn,
  entity: IamEntity,
  document: JsonObject,
  observed: readonly ObservedUse[],
): Pick<SystemProposal, 'broken' | 'unexplained'> {
  const proposed = withPolicy(estate, entity, document);
  const [broken, unexplained]: [ProposalCheck[], ProposalCheck[]] = [[], []];
  for (const { action, resource, events } of observed) {
    const id = resource?.startsWith('arn:') === true ? resource : '*';
    // The log names no resource: any that is granted may have been meant.
    const before = ask(estate, entity, action, id);
    const isOpen = id === '*' && before.decision === 'deny';
    if (before.decision === 'deny' && !isOpen) {
      unexplained.push({ action, resource, events, why: before.verdict });
      continue;
    }
    const after = isOpen ? before : ask(proposed.estate, proposed.entity, action, id);
    if (!isOpen && after.decision === 'deny') broken.push({ action, resource, events, why: after.verdict });
  }
  return { broken, unexplained };
}

/** The estate as it would be. */
function withPolicy(
  estate: Estate,
  entity: IamEntity,
  document: JsonObject,
): { readonly estate: Estate; readonly entity: IamEntity } {
  const origin = { path: '', pointer: '', id: 'proposal', name: 'proposal' };
  const policy = compilePolicy(document, 'identity', origin, []);
  const changed: IamEntity = {
    ...entity,
    identity: { attachments: [new Attachment(policy, 'proposal/')], gaps: [...entity.identity.gaps] },
  };
  const accounts = new Map(estate.accounts);
  const id = parseArn(entity.arn)?.account ?? '';
  const account = accounts.get(id);
  if (account !== undefined) {
    const [users, roles] = [new Map(account.users), new Map(account.roles)];
    if (entity.kind === 'user') users.set(entity.arn, changed);
    else roles.set(entity.name, changed);
    accounts.set(id, { ...account, users, roles });
  }
  return { estate: new Estate(accounts, estate.organization, estate.policies, []), entity: changed };
}

function notesOf({ groups, boundaryArn }: IamEntity, document: JsonObject): string[] {
  const size = JSON.stringify(document).length;
  return [
    'It takes the place of all policies that the identity has, itself and by groups; Deny statements are in it.',
    ...(groups.length > 0
      ? [`It is in ${groups.join(', ')}: take it out, or the groups go on to give more.`]
      : []),
    ...(boundaryArn === null ? [] : [`The boundary ${boundaryArn} goes on to limit it.`]),
    ...(size > largestPolicy
      ? [
          `It has ${size} characters: more than the ${largestPolicy} of a managed policy. Split it, or take a wider margin.`,
        ]
      : []),
  ];
}
