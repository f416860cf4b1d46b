import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { projectRoot } from './imports.ts';

/** Builds the console's page from the sources as they are into a new folder; answers with the folder. */
export async function buildPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rescind-console-'));
  await build({
    configFile: join(projectRoot, 'vite.config.ts'),
    root: join(projectRoot, 'renderer'),
    logLevel: 'silent',
    build: { outDir: folder },
  });
  return folder;
}
