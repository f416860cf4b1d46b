import * as oauth from 'oauth4webapi';
import { z } from 'zod';
import { textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Outcome, Target } from '#shared/domain/response.ts';
import { endpointUrl } from '../../endpoint.ts';
import { objectBody } from '../../object-body.ts';
import { outcome, outcomeOfStatus, readErrorOf } from '../../outcomes.ts';
import {
  type Action,
  type CallContext,
  type FoundTarget,
  type Permission,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
} from '../../provider.ts';

const config = z.strictObject({
  issuer: endpointUrl('https').describe(
    'the authorization server’s issuer; its metadata names the endpoints (RFC 8414)',
  ),
  clientId: z.string().min(1).max(500).describe('the client that the tokens were issued to'),
});
type OauthConfig = z.output<typeof config>;

const permissions: readonly Permission[] = [
  {
    name: 'revocation endpoint',
    neededFor: 'token.revoke',
    why: 'to revoke a token of this client (RFC 7009)',
  },
  { name: 'introspection endpoint', neededFor: 'read', why: 'to see whether a token is active (RFC 7662)' },
];

/** OAuth 2.0: token revocation (RFC 7009) and introspection (RFC 7662) of tokens that the operator holds. */
export const oauth2: ProviderType<OauthConfig> = {
  type: 'oauth',
  title: 'OAuth 2.0 authorization server',
  config,
  secrets: [
    { name: 'clientSecret', title: 'Secret of the client that the tokens were issued to', required: true },
  ],
  takesHeld: true,
  permissions,
  provedOn: 'real-server',
  origins: ({ issuer }) => [new URL(issuer).origin],
  open: (settings, io) => openOauth(settings, io),
};

function spec(kind: 'refresh_token' | 'access_token'): ActionSpec {
  return {
    id: 'token.revoke',
    title: kind === 'refresh_token' ? 'Revoke the refresh token' : 'Revoke the access token',
    verb: 'token.revoke',
    reversibility: 'R2',
    stops: [kind],
    doesNotStop: [
      {
        artefact: kind === 'refresh_token' ? 'access_token' : 'refresh_token',
        residualSeconds: kind === 'refresh_token' ? 3_600 : null,
        coveredBy: ['token.revoke'],
        note:
          kind === 'refresh_token'
            ? 'Access tokens that were issued live until they expire unless the server ends the whole grant; tokens that services check themselves (JWT) always do.'
            : 'A refresh token of the same grant gives a new access token.',
      },
    ],
    idempotency: 'state_convergent',
    precondition: null,
    nativeDryRun: false,
    requiredPermissions: ['revocation endpoint'],
    rateLimit: null,
    settle: { typicalMs: 0, maxMs: 1_000 },
    beyondReach: null,
    undo: { possible: false, waitSeconds: 0, note: 'Whoever may sign in gets new tokens.' },
  };
}

function openOauth({ issuer, clientId }: OauthConfig, io: ProviderIo): Provider {
  const server = new AuthorizationServer(issuer, clientId, io);
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    const metadata = await server.metadata(call);
    return { tenant: metadata.issuer, tenantName: issuer, operator: [clientId], operatorName: clientId };
  };
  return {
    whoami,
    async test(call) {
      const identity = await whoami(call);
      const metadata = await server.metadata(call);
      const found = [metadata.revocation_endpoint, metadata.introspection_endpoint];
      // A token that nobody has: the answer tells whether the client is accepted, and ends nothing.
      if (metadata.introspection_endpoint !== undefined) {
        await server.introspect(`probe-${crypto.randomUUID()}`, call);
      }
      return {
        identity,
        missing: permissions.map(({ name }) => name).filter((_, index) => found[index] === undefined),
        unchecked: [],
        notes: ['Each client can revoke its own tokens alone: configure one provider for each client.'],
      };
    },
    async resolve({ kind, id, credentialType }, call) {
      const token = kind === 'credential' ? await io.held(id) : null;
      if (token === null) return { targets: [], ambiguous: [], notes: [] };
      const answer = await server.introspect(token, call);
      const type = typeOf(credentialType, answer.token_type);
      const target: FoundTarget = {
        kind: type,
        id,
        name: `${type.replace('_', ' ')} ${id}`,
        parent: null,
        createdAt: typeof answer.iat === 'number' ? new Date(answer.iat * 1_000).toISOString() : null,
        managedBy: null,
        attributes: {
          active: answer.active,
          subject: answer.sub ?? null,
          client: answer.client_id ?? null,
          expires: typeof answer.exp === 'number' ? new Date(answer.exp * 1_000).toISOString() : null,
        },
      };
      return { targets: [target], ambiguous: [], notes: [] };
    },
    descendants: () => Promise.resolve([]),
    actions: ({ kind }) =>
      Promise.resolve({
        actions: [revokeAction(kind === 'refresh_token' ? kind : 'access_token', server, io)],
        missing: [],
      }),
    administrators: () => Promise.resolve(null),
    sweep: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
}

function typeOf(given: string | null, told: string | undefined): 'refresh_token' | 'access_token' {
  if (given === 'refresh_token' || given === 'access_token') return given;
  return told?.toLowerCase() === 'bearer' ? 'access_token' : 'refresh_token';
}

/** RFC 7009 answers 200 for tokens that never were: only introspection shows that one has ended. */
function revokeAction(
  kind: 'refresh_token' | 'access_token',
  server: AuthorizationServer,
  io: ProviderIo,
): Action {
  const held = async ({ id }: Target): Promise<string> => {
    const token = await io.held(id);
    if (token === null) throw new ProviderError('unreachable', `The vault holds no credential ${id}.`);
    return token;
  };
  return {
    spec: spec(kind),
    async snapshot(target, call) {
      const { active, sub, client_id: client } = await server.introspect(await held(target), call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: !active,
        version: null,
        state: { active, subject: sub ?? null, client: client ?? null },
      };
    },
    async preview(target, _, call) {
      const { revocation_endpoint: address } = await server.metadata(call);
      return [
        {
          method: 'POST',
          address: address ?? '',
          body: `token=«secret ${target.id}»&token_type_hint=${kind}`,
        },
      ];
    },
    apply: async (target, _, call) => server.revoke(await held(target), kind, call),
    async observe(target, _, call) {
      const { active } = await server.introspect(await held(target), call);
      return {
        state: active ? 'not_in_effect' : 'in_effect',
        detail: `The server says that the token is ${active ? '' : 'not '}active.`,
        facts: { active },
      };
    },
    async probe(target, _, call) {
      const { active } = await server.introspect(await held(target), call);
      return {
        state: active ? 'still_allowed' : 'denied',
        method: 'decision',
        artefacts: [kind],
        detail: 'Introspection, which services that check tokens online rely on.',
        facts: { active },
      };
    },
    undo: null,
    dryRun: null,
  };
}

class AuthorizationServer {
  readonly #issuer: URL;
  readonly #client: oauth.Client;
  readonly #io: ProviderIo;
  #metadata: oauth.AuthorizationServer | null = null;

  constructor(issuer: string, clientId: string, io: ProviderIo) {
    this.#issuer = new URL(issuer);
    this.#client = { client_id: clientId };
    this.#io = io;
  }

  async metadata(call: CallContext): Promise<oauth.AuthorizationServer> {
    if (this.#metadata !== null) return this.#metadata;
    const options = this.#options(call);
    const openId = await oauth.discoveryRequest(this.#issuer, options);
    // Where there is no OpenID Connect there is RFC 8414.
    const response =
      openId.status === 404
        ? await oauth.discoveryRequest(this.#issuer, { ...options, algorithm: 'oauth2' })
        : openId;
    if (!response.ok)
      throw readErrorOf(response, `The metadata of ${this.#issuer.href}`, this.#io.clock.now());
    const told = await objectBody(response.clone(), 'The authorization server');
    const issuer = textAt(told, 'issuer') ?? '';
    if (URL.parse(issuer)?.href !== this.#issuer.href) {
      throw new ProviderError('rejected', `The server calls itself “${issuer}”: set issuer to exactly that.`);
    }
    this.#metadata = await read(() => oauth.processDiscoveryResponse(this.#issuer, response));
    return this.#metadata;
  }

  async introspect(token: string, call: CallContext): Promise<oauth.IntrospectionResponse> {
    const server = await this.metadata(call);
    return read(async () => {
      const response = await oauth.introspectionRequest(
        server,
        this.#client,
        await this.#authentication(),
        token,
        this.#options(call),
      );
      return oauth.processIntrospectionResponse(server, this.#client, response);
    });
  }

  async revoke(token: string, kind: string, call: CallContext): Promise<Outcome> {
    const server = await this.metadata(call);
    const response = await oauth.revocationRequest(
      server,
      this.#client,
      await this.#authentication(),
      token,
      { ...this.#options(call), additionalParameters: { token_type_hint: kind } },
    );
    const told = response.ok ? '' : await response.text().catch(() => '');
    const reason = /"error"\s*:\s*"([a-z_]{1,60})"/.exec(told)?.[1] ?? '';
    const detail = `The server answered HTTP ${response.status}${reason === '' ? '' : ` ${reason}`}.`;
    // RFC 7009 section 2.2.1: this kind of token cannot be revoked (often a JWT).
    if (reason === 'unsupported_token_type') return outcome('unsupported', detail, { error: reason });
    return outcomeOfStatus(response, detail, {
      now: this.#io.clock.now(),
      permissions: ['revocation endpoint'],
      facts: reason === '' ? {} : { error: reason },
    });
  }

  async #authentication(): Promise<oauth.ClientAuth> {
    return oauth.ClientSecretBasic(await this.#io.secret('clientSecret'));
  }

  #options({ signal }: CallContext): RequestOptions {
    return {
      signal,
      [oauth.customFetch]: (address, { method, headers, body, signal: given }) =>
        this.#io.fetch(address, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
          ...(given === undefined ? {} : { signal: given }),
        }),
      // The configuration lets plain addresses through on this machine alone.
      [oauth.allowInsecureRequests]: this.#issuer.protocol === 'http:',
    };
  }
}

/** What discovery, introspection and revocation take alike. */
interface RequestOptions {
  readonly signal: AbortSignal;
  readonly [oauth.customFetch]: (
    address: string,
    options: {
      readonly method: string;
      readonly headers: Record<string, string>;
      readonly body?: URLSearchParams | undefined;
      readonly signal?: AbortSignal | undefined;
    },
  ) => Promise<Response>;
  readonly [oauth.allowInsecureRequests]: boolean;
}

/** The library's errors as what a provider's reads throw. */
async function read<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof ProviderError) throw thrown;
    if (thrown instanceof oauth.ResponseBodyError || thrown instanceof oauth.WWWAuthenticateChallengeError) {
      const { status } = thrown;
      const kind =
        status === 401 || status === 403 ? 'forbidden' : status >= 500 ? 'interrupted' : 'rejected';
      const reason = thrown instanceof oauth.ResponseBodyError ? ` ${thrown.error}` : '';
      throw new ProviderError(kind, `The authorization server answered HTTP ${status}${reason}.`);
    }
    throw new ProviderError('protocol', thrown instanceof Error ? thrown.message : String(thrown));
  }
}
