import { z } from 'zod';
import { endpointUrl } from '../../endpoint.ts';
import type {
  CallContext,
  FoundTarget,
  Permission,
  Provider,
  ProviderIo,
  ProviderType,
} from '../../provider.ts';
import { declaredAction } from './action.ts';
import { type Identified, identified, listed } from './shapes.ts';
import { WebhookWire } from './wire.ts';

const config = z.strictObject({
  url: endpointUrl('https').describe('where the receiver takes messages'),
  signature: z
    .enum(['hmac', 'ed25519'])
    .default('hmac')
    .describe('how messages are signed: hmac (a shared key) or ed25519 (the receiver has the public half)'),
});
export type WebhookConfig = z.output<typeof config>;

const permissions: readonly Permission[] = [
  { name: 'the signing key', neededFor: 'read', why: 'the receiver takes messages that are signed by it' },
];

/**
 * Any system that has no provider of its own, behind a receiver that its owner writes: signed messages, an idempotency
 * key for each, answers of an agreed shape (`resources/webhook.md`).
 */
export const webhook: ProviderType<WebhookConfig> = {
  type: 'webhook',
  title: 'Signed webhook',
  config,
  secrets: [
    { name: 'key', title: 'Signing key: whsec_… (HMAC), or an Ed25519 private key in PEM', required: true },
  ],
  permissions,
  provedOn: 'contract-fake',
  origins: ({ url }) => [new URL(url).origin],
  open: (settings, io) => openWebhook(settings, io),
};

function openWebhook(settings: WebhookConfig, io: ProviderIo): Provider {
  const wire = new WebhookWire(settings, io);
  let declared: Promise<Identified> | null = null;
  const identify = (call: CallContext): Promise<Identified> => wire.ask('identify', {}, identified, call);
  /** What the receiver offers is asked once: a plan and its run must speak of the same actions. */
  const offered = (call: CallContext): Promise<Identified> => {
    const asked = declared ?? identify(call);
    declared = asked;
    asked.catch(() => {
      declared = null;
    });
    return asked;
  };
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    const { tenant, tenantName, operator, operatorName } = await identify(call);
    return { tenant, tenantName, operator, operatorName };
  };
  return {
    whoami,
    async test(call) {
      const { actions } = await identify(call);
      const names = Object.entries(actions).map(
        ([kind, list]) => `${kind}: ${list.map(({ id }) => id).join(', ')}`,
      );
      return {
        identity: await whoami(call),
        missing: [],
        unchecked: [],
        notes: [`The receiver offers ${names.length === 0 ? 'no action' : names.join('; ')}.`],
      };
    },
    async resolve({ kind, id, aliases, account }, call) {
      const { targets } = await wire.ask('find', { kind, id, aliases, account }, listed, call);
      const roots = unique(targets.filter(({ parent }) => parent === null));
      const names = new Set(roots.map((target) => target.kind));
      return roots.length > names.size
        ? { targets: [], ambiguous: roots, notes: [] }
        : { targets: roots, ambiguous: [], notes: [] };
    },
    async descendants({ kind, id, name }, call) {
      const reference = { kind: 'identity', id, aliases: [name], account: null };
      const { targets } = await wire.ask('find', { ...reference, below: { kind, id } }, listed, call);
      return unique(targets.filter(({ parent }) => parent === id));
    },
    async actions(target, call) {
      const { actions } = await offered(call);
      const own = Object.hasOwn(actions, target.kind) ? (actions[target.kind] ?? []) : [];
      return { actions: own.map((each) => declaredAction(each, wire, io)), missing: [] };
    },
    administrators: () => Promise.resolve(null),
    async sweep(since, targets, call) {
      const asked = targets.map(({ kind, id }) => ({ kind, id }));
      const { targets: found } = await wire.ask(
        'sweep',
        { since: new Date(since).toISOString(), targets: asked },
        listed,
        call,
      );
      return found.map((target) => ({ target, why: 'The receiver says that it was made since.' }));
    },
    close: () => Promise.resolve(),
  };
}

function unique(targets: readonly FoundTarget[]): FoundTarget[] {
  return [...new Map(targets.map((target) => [`${target.kind}\n${target.id}`, target])).values()];
}
