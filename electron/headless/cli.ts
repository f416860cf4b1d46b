import { type ChildLauncher, startAhead } from '#electron/platform/children.ts';
import type { EntryName } from '#electron/platform/entries.ts';
import { keepCompiledCode } from '#electron/platform/compiled-code.ts';
import { createNodeLauncher } from '#electron/platform/node-children.ts';
import { cacheFolder } from '#electron/platform/paths.ts';
import type { ExitCode } from './exit-code.ts';

/**
 * The command line; resolves to the process's exit code. Children are forked from Node, unless the program that runs
 * this has another way. Only what is needed to begin is imported here: the rest is loaded while children start.
 */
export async function main(
  words: readonly string[],
  launcher: ChildLauncher = createNodeLauncher(),
): Promise<ExitCode> {
  keepCompiledCode(cacheFolder());
  const ahead = startAhead(launcher, neededAtOnce(words));
  try {
    const { runWords } = await import('./run-command.ts');
    return await runWords(words, ahead.launcher);
  } finally {
    ahead.release();
  }
}

/** The children that a command will ask for at once: a reader where a case is served, both sides of an import. */
function neededAtOnce([command, ...words]: readonly string[]): readonly EntryName[] {
  const namesCase = words.some((word) => word === '--case' || word.startsWith('--case='));
  if (command === 'serve' && namesCase) return ['reader'];
  // Standard input is given to a child as it starts.
  if (command === 'ingest' && namesCase && !words.includes('-')) return ['writer', 'ingest'];
  return [];
}
