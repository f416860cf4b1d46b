import type { FileToken } from '#shared/ipc/views.ts';
import type { Result } from '#shared/util/result.ts';
import type { FileTokens } from './file-tokens.ts';
import type { HandlerContext } from './handlers/handler.ts';
import type { Router } from './router.ts';

/** What a host's page talks to. The host has checked that it is the page. */
export interface PageServices {
  handle(name: unknown, input: unknown, context: HandlerContext<unknown>): Promise<Result<unknown>>;
  /** Tokens for files that the analyst dropped, where the host knows their paths. */
  registerPaths(paths: readonly string[]): Promise<readonly FileToken[]>;
}

/** The same for the confirm surface, which may ask for its own operations alone. */
export type ConfirmServices = Pick<PageServices, 'handle'>;

export function createConfirmServices(router: Router): ConfirmServices {
  return {
    handle: (name, input, { signal, emit }) =>
      router.handle(name, input, { sender: 'confirm', signal, emit }),
  };
}

export function createPageServices(router: Router, tokens: FileTokens): PageServices {
  return {
    handle: (name, input, { signal, emit }) => router.handle(name, input, { sender: 'page', signal, emit }),
    registerPaths: (paths) => tokens.givePaths(paths),
  };
}
