import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  type PlantedFinding,
  type SampleOptions,
  type SampleTruth,
  generateCompany,
  sampleCase,
  sampleDirectories,
} from '#shared/sample/index.ts';

/** The truth of the logs, and what the exports of directories beside them show. */
export interface WrittenTruth extends SampleTruth {
  readonly planted: readonly PlantedFinding[];
}

/**
 * Writes the sample to a folder, which is made where it is missing: logs under `logs`, exports of directories under
 * `directories`, the truth beside them.
 */
export async function writeSample(
  folder: string,
  options: Partial<Omit<SampleOptions, 'sha256'>> = {},
): Promise<WrittenTruth> {
  const files = generateCompany({
    ...sampleCase,
    ...options,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  });
  const made = new Set<string>();
  let next = files.next();
  for (; next.done !== true; next = files.next()) {
    const { path, text, gzip } = next.value;
    const target = join(folder, 'logs', path);
    const parent = dirname(target);
    if (!made.has(parent)) await mkdir(parent, { recursive: true });
    made.add(parent);
    await writeFile(target, gzip ? gzipSync(text, { level: 6 }) : text);
  }
  const { files: exports, planted } = sampleDirectories(next.value);
  for (const { path, text } of exports) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const truth = { ...next.value, planted };
  await writeFile(join(folder, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
  return truth;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      events: { type: 'string', default: String(sampleCase.events) },
      seed: { type: 'string', default: String(sampleCase.seed) },
      'cloudtrail-only': { type: 'boolean', default: false },
    },
  });
  if (values.out === undefined) {
    console.error('Usage: write-sample.ts --out DIR [--events N] [--seed S] [--cloudtrail-only]');
    process.exit(2);
  }
  const truth = await writeSample(values.out, {
    events: Number(values.events),
    seed: Number(values.seed),
    cloudtrailOnly: values['cloudtrail-only'],
  });
  console.log(
    `${truth.events} events, ${truth.duplicates} duplicates, ${truth.files} files in ${values.out}`,
  );
}
