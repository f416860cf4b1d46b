import { readFile } from 'node:fs/promises';
import { safeStorage } from 'electron';
import { SmallFile } from '#electron/platform/small-file.ts';
import type { SecretVault } from '#electron/router/host.ts';
import { FailureError } from '#shared/util/result.ts';

/**
 * Secrets encrypted by the operating system's own store (Keychain, DPAPI, Secret Service, KWallet) through the
 * asynchronous safeStorage. SECURITY: where Electron would fall back to its plain-text backend (`basic_text`),
 * nothing is written. Secrets are then refused (kind `refused`), unless the analyst accepts that they live in memory
 * until the application ends; `acceptMemory` asks once.
 */
export function createVault(file: string, acceptMemory: () => Promise<boolean>): SecretVault {
  const memory = new Map<string, string>();
  let isAccepted = false;
  let stored: Promise<Map<string, string>> | null = null;

  const kept = new SmallFile(file);

  const entries = (): Promise<Map<string, string>> => {
    // A failure is not remembered: the file may be put right meanwhile.
    stored ??= load(file).catch((thrown: unknown) => {
      stored = null;
      throw thrown;
    });
    return stored;
  };
  const save = (all: ReadonlyMap<string, string>): Promise<void> =>
    kept.write(() => JSON.stringify(Object.fromEntries(all)));

  return {
    backend: async () => ((await isSystem()) ? 'system' : 'memory'),
    async set(name, secret) {
      if (!(await isSystem())) {
        isAccepted ||= await acceptMemory();
        if (!isAccepted) throw noStore();
        memory.set(name, secret);
        return;
      }
      const all = await entries();
      all.set(name, (await safeStorage.encryptStringAsync(secret)).toString('base64'));
      await save(all);
    },
    async get(name) {
      if (!(await isSystem())) return memory.get(name) ?? null;
      const all = await entries();
      const sealed = all.get(name);
      if (sealed === undefined) return null;
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'));
      if (shouldReEncrypt) {
        all.set(name, (await safeStorage.encryptStringAsync(result)).toString('base64'));
        await save(all);
      }
      return result;
    },
    async remove(name) {
      memory.delete(name);
      const all = await entries();
      if (all.delete(name)) await save(all);
    },
  };
}

function noStore(): FailureError {
  return new FailureError(
    'refused',
    'This system has no key store, and keeping the secret in memory was declined. Set up a keyring or wallet and try again.',
  );
}

async function load(file: string): Promise<Map<string, string>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
    const pairs = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
    return new Map(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw thrown;
  }
}

async function isSystem(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}
