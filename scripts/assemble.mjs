// `npm run assemble`: compiles the modules of electron/assembly to WebAssembly, and keeps each as text among the
// sources that use it, so that whoever does not change one needs no compiler. A test holds the two together.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from 'assemblyscript/asc';
import { root } from './fresh.mjs';

/** The modules: name of the source in electron/assembly, and the file that keeps what it compiles to. */
export const modules = [
  ['entry-index', 'electron/store/write/entry-index-module.ts'],
  ['event-keys', 'electron/store/write/event-keys-module.ts'],
  ['text-filter', 'electron/store/segments/text-filter-module.ts'],
  ['record-reader/index', 'electron/ingest/accelerated/record-reader-module.ts'],
];

const options = '--runtime stub --noAssert --enable simd -O3 --initialMemory 2';

/** The TypeScript source that holds one compiled module as base64. */
export async function assembled(source) {
  let binary = null;
  const { error } = await main(
    `electron/assembly/${source}.ts --outFile ${source}.wasm ${options}`.split(' ').concat('--baseDir', root),
    {
      writeFile(_, contents) {
        if (typeof contents !== 'string') binary = contents;
      },
      // What is wrong with a source.
      stderr: process.stderr,
    },
  );
  if (error !== null || binary === null) throw new Error(`${source}: ${error?.message}`);
  const text = Buffer.from(binary).toString('base64');
  return `/** electron/assembly/${source}.ts, made by \`npm run assemble\`: base64 of a WebAssembly module. */\nexport const wasm =\n  '${text}';\n`;
}

if (import.meta.main) {
  for (const [source, target] of modules) writeFileSync(join(root, target), await assembled(source));
}
