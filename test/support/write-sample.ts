import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { generateCompany, sampleCase, type SampleOptions, type SampleTruth } from '#shared/sample/index.ts';

/** Writes the sample to a folder, which is made where it is missing: the logs under `logs`, the truth beside them. */
export async function writeSample(
  folder: string,
  options: Partial<Omit<SampleOptions, 'sha256'>> = {},
): Promise<SampleTruth> {
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
  await writeFile(join(folder, 'truth.json'), `${JSON.stringify(next.value, null, 2)}\n`);
  return next.value;
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
