// Builds everything that runs into out/: the page, the preload script (one file, as a sandboxed preload must be),
// and the processes (module by module, so that out/ has the layout of the sources).
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './fresh.mjs';

const out = join(root, 'out');
const json = /\.json$/;
const entries = [
  'electron/headless/cli.ts',
  'electron/main/main.ts',
  'electron/store/writer-process.ts',
  'electron/store/reader-process.ts',
  'electron/ingest/ingest-process.ts',
  'electron/ingest/worker.ts',
  'electron/respond/respond-process.ts',
  'electron/policy/policy-process.ts',
  'electron/policy/thread/worker.ts',
];

await rm(out, { recursive: true, force: true });
await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
await buildForNode(entries, out, { preserveModules: true, preserveModulesRoot: root }, true);
await buildForNode(['electron/custody/verifier.ts'], join(out, 'verifier'), {}, true);
await buildForNode(['electron/respond/verify/verifier.ts'], join(out, 'receipt-verifier'), {}, true);
// One file each: a sandboxed preload can load no other.
for (const name of ['preload', 'confirm']) {
  await buildForNode([`electron/preload/${name}.ts`], join(out, 'preload'), { format: 'cjs' }, false);
}

/**
 * Dependencies stay outside where the process can load them; a sandboxed preload can load none. JSON comes inside: the
 * bundler drops the attribute (`type: json`) without which Node does not load it.
 */
async function buildForNode(files, outDir, output, external) {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: external ? [json] : true, external: ['electron'] },
    build: {
      ssr: true,
      target: 'node24',
      outDir,
      emptyOutDir: false,
      minify: false,
      rollupOptions: {
        input: files.map((file) => join(root, file)),
        external: external ? (id) => /^[^#./]/.test(id) && !json.test(id) : [/^node:/, 'electron'],
        // A folder named node_modules would be left out of the package.
        output: {
          entryFileNames: ({ name }) =>
            `${name.replaceAll('node_modules', 'modules')}.${output.format === 'cjs' ? 'cjs' : 'js'}`,
          ...output,
        },
      },
    },
  });
}
