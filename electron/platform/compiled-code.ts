import { constants, enableCompileCache, flushCompileCache } from 'node:module';

import { ensureFolder } from './paths.ts';

/**
 * Keeps what V8 makes of our code, so that the next start need not compile it again; children do the same, in the same
 * folder. SECURITY: what lies there is run, so it is the user's own folder and never a shared temporary one. A folder
 * that cannot be written costs time and nothing else.
 */
export function keepCompiledCode(folder: string): void {
  try {
    ensureFolder(folder);
  } catch {
    return;
  }
  // A folder that the user has chosen for all of their Node programs is in use already.
  if (enableCompileCache(folder).status === constants.compileCacheStatus.ENABLED) {
    process.env['NODE_COMPILE_CACHE'] = folder;
  }
}

/** Milliseconds after which a process has run what it runs at each start. */
const settled = 2_000;

/** In a child, which may be ended at any moment and would lose what is otherwise written at its end. */
export function writeCompiledCode(): void {
  setTimeout(flushCompileCache, settled).unref();
}
