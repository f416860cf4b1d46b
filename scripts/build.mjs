// Builds everything that runs into out/: the page, the preload script (one file, as a sandboxed preload must be),
// and the processes: what runs by itself lies as in the sources, what is shared in out/chunks. Few large files start
// several times faster than hundreds of small ones.
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'vite';
import { root } from './fresh.mjs';

const out = join(root, 'out');
const json = /\.json$/;
/** Dependencies in plain JavaScript that processes need at once: bundled, they bring only what is used of them. */
const bundled = /^(?:zod|yaml|re2js)(?:\/|$)/;
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

/** A program of one file lies under its own name. */
function byName(ending) {
  return { entryFileNames: ({ name }) => `${basename(name)}.${ending}` };
}

await rm(out, { recursive: true, force: true });
await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
await buildForNode(entries, out, { chunkFileNames: 'chunks/[name]-[hash].js' }, true);
await buildForNode(['electron/custody/verifier.ts'], join(out, 'verifier'), byName('js'), true);
await buildForNode(
  ['electron/respond/verify/verifier.ts'],
  join(out, 'receipt-verifier'),
  byName('js'),
  true,
);
// One file each: a sandboxed preload can load no other.
for (const name of ['preload', 'confirm']) {
  const output = { ...byName('cjs'), format: 'cjs' };
  await buildForNode([`electron/preload/${name}.ts`], join(out, 'preload'), output, false);
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
    ssr: { noExternal: external ? [json, bundled] : true, external: ['electron'] },
    build: {
      ssr: true,
      target: 'node24',
      outDir,
      emptyOutDir: false,
      minify: false,
      rollupOptions: {
        input: Object.fromEntries(files.map((file) => [file.replace(/\.ts$/, ''), join(root, file)])),
        external: external ? isExternal : [/^node:/, 'electron'],
        output: { entryFileNames: '[name].js', ...output },
      },
    },
  });
}

function isExternal(id) {
  return /^[^#./]/.test(id) && !json.test(id) && !bundled.test(id);
}
