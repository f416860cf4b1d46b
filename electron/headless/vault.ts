import { type Argon2Parameters, argon2, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { SmallFile } from '#electron/platform/small-file.ts';
import type { SecretVault } from '#electron/router/host.ts';
import { FailureError } from '#shared/util/result.ts';

/** Secrets that are forgotten at exit. */
export function memoryVault(): SecretVault {
  const secrets = new Map<string, string>();
  return {
    backend: () => Promise.resolve('memory'),
    set: (name, secret) => Promise.resolve(void secrets.set(name, secret)),
    get: (name) => Promise.resolve(secrets.get(name) ?? null),
    remove: (name) => Promise.resolve(void secrets.delete(name)),
  };
}

const base64 = z.base64().max(8_000_000);
/** The file: parameters in the clear, the secrets as one sealed document. */
const vaultFile = z.strictObject({
  format: z.literal('rescind-vault'),
  version: z.literal(1),
  kdf: z.strictObject({
    name: z.literal('argon2id'),
    // Bounds, so that a tampered file cannot ask for all of the memory or for hours.
    memory: z.int().min(8_192).max(1_048_576),
    passes: z.int().min(1).max(16),
    parallelism: z.int().min(1).max(16),
    salt: base64,
  }),
  iv: base64,
  sealed: base64,
});
type VaultFile = z.infer<typeof vaultFile>;
type Kdf = VaultFile['kdf'];

const secretList = z.record(z.string(), z.string());

/** RFC 9106, section 4, second recommended option: 64 MiB, three passes, four lanes. */
const recommended = { name: 'argon2id', memory: 65_536, passes: 3, parallelism: 4 } as const;
const tagLength = 16;

const deriveKey = promisify(argon2) as (name: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>;

/**
 * Secrets in a file that is sealed with a passphrase: Argon2id makes the key (RFC 9106), AES-256-GCM seals and
 * authenticates, and the parameters are authenticated with it. Throws kind `refused` for a wrong passphrase or a
 * changed file, which cannot be told apart, and `unusable` for a file that is no vault.
 */
export function passphraseVault(file: string, passphrase: string): SecretVault {
  const kept = new SmallFile(file);
  let opened: Promise<{
    readonly key: Buffer;
    readonly kdf: Kdf;
    readonly secrets: Map<string, string>;
  }> | null = null;
  const open = async () => {
    const known = await read(file);
    const kdf = known?.kdf ?? { ...recommended, salt: randomBytes(16).toString('base64') };
    const key = await keyOf(passphrase, kdf);
    return { key, kdf, secrets: known === null ? new Map<string, string>() : unseal(known, key) };
  };
  const entries = () => {
    // A failure is not remembered: the file may be put right meanwhile.
    opened ??= open().catch((thrown: unknown) => {
      opened = null;
      throw thrown;
    });
    return opened;
  };
  const save = async (): Promise<void> => {
    const { key, kdf, secrets } = await entries();
    await kept.write(() => `${JSON.stringify(seal(secrets, key, kdf))}\n`);
  };
  return {
    backend: () => Promise.resolve('passphrase'),
    async set(name, secret) {
      (await entries()).secrets.set(name, secret);
      await save();
    },
    get: async (name) => (await entries()).secrets.get(name) ?? null,
    async remove(name) {
      if ((await entries()).secrets.delete(name)) await save();
    },
  };
}

async function read(file: string): Promise<VaultFile | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw thrown;
  }
  try {
    return vaultFile.parse(JSON.parse(text));
  } catch {
    throw new FailureError(
      'unusable',
      `${file} is not a vault of this version. Restore it from a copy, or move it away to begin a new one.`,
    );
  }
}

function keyOf(passphrase: string, { name, memory, passes, parallelism, salt }: Kdf): Promise<Buffer> {
  return deriveKey(name, {
    message: Buffer.from(passphrase.normalize('NFC')),
    nonce: Buffer.from(salt, 'base64'),
    memory,
    passes,
    parallelism,
    tagLength: 32,
  });
}

function seal(secrets: ReadonlyMap<string, string>, key: Buffer, kdf: Kdf): VaultFile {
  // A new one each time: the same key must never see a nonce twice (NIST SP 800-38D, section 8).
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength });
  cipher.setAAD(authenticated(kdf));
  const text = JSON.stringify(Object.fromEntries(secrets));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    format: 'rescind-vault',
    version: 1,
    kdf,
    iv: iv.toString('base64'),
    sealed: sealed.toString('base64'),
  };
}

function unseal({ kdf, iv, sealed }: VaultFile, key: Buffer): Map<string, string> {
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), {
      authTagLength: tagLength,
    });
    decipher.setAAD(authenticated(kdf));
    decipher.setAuthTag(bytes.subarray(-tagLength));
    const text = Buffer.concat([decipher.update(bytes.subarray(0, -tagLength)), decipher.final()]);
    return new Map(Object.entries(secretList.parse(JSON.parse(text.toString('utf8')))));
  } catch {
    throw new FailureError('refused', 'The passphrase of the vault is wrong, or its file was changed.');
  }
}

/** The header that the seal covers besides the secrets. */
function authenticated({ name, memory, passes, parallelism, salt }: Kdf): Buffer {
  return Buffer.from(JSON.stringify(['rescind-vault', 1, name, memory, passes, parallelism, salt]));
}
