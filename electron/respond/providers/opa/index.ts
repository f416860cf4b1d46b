import { z } from 'zod';
import { arrayAt, isObject, textAt } from '#shared/domain/json.ts';
import { endpointUrl } from '../../endpoint.ts';
import {
  type CallContext,
  type FoundTarget,
  type Permission,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
} from '../../provider.ts';
import { denyAction } from './deny.ts';
import { OpaReplica } from './replica.ts';

const path = z.string().regex(/^[\w-]+(?:\/[\w-]+)*$/, 'names separated by /');
const address = endpointUrl('https');

const config = z.strictObject({
  urls: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(address).min(1).max(50))
    .describe('every replica, comma-separated: OPA keeps data in memory, each instance its own'),
  path: path
    .default('emergency/deny')
    .describe(
      'document under data that the deployed policy consults: a subject that is true there is denied',
    ),
  decision: z
    .union([path, z.literal('')])
    .default('')
    .describe('decision to ask for the check that the deny bites, e.g. app/authz/allow; empty: not asked'),
  input: z
    .string()
    .max(10_000)
    .refine((text) => parsed(text) !== undefined, 'is no JSON')
    .default('{"subject":"{subject}"}')
    .describe('input of that question, as JSON; {subject} in its texts stands for the subject'),
});
export type OpaConfig = z.output<typeof config>;

const permissions: readonly Permission[] = [
  { name: 'GET /v1/data', neededFor: 'read', why: 'to see whether the deny is there' },
  { name: 'GET /v1/policies', neededFor: 'read', why: 'to see whether a policy consults the deny' },
  { name: 'POST /v1/data', neededFor: 'read', why: 'to ask for the decision' },
  { name: 'PUT /v1/data', neededFor: 'subject.deny', why: 'to write the deny' },
  { name: 'DELETE /v1/data', neededFor: 'subject.deny', why: 'to take the deny away again' },
];

/**
 * Open Policy Agent: a flag in its data that a policy, deployed beforehand, reads and denies by. REST is called
 * directly: the official client asks for decisions only, and retries must not happen behind the journal. The token
 * is what `--authentication=token` reads; an instance without authentication ignores it.
 */
export const opa: ProviderType<OpaConfig> = {
  type: 'opa',
  title: 'Open Policy Agent',
  config,
  secrets: [{ name: 'token', title: 'Bearer token', required: true }],
  permissions,
  provedOn: 'contract-fake',
  origins: ({ urls }) => urls.map((url) => new URL(url).origin),
  open: (settings, io) => openOpa(settings, io),
};

function openOpa(settings: OpaConfig, io: ProviderIo): Provider {
  const replicas = settings.urls.map((url) => new OpaReplica(url, settings.path, io));
  const deny = denyAction(settings, replicas, io);
  const dotted = settings.path.replaceAll('/', '.');
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    await Promise.all(replicas.map((replica) => replica.read('', call)));
    // OPA has no question for the caller's own identity: the token is known by its fingerprint.
    const token = await io.fingerprint(await io.secret('token'));
    const tenant = settings.urls.join(', ');
    return { tenant, tenantName: tenant, operator: [token], operatorName: 'bearer token' };
  };
  return {
    whoami,
    async test(call) {
      const identity = await whoami(call);
      const policies = await consulting(replicas, dotted, call);
      return {
        identity,
        missing: policies === null ? ['GET /v1/policies'] : [],
        unchecked: ['POST /v1/data', 'PUT /v1/data', 'DELETE /v1/data'],
        notes: [
          'Data is kept in memory: a replica that starts again has lost the deny.',
          ...(policies === false ? [`No policy on every replica consults data.${dotted}.`] : []),
        ],
      };
    },
    // OPA keeps no subjects: whatever name requests carry is one.
    resolve: ({ kind, id }) =>
      Promise.resolve({
        targets: kind === 'identity' ? [subject(id)] : [],
        ambiguous: [],
        notes: ['OPA does not know who exists: the id has to be the one that requests carry.'],
      }),
    descendants: () => Promise.resolve([]),
    async actions(_, call) {
      const policies = await consulting(replicas, dotted, call);
      if (policies !== false) return { actions: [deny], missing: [] };
      return {
        actions: [deny],
        missing: [
          {
            control: `A policy that consults data.${dotted}`,
            consequence: 'The flag is written, and nothing is denied by it.',
            advice: `Deploy a policy that denies every subject s with data.${dotted}[s], to every replica.`,
          },
        ],
      };
    },
    administrators: () => Promise.resolve(null),
    sweep: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
}

function subject(id: string): FoundTarget {
  return {
    kind: 'subject',
    id,
    name: id,
    parent: null,
    createdAt: null,
    managedBy: null,
    attributes: {},
  };
}

/** Whether each replica has a policy whose text names the document; null where policies may not be read. */
async function consulting(
  replicas: readonly OpaReplica[],
  dotted: string,
  call: CallContext,
): Promise<boolean | null> {
  try {
    const all = await Promise.all(replicas.map((replica) => replica.policies(call)));
    return all.every((answer) =>
      arrayAt(answer, 'result')
        .filter(isObject)
        .some((policy) => names(textAt(policy, 'raw') ?? '', dotted)),
    );
  } catch (thrown) {
    if (thrown instanceof ProviderError && thrown.kind === 'forbidden') return null;
    throw thrown;
  }
}

/** A reference to the document, or an import of one that holds it. Comments do not count. */
function names(rego: string, dotted: string): boolean {
  const text = rego.replaceAll(/^\s*#.*$/gm, '').replaceAll(/\["(\w+)"\]/g, '.$1');
  const [first = dotted] = dotted.split('.');
  return text.includes(`data.${dotted}`) || new RegExp(`^\\s*import data\\.${first}\\b`, 'm').test(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
