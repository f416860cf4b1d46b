import { type JsonObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Remainder } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, ProviderIo } from '../../provider.ts';
import type { OktaOrg } from './org.ts';

/** Whatever is ended, the user may sign in anew. */
export const signsInAgain: Remainder = {
  artefact: 'login',
  residualSeconds: null,
  coveredBy: ['identity.disable'],
  note: 'The user signs in again at once unless suspended.',
};

interface LoggedCall {
  readonly spec: ActionSpec;
  readonly method: 'POST' | 'DELETE';
  readonly path: (id: string) => string;
  readonly body?: (id: string) => JsonObject;
  /** Of the access token, where it is another than that for users. */
  readonly scope?: string;
  /** Event type that the System Log has of it. */
  readonly event: string;
  /** What is said of a user with and without that event. */
  readonly done: (name: string) => string;
  readonly silent: (name: string) => string;
}

/** A call about a user whose effect cannot be listed: that it was done is read out of the System Log. */
export function loggedAction(org: OktaOrg, io: ProviderIo, given: LoggedCall): Action {
  const { spec, method, path, scope, event: type, done, silent } = given;
  const bodyOf = (id: string): JsonObject | null => given.body?.(id) ?? null;
  return {
    spec,
    snapshot: ({ id }) =>
      Promise.resolve({
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: false,
        version: null,
        state: { id },
      }),
    preview: async ({ id }) => {
      const body = bodyOf(id);
      return [{ method, address: org.address(path(id)), body: body === null ? null : JSON.stringify(body) }];
    },
    async apply({ id, name }, _, call) {
      if ((await org.user(id, call)) === null) return outcome('target_absent', `${name} is not there.`);
      return org.write(method, path(id), call, {
        body: bodyOf(id),
        ...(scope === undefined ? {} : { scope }),
      });
    },
    async observe({ id, name }, _, call) {
      const [event] = await org.events(type, id, call.since, call);
      return event === undefined
        ? { state: 'unknown', detail: silent(name), facts: {} }
        : {
            state: 'in_effect',
            detail: done(name),
            facts: { event: textAt(event, 'uuid'), published: textAt(event, 'published') },
          };
    },
    probe: null,
    undo: null,
    dryRun: null,
  };
}
