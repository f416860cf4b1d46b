import { userInfo } from 'node:os';
import { parseInstant } from '#shared/util/instant.ts';
import { FailureError } from '#shared/util/result.ts';
import type { HandlerServices, Handlers } from './handler.ts';

export function identityHandlers({ engine }: HandlerServices): Handlers<'identities.decide'> {
  return {
    'identities.decide': ({ why, data }) => {
      if (data.kind === 'standing') checkEnd(data.as, data.until);
      return engine.decide(userInfo().username, why, data);
    },
  };
}

/** What is temporary or an exception has an end. */
function checkEnd(as: string, until: string | null): void {
  if (until !== null && parseInstant(until) === null) {
    throw new FailureError('invalid-input', `“${until}” is no time. Write it as RFC 3339.`);
  }
  if (as !== 'standing' && until === null) {
    throw new FailureError('invalid-input', `What is ${as} has an end: give it.`);
  }
}
