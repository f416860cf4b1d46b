import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type JsonObject, isObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Outcome, Target } from '#shared/domain/response.ts';
import { endpointUrl } from '../../endpoint.ts';
import { outcome, outcomeOfStatus } from '../../outcomes.ts';
import type { Action, CallContext, Permission, Provider, ProviderIo, ProviderType } from '../../provider.ts';
import { signToken, signingKey } from './set.ts';

const config = z.strictObject({
  url: endpointUrl('https').describe('where the receiver takes pushed events (RFC 8935)'),
  issuer: z
    .string()
    .min(1)
    .max(400)
    .describe('iss of the events: this transmitter, as the receiver knows it'),
  audience: z.string().min(1).max(400).describe('aud of the events: the receiver'),
  keyId: z.string().max(200).default('').describe('kid of the key, where the receiver knows several'),
  subject: z
    .enum(['email', 'iss_sub', 'opaque'])
    .default('email')
    .describe('how the subject is named (RFC 9493): email, iss_sub or opaque'),
  subjectIssuer: z.string().max(400).default('').describe('iss of subjects in the format iss_sub'),
});
type CaepConfig = z.output<typeof config>;

const permissions: readonly Permission[] = [
  { name: 'push to the stream', neededFor: 'session.signal', why: 'to tell that sessions are revoked' },
  { name: 'push to the stream', neededFor: 'account.signal', why: 'to tell that the account is disabled' },
];

interface Signal {
  readonly id: string;
  readonly title: string;
  readonly event: string;
  readonly claims: (now: number) => JsonObject;
}

const signals: readonly Signal[] = [
  {
    id: 'session.signal',
    title: 'Tell the receiver that the subject’s sessions are revoked',
    // OpenID CAEP 1.0, 3.1.
    event: 'https://schemas.openid.net/secevent/caep/event-type/session-revoked',
    claims: (now) => ({
      event_timestamp: Math.floor(now / 1_000),
      initiating_entity: 'admin',
      reason_admin: { en: 'Emergency revocation' },
    }),
  },
  {
    id: 'account.signal',
    title: 'Tell the receiver that the subject’s account is disabled',
    // OpenID RISC Profile 1.0, 2.2.
    event: 'https://schemas.openid.net/secevent/risc/event-type/account-disabled',
    claims: () => ({ reason: 'hijacking' }),
  },
];

/**
 * Signals of the Shared Signals Framework (CAEP and RISC), pushed to one receiver. Advice alone: what the receiver does
 * with it cannot be read back, so that it never counts as containment.
 */
export const caep: ProviderType<CaepConfig> = {
  type: 'caep',
  title: 'CAEP and RISC signals',
  config,
  secrets: [
    {
      name: 'privateKey',
      title: 'Private key that signs the events (PEM: RSA, P-256 or Ed25519)',
      required: true,
    },
    { name: 'token', title: 'Bearer token of the receiver', required: true },
  ],
  permissions,
  provedOn: 'contract-fake',
  origins: ({ url }) => [new URL(url).origin],
  open: (settings, io) => openCaep(settings, io),
};

function openCaep(settings: CaepConfig, io: ProviderIo): Provider {
  const whoami = async (): ReturnType<Provider['whoami']> => {
    signingKey(await io.secret('privateKey'));
    return {
      tenant: `${settings.audience} at ${settings.url}`,
      tenantName: settings.audience,
      operator: [settings.issuer],
      operatorName: settings.issuer,
    };
  };
  return {
    whoami,
    async test() {
      return {
        identity: await whoami(),
        missing: [],
        unchecked: permissions.slice(0, 1).map(({ name }) => name),
        notes: [
          'A receiver cannot be asked without sending an event. Signals are advice: they never count as done.',
        ],
      };
    },
    // A receiver answers no questions: the subject is named as it is asked for.
    resolve({ kind, id, aliases }) {
      const names = [id, ...aliases];
      const name = settings.subject === 'email' ? names.find((each) => each.includes('@')) : id;
      if (kind !== 'identity' || name === undefined) {
        return Promise.resolve({ targets: [], ambiguous: [], notes: [] });
      }
      const target = {
        kind: 'subject',
        id: name,
        name,
        parent: null,
        createdAt: null,
        managedBy: null,
        attributes: {},
      };
      return Promise.resolve({ targets: [target], ambiguous: [], notes: [] });
    },
    descendants: () => Promise.resolve([]),
    actions: () =>
      Promise.resolve({ actions: signals.map((signal) => signalAction(signal, settings, io)), missing: [] }),
    administrators: () => Promise.resolve(null),
    sweep: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
}

function specOf({ id, title }: Signal): ActionSpec {
  return {
    id,
    title,
    verb: 'signal.emit',
    reversibility: null,
    stops: [],
    doesNotStop: [],
    idempotency: 'none',
    precondition: null,
    nativeDryRun: false,
    requiredPermissions: ['push to the stream'],
    rateLimit: null,
    settle: { typicalMs: 0, maxMs: 0 },
    beyondReach: null,
    undo: { possible: false, waitSeconds: 0, note: 'What was said cannot be unsaid.' },
  };
}

function signalAction(signal: Signal, settings: CaepConfig, io: ProviderIo): Action {
  const claimsOf = ({ id }: Target): JsonObject => ({
    iss: settings.issuer,
    aud: settings.audience,
    sub_id: subjectOf(id, settings),
    events: { [signal.event]: signal.claims(io.clock.now()) },
  });
  return {
    spec: specOf(signal),
    snapshot: async ({ id }) => ({
      takenAt: new Date(io.clock.now()).toISOString(),
      inState: false,
      version: null,
      state: { subject: id, event: signal.event },
    }),
    preview: async ({ id }) => [
      {
        method: 'POST',
        address: settings.url,
        body: JSON.stringify({ sub_id: subjectOf(id, settings), event: signal.event }),
      },
    ],
    apply: (target, _, call) => push(claimsOf(target), signal, settings, io, call),
    observe: async () => ({
      state: 'unknown',
      detail: 'A signal is advice: what the receiver does with it cannot be read back.',
      facts: {},
    }),
    probe: null,
    undo: null,
    dryRun: null,
  };
}

/** RFC 8935, 2: 202 says that the event was received, nothing more; 400 says why it was not taken. */
async function push(
  claims: JsonObject,
  signal: Signal,
  settings: CaepConfig,
  io: ProviderIo,
  { signal: abort }: CallContext,
): Promise<Outcome> {
  const id = randomUUID();
  const issued = Math.floor(io.clock.now() / 1_000);
  const token = signToken({ ...claims, jti: id, iat: issued }, await io.secret('privateKey'), settings.keyId);
  const response = await io.fetch(settings.url, {
    method: 'POST',
    signal: abort,
    headers: {
      'content-type': 'application/secevent+jwt',
      accept: 'application/json',
      authorization: `Bearer ${await io.secret('token')}`,
    },
    body: token,
  });
  const facts = { jti: id, event: signal.event, status: response.status };
  if (response.status === 202) {
    return outcome(
      'applied',
      `${settings.audience} has received the signal. That is not proof of any effect.`,
      facts,
    );
  }
  const said = response.ok ? null : await errorOf(response);
  const detail = `${settings.audience} answered HTTP ${response.status}${said === null ? '' : `: ${said}`}.`;
  if (response.ok)
    return outcome('ambiguous', `${detail} RFC 8935 has only 202 for a received event.`, facts);
  return outcomeOfStatus(response, detail, {
    now: io.clock.now(),
    permissions: ['push to the stream'],
    facts,
  });
}

async function errorOf(response: Response): Promise<string | null> {
  try {
    const value: unknown = await response.json();
    return isObject(value) ? [textAt(value, 'err'), textAt(value, 'description')].join(', ') : null;
  } catch {
    return null;
  }
}

/** RFC 9493, 3.2. */
function subjectOf(id: string, { subject, subjectIssuer, issuer }: CaepConfig): JsonObject {
  if (subject === 'email') return { format: 'email', email: id };
  if (subject === 'opaque') return { format: 'opaque', id };
  return { format: 'iss_sub', iss: subjectIssuer === '' ? issuer : subjectIssuer, sub: id };
}
