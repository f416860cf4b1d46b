import { type ChildLauncher, startAhead } from '#electron/platform/children.ts';
import { keepCompiledCode } from '#electron/platform/compiled-code.ts';
import { createNodeLauncher } from '#electron/platform/node-children.ts';
import { cacheFolder } from '#electron/platform/paths.ts';
import type { ExitCode } from './exit-code.ts';

/**
 * The command line; resolves to the process's exit code. Children are forked from Node, unless the program that runs
 * this has another way. Only what is needed to begin is imported here: the rest is loaded while the reader starts.
 */
export async function main(
  words: readonly string[],
  launcher: ChildLauncher = createNodeLauncher(),
): Promise<ExitCode> {
  keepCompiledCode(cacheFolder());
  const ahead = startAhead(launcher, servesCase(words) ? 'reader' : null);
  try {
    const { runWords } = await import('./run-command.ts');
    return await runWords(words, ahead.launcher);
  } finally {
    ahead.release();
  }
}

/** Whether the console is to be served with a case, which a reader will be asked for at once. */
function servesCase([command, ...words]: readonly string[]): boolean {
  return command === 'serve' && words.some((word) => word === '--case' || word.startsWith('--case='));
}
