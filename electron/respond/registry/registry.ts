import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { folderMode } from '#electron/platform/case-folder.ts';
import { FailureError } from '#shared/util/result.ts';
import { writeDurably } from '../files.ts';
import type { ProviderType } from '../provider.ts';
import { type ProviderEntry, entryOf, keepsAuthority, providerEntry } from './entry.ts';

/** How each provider type is had, by its name. */
export type ProviderLoaders = Readonly<Record<string, () => ProviderType | Promise<ProviderType>>>;

const file = z.strictObject({ version: z.literal(1), providers: z.array(providerEntry) });

/** The configured providers of this workstation, in its configuration folder. */
export class ProviderRegistry {
  readonly #file: string;
  readonly #loaders: ProviderLoaders;

  constructor(configFolder: string, loaders: ProviderLoaders) {
    mkdirSync(configFolder, { recursive: true, mode: folderMode });
    this.#file = join(configFolder, 'providers.json');
    this.#loaders = loaders;
  }

  types(): Promise<ProviderType[]> {
    return Promise.all(Object.keys(this.#loaders).map((type) => this.typeOf(type)));
  }

  list(): readonly ProviderEntry[] {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw thrown;
    }
    try {
      return file.parse(JSON.parse(text)).providers;
    } catch {
      throw new FailureError(
        'unusable',
        `${this.#file} is damaged. Restore it, or move it away and set the providers up again.`,
      );
    }
  }

  get(name: string): ProviderEntry {
    const entry = this.list().find((candidate) => candidate.name === name);
    if (entry !== undefined) return entry;
    throw new FailureError('not-found', `There is no provider “${name}”. See “rescind provider list”.`);
  }

  async typeOf(type: string): Promise<ProviderType> {
    const load = Object.hasOwn(this.#loaders, type) ? this.#loaders[type] : undefined;
    if (load !== undefined) return load();
    const known = Object.keys(this.#loaders).toSorted().join(', ');
    throw new FailureError('invalid-input', `There is no provider type “${type}”. Known: ${known}.`);
  }

  /** Checks a configuration without keeping it. */
  async check(
    name: string,
    type: string,
    settings: Readonly<Record<string, string>>,
  ): Promise<ProviderEntry> {
    const { ca, ...others } = settings;
    const kept = this.list().find((other) => other.name === name)?.certificateAuthority ?? null;
    const authority = ca === keepsAuthority ? kept : ca;
    const given = authority === undefined || authority === null ? others : { ...others, ca: authority };
    const entry = entryOf(name, await this.typeOf(type), given);
    const known = new Set(this.list().map((other) => other.name));
    const stranger = entry.sourcedFrom.find((source) => !known.has(source) || source === name);
    if (stranger === undefined) return entry;
    throw new FailureError('invalid-input', `source-of-truth: there is no other provider “${stranger}”.`);
  }

  /** Keeps a configuration; one of the same name is replaced. */
  save(entry: ProviderEntry): void {
    const others = this.list().filter(({ name }) => name !== entry.name);
    this.#write([...others, entry].toSorted((first, second) => (first.name < second.name ? -1 : 1)));
  }

  remove(name: string): void {
    this.get(name);
    this.#write(this.list().filter((entry) => entry.name !== name));
  }

  #write(providers: readonly ProviderEntry[]): void {
    writeDurably(this.#file, `${JSON.stringify({ version: 1, providers }, null, 1)}\n`);
  }
}
