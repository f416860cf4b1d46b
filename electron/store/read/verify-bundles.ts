import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { journalEntries } from '#electron/custody/read.ts';
import type { BundleFile, CaseBundle } from '#shared/domain/bundle.ts';
import type { VerifyReport } from '#shared/ipc/views.ts';

export interface VerifiedBundle {
  readonly bundle: CaseBundle;
  readonly files: readonly BundleFile[];
}

/** The hash of every kept file, the digest over them, and that the custody journal says the same of each bundle. */
export async function checkBundles(
  bundles: readonly VerifiedBundle[],
  folder: string,
  journalFolder: string,
): Promise<VerifyReport['problems'][number][]> {
  const entered = new Map<string, unknown>();
  for (const { type, data } of journalEntries(journalFolder)) {
    if (type === 'bundle-added') entered.set(String(data['bundle']), data['digest']);
  }
  const problems: VerifyReport['problems'][number][] = [];
  for (const { bundle, files } of bundles) {
    const what = `bundle ${bundle.id}`;
    for (const { path, sha256 } of files) {
      const found = await hashOf(join(folder, sha256));
      if (found === sha256) continue;
      const message = `${path} ${found === null ? 'is missing' : `was changed: its SHA-256 is not ${sha256}`}`;
      problems.push({ what, message });
    }
    const list = files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
    if (`sha256:${hash('sha256', list)}` !== bundle.digest) {
      problems.push({ what, message: 'the list of its files does not come to its digest' });
    }
    if (!entered.has(bundle.id)) {
      problems.push({ what, message: 'the custody journal does not say that it was added' });
    } else if (entered.get(bundle.id) !== bundle.digest) {
      problems.push({ what, message: 'the custody journal gives it another digest' });
    }
    entered.delete(bundle.id);
  }
  for (const id of entered.keys()) {
    const message = 'the custody journal says that it was added; it is not in the list';
    problems.push({ what: `bundle ${id}`, message });
  }
  return problems;
}

async function hashOf(path: string): Promise<string | null> {
  const digest = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
    return digest.digest('hex');
  } catch {
    return null;
  }
}
