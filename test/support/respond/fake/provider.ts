import { z } from 'zod';
import { endpointUrl } from '#electron/respond/endpoint.ts';
import { outcomeOfStatus, readErrorOf } from '#electron/respond/outcomes.ts';
import {
  type Action,
  type CallContext,
  type FoundTarget,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
} from '#electron/respond/provider.ts';
import { sweepParts } from '#electron/respond/sweep-parts.ts';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import { spec } from './specs.ts';
import type { World } from './world.ts';

/** How the provider reaches its world: over HTTP in most tests, directly in races of virtual time. */
export type Transport = (
  method: string,
  path: string,
  body: object | null,
  call: CallContext,
) => Promise<Response>;

const config = z.strictObject({
  url: endpointUrl('https'),
  settle: z.coerce.number().default(0),
  /** Seconds before an account may be enabled again. */
  wait: z.coerce.number().default(0),
  /** Whether a part of each sweep is not allowed. */
  sweep: z.enum(['whole', 'partial']).default('whole'),
  reach: z.enum(['inside', 'outside']).default('outside'),
});
type Config = z.infer<typeof config>;

/** The provider type of the test world. `transport` replaces HTTP. */
export function fakeType(transport?: Transport): ProviderType<Config> {
  return {
    type: 'fake',
    title: 'Test world',
    config,
    secrets: [{ name: 'token', title: 'Token', required: true }],
    permissions: [{ name: 'write', neededFor: 'account.disable', why: 'to disable accounts' }],
    provedOn: 'contract-fake',
    origins: ({ url }) => [url],
    open: (settings, io) => new FakeProvider(settings, io, transport ?? overHttp(settings, io)),
  };
}

function overHttp({ url }: Config, io: ProviderIo): Transport {
  return async (method, path, body, call) => {
    const headers = {
      authorization: `Bearer ${await io.secret('token')}`,
      'content-type': 'application/json',
    };
    return io.fetch(`${url}${path}`, {
      method,
      headers,
      signal: call.signal,
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
  };
}

type Pass = (signal: AbortSignal) => Promise<void>;

/** Reaches a world in the same process; time goes by on the way there, on the way back, or both. */
export function inMemory(world: World, way: { readonly there?: Pass; readonly back?: Pass }): Transport {
  return async (method, path, body, { signal }) => {
    await way.there?.(signal);
    const url = new URL(path, 'http://fake');
    const answer = world.handle({
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: (body ?? {}) as Record<string, unknown>,
      ifMatch: null,
    });
    await way.back?.(signal);
    if (answer.reset === true) throw new ProviderError('interrupted', 'the connection broke');
    return new Response(JSON.stringify(answer.body), {
      status: answer.status,
      ...(answer.headers === undefined ? {} : { headers: answer.headers }),
    });
  };
}

interface AccountBody {
  readonly id: string;
  readonly name: string;
  readonly disabled: boolean;
  readonly denied: boolean;
}
interface PartBody {
  readonly id: string;
  readonly account: string;
  readonly role?: string;
  readonly active: boolean;
  readonly createdAt: number;
}

class FakeProvider implements Provider {
  readonly #config: Config;
  readonly #io: ProviderIo;
  readonly #send: Transport;

  constructor(settings: Config, io: ProviderIo, send: Transport) {
    this.#config = settings;
    this.#io = io;
    this.#send = send;
  }

  async whoami(call: CallContext) {
    const { tenant, operator } = await this.#get<{ tenant: string; operator: string }>('/whoami', call);
    return { tenant, tenantName: 'Test world', operator: [operator], operatorName: operator };
  }

  async test(call: CallContext) {
    return { identity: await this.whoami(call), missing: [], unchecked: [], notes: [] };
  }

  async resolve(reference: { readonly id: string; readonly aliases: readonly string[] }, call: CallContext) {
    const found: FoundTarget[] = [];
    for (const name of [reference.id, ...reference.aliases]) {
      const accounts = await this.#get<AccountBody[]>(`/accounts?name=${encodeURIComponent(name)}`, call);
      found.push(...accounts.map(({ id, name: shown }) => target('account', id, shown, null, 0)));
    }
    const unique = [...new Map(found.map((each) => [each.id, each])).values()];
    return unique.length > 1
      ? { targets: [], ambiguous: unique, notes: [] }
      : { targets: unique, ambiguous: [], notes: [] };
  }

  async descendants(parent: Target, call: CallContext) {
    if (parent.kind !== 'account') return [];
    const kinds = [
      ['key', 'keys'],
      ['session', 'sessions'],
      ['grant', 'grants'],
    ] as const;
    const lists = await Promise.all(
      kinds.map(async ([kind, path]) => {
        const parts = await this.#get<PartBody[]>(`/${path}?account=${parent.id}`, call);
        return parts
          .filter(({ active }) => active || kind === 'key')
          .map(({ id, createdAt }) => target(kind, id, id, parent.id, createdAt));
      }),
    );
    return lists.flat();
  }

  actions({ kind }: Target) {
    const { settle, reach, wait } = this.#config;
    const actions = spec(kind, settle, reach === 'outside', wait).map((each) => this.#action(each));
    return Promise.resolve({ actions, missing: [] });
  }

  administrators(call: CallContext): Promise<readonly string[]> {
    return this.#get('/administrators', call);
  }

  async sweep(since: number, targets: readonly Target[], call: CallContext) {
    const accounts = targets.filter(({ kind }) => kind === 'account');
    return sweepParts(
      async () => {
        const found = await Promise.all(accounts.map((account) => this.descendants(account, call)));
        return found
          .flat()
          .filter(
            ({ createdAt }) =>
              createdAt !== null && Date.parse(createdAt) >= since && Date.parse(createdAt) > 0,
          )
          .map((each) => ({ target: each, why: 'created since' }));
      },
      () =>
        this.#config.sweep === 'whole'
          ? Promise.resolve([])
          : Promise.reject(new ProviderError('forbidden', 'Roles may not be listed.')),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #action(each: ActionSpec): Action {
    const { path, field, on, off } = wireOf(each.id);
    const place = (found: Target): string => `/${path}/${found.id}`;
    const valueOf = async (found: Target, call: CallContext): Promise<boolean> => {
      const body = await this.#get<Record<string, unknown>>(place(found), call);
      return body[field] === true;
    };
    const write = async (found: Target, value: boolean, call: CallContext) => {
      const route = path === 'accounts' ? `${place(found)}/${field}` : place(found);
      const response = await this.#send('PUT', route, { value }, call);
      return outcomeOfStatus(response, `${each.id} ${found.id}`, { now: this.#io.clock.now() });
    };
    const action: Action = {
      spec: each,
      snapshot: async (found, call) => {
        const body = await this.#get<PartBody & Record<string, unknown>>(place(found), call);
        const value = body[field] === true;
        const state = { value, account: body.account ?? null, role: body.role ?? null };
        return {
          takenAt: new Date(this.#io.clock.now()).toISOString(),
          inState: value === on,
          version: null,
          state,
        };
      },
      preview: (found) =>
        Promise.resolve([{ method: 'PUT', address: place(found), body: JSON.stringify({ value: on }) }]),
      apply: (found, _, call) => write(found, on, call),
      observe: async (found, _, call) => {
        const value = await valueOf(found, call);
        return {
          state: value === on ? 'in_effect' : 'not_in_effect',
          detail: `${field} is ${value}`,
          facts: { value },
        };
      },
      probe:
        path === 'accounts'
          ? null
          : async (found, _, call) => {
              const { works } = await this.#get<{ works: boolean }>(`/works/${found.id}?kind=${path}`, call);
              return {
                state: works ? 'still_allowed' : 'denied',
                method: 'decision',
                artefacts: each.stops,
                detail: works ? 'it still works' : 'it is refused',
                facts: { works },
              };
            },
      undo: off === null ? null : (found, _, call) => write(found, off, call),
      dryRun: null,
    };
    if (each.id === 'key.rotate') return this.#rotation(action);
    return each.id === 'grant.remove' ? this.#grantRemoval(action) : action;
  }

  /** Destroys the old secret each time: done twice is a disaster, and nothing tells afterwards. */
  #rotation(action: Action): Action {
    return {
      ...action,
      snapshot: () =>
        Promise.resolve({
          takenAt: new Date(this.#io.clock.now()).toISOString(),
          inState: false,
          version: null,
          state: {},
        }),
      apply: async (found, _, call) => {
        const response = await this.#send('POST', `/keys/${found.id}`, {}, call);
        return outcomeOfStatus(response, `rotated ${found.id}`, { now: this.#io.clock.now() });
      },
      observe: () => Promise.resolve({ state: 'unknown', detail: 'nothing tells', facts: {} }),
      probe: null,
      undo: null,
    };
  }

  /** Removed grants come back under a new id. */
  #grantRemoval(action: Action): Action {
    return {
      ...action,
      apply: async (found, _, call) => {
        const response = await this.#send('DELETE', `/grants/${found.id}`, null, call);
        return outcomeOfStatus(response, `removed ${found.id}`, { now: this.#io.clock.now() });
      },
      observe: async (_, snapshot, call) => {
        const { account, role } = snapshot.state as { account: string; role: string };
        const grants = await this.#get<PartBody[]>(`/grants?account=${account}`, call);
        const has = grants.some((grant) => grant.active && grant.role === role);
        return {
          state: has ? 'not_in_effect' : 'in_effect',
          detail: has ? 'granted' : 'not granted',
          facts: {},
        };
      },
      undo: async (_, { state }, call) => {
        const response = await this.#send(
          'POST',
          '/grants',
          { account: state['account'], role: state['role'] },
          call,
        );
        const { id } = (await response.clone().json()) as { id?: string };
        const came = outcomeOfStatus(response, 'granted again', { now: this.#io.clock.now() });
        return id === undefined ? came : { ...came, newId: id };
      },
    };
  }

  async #get<T>(path: string, call: CallContext): Promise<T> {
    const response = await this.#send('GET', path, null, call);
    if (!response.ok) throw readErrorOf(response, path, this.#io.clock.now());
    return (await response.json()) as T;
  }
}

function wireOf(id: string): { path: string; field: string; on: boolean; off: boolean | null } {
  switch (id) {
    case 'account.deny':
      return { path: 'accounts', field: 'denied', on: true, off: false };
    case 'account.disable':
      return { path: 'accounts', field: 'disabled', on: true, off: false };
    case 'session.end':
      return { path: 'sessions', field: 'active', on: false, off: null };
    case 'grant.remove':
      return { path: 'grants', field: 'active', on: false, off: true };
    default:
      return { path: 'keys', field: 'active', on: false, off: true };
  }
}

function target(
  kind: string,
  id: string,
  name: string,
  parent: string | null,
  createdAt: number,
): FoundTarget {
  return {
    kind,
    id,
    name,
    parent,
    createdAt: new Date(createdAt).toISOString(),
    managedBy: null,
    attributes: {},
  };
}
