import type { Principal } from '#shared/domain/event.ts';
import {
  type Identity,
  type IdentityCredential,
  type IdentityOptions,
  type LogDays,
  type Use,
  isSessionCredential,
} from '#shared/domain/identity.ts';
import { judgeDormancy } from './dormancy.ts';
import { Traces } from './traces.ts';

/**
 * Every identity of the logs, each once over all its appearances: as subject of its own events, and as the one
 * behind others' (the human behind a role, the impersonator). In the order of id, then account.
 */
export function inventory(
  uses: readonly Use[],
  logs: readonly LogDays[],
  options: IdentityOptions,
): Identity[] {
  const known = new Map<string, KnownIdentity>();
  const identityOf = (principal: Principal): KnownIdentity => {
    const key = keyOf(principal);
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = new KnownIdentity(principal)));
    return found;
  };
  for (const use of uses) {
    identityOf(use.subject).act(use);
    if (use.actor !== null && isIdentity(use.actor)) identityOf(use.actor).standBehind(use);
  }
  return [...known.values()]
    .map((identity) => identity.finish(logs, options))
    .toSorted((one, other) => compare(one.id, other.id) || compare(one.account ?? '', other.account ?? ''));
}

/** The key under which appearances of one identity meet. An id is the vendor's durable one; accounts tell names apart. */
function keyOf({ type, id, name, account }: Principal): string {
  return id === null ? JSON.stringify([type, name, account]) : JSON.stringify([id, account]);
}

function isIdentity({ id, name }: Principal): boolean {
  return id !== null || name !== null;
}

class KnownIdentity {
  readonly #principal: Principal;
  readonly #traces = new Traces();
  readonly #credentials = new Map<string, { type: string; traces: Traces }>();
  readonly #sessionCredentials = new Set<string>();
  readonly #formats = new Set<string>();
  /** Logs (format and account) in which it appears. */
  readonly #logs = new Set<string>();

  constructor(principal: Principal) {
    this.#principal = principal;
  }

  /** It is the subject of these events. */
  act(use: Use): void {
    const { credential, actor } = use;
    this.#appear(use);
    const isOwnAct = actor?.type !== 'service';
    this.#traces.add(use, isOwnAct ? 'use' : 'on-behalf', true);
    // A service that acts for it uses its right, not its key.
    if (credential === null || !isOwnAct) return;
    if (isSessionCredential(credential)) {
      this.#sessionCredentials.add(credential.id);
      return;
    }
    let known = this.#credentials.get(credential.id);
    if (known === undefined) {
      this.#credentials.set(credential.id, (known = { type: credential.type, traces: new Traces() }));
    }
    known.traces.add(use, 'use', true);
  }

  /** Others' events were its doing. They are not counted as its own. */
  standBehind(use: Use): void {
    this.#appear(use);
    this.#traces.add(use, 'on-behalf', false);
  }

  finish(logs: readonly LogDays[], options: IdentityOptions): Identity {
    const { id, type, name, account } = this.#principal;
    const watching = logs.filter((log) => this.#logs.has(logKey(log.format, log.account)));
    const traces = this.#traces;
    return {
      id: id ?? name ?? type,
      type,
      name,
      account,
      sources: [...this.#formats].toSorted(),
      firstSeen: traces.first?.text ?? null,
      lastSeen: traces.last?.text ?? null,
      lastSeenBasis: traces.lastBasis,
      credentials: [...this.#credentials]
        .map(([credential, seen]) => credentialOf(credential, seen, watching, options))
        .toSorted((one, other) => compare(one.id, other.id)),
      sessionCredentials: this.#sessionCredentials.size,
      events: traces.events,
      denied: traces.denied,
      ...judgeDormancy(traces.alive, watching, options),
      orphan: null,
      owner: null,
      standing: 'standing',
    };
  }

  #appear({ format, account }: Use): void {
    this.#formats.add(format);
    this.#logs.add(logKey(format, account));
  }
}

function credentialOf(
  id: string,
  { type, traces }: { type: string; traces: Traces },
  logs: readonly LogDays[],
  options: IdentityOptions,
): IdentityCredential {
  return {
    id,
    type,
    firstSeen: traces.first?.text ?? null,
    lastSeen: traces.last?.text ?? null,
    lastSeenBasis: traces.lastBasis,
    events: traces.events,
    denied: traces.denied,
    dormancy: judgeDormancy(traces.alive, logs, options).dormancy,
  };
}

function logKey(format: string, account: string | null): string {
  return JSON.stringify([format, account]);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
