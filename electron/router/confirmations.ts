import { randomBytes } from 'node:crypto';
import type { ConfirmTheme } from '#shared/ipc/confirm-operations.ts';
import { FailureError } from '#shared/util/result.ts';

/** The plan that somebody wants to execute. */
export interface ConfirmRequest {
  readonly plan: string;
  readonly hash: string;
  readonly theme: ConfirmTheme;
}

/** What was decided on the surface. `key` is a path, chosen there. */
export interface Confirmed {
  readonly plan: string;
  readonly hash: string;
  readonly emergency: { readonly reason: string } | null;
  readonly key: string | null;
  readonly passphrase: string | null;
}

interface Asked {
  readonly request: ConfirmRequest;
  readonly settle: (confirmation: string | null) => void;
  /** When the surface was given the plan; null while it has not asked for it. */
  shownAt: number | null;
}

/** Approvals do not live longer either. */
const askedFor = 15 * 60_000;
/** The page that waits for a confirmation uses it at once. */
const heldFor = 60_000;
/** The control is held for two seconds; a clock may be read a little early. */
const shortestLook = 1_900;

/**
 * SECURITY: execution from a page needs a confirmation that works once, for one plan with one hash. It comes into being
 * only when the control on the confirm surface was held, and what goes with it (reason, key, passphrase) stays here:
 * the page that asked learns a random token and nothing else.
 */
export class Confirmations {
  readonly #now: () => number;
  readonly #asked = new Map<string, Asked>();
  readonly #held = new Map<string, { readonly confirmed: Confirmed; readonly expires: number }>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** `outcome` is the confirmation, or null where the surface was left. */
  ask(request: ConfirmRequest): { readonly ticket: string; readonly outcome: Promise<string | null> } {
    const ticket = randomBytes(32).toString('base64url');
    const { promise, resolve } = Promise.withResolvers<string | null>();
    const timer = setTimeout(() => this.leave(ticket), askedFor);
    timer.unref();
    const settle = (confirmation: string | null): void => {
      clearTimeout(timer);
      this.#asked.delete(ticket);
      resolve(confirmation);
    };
    this.#asked.set(ticket, { request, settle, shownAt: null });
    return { ticket, outcome: promise };
  }

  /** The plan of a ticket. Throws kind `refused`. */
  requestOf(ticket: string): ConfirmRequest {
    return this.#of(ticket).request;
  }

  /** The surface has the plan on the screen from now on. */
  shown(ticket: string): void {
    this.#of(ticket).shownAt ??= this.#now();
  }

  /** The control was held. Throws kind `refused` where nobody can have looked at the plan. */
  hold(ticket: string, decided: Omit<Confirmed, 'plan' | 'hash'>): void {
    const { request, settle, shownAt } = this.#of(ticket);
    if (shownAt === null || this.#now() - shownAt < shortestLook) {
      throw new FailureError('refused', 'The plan has not been looked at.');
    }
    const confirmation = randomBytes(32).toString('base64url');
    const { plan, hash } = request;
    this.#held.set(confirmation, {
      confirmed: { plan, hash, ...decided },
      expires: this.#now() + heldFor,
    });
    settle(confirmation);
  }

  leave(ticket: string): void {
    this.#asked.get(ticket)?.settle(null);
  }

  /** What was confirmed for the plan, once. Throws kind `refused`. */
  take(confirmation: string, plan: string): Confirmed {
    const held = this.#held.get(confirmation);
    this.#held.delete(confirmation);
    for (const [other, { expires }] of this.#held) if (expires <= this.#now()) this.#held.delete(other);
    if (held === undefined || held.expires <= this.#now() || held.confirmed.plan !== plan) {
      throw new FailureError('refused', 'This is no confirmation of this plan. Confirm it again.');
    }
    return held.confirmed;
  }

  #of(ticket: string): Asked {
    const asked = this.#asked.get(ticket);
    if (asked !== undefined) return asked;
    throw new FailureError(
      'refused',
      'This confirmation is over: it was used, left, or not held in time. Begin again from the plan.',
    );
  }
}
