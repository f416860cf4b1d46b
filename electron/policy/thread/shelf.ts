import type { KeptBundle } from '#electron/platform/services.ts';
import type {
  BundleProblem,
  BundleSource,
  CompiledBundle,
  ExternalEngines,
  PolicySystem,
} from '#shared/domain/policy-system.ts';
import type { BundleRef } from '#shared/domain/trace.ts';
import { withPlainNumbers } from '#shared/util/exact-json.ts';
import { FailureError, failureOf } from '#shared/util/result.ts';
import { bundleDigest } from '../bundle/digest.ts';
import { isBrokenEngine } from './broken-engine.ts';
import { chooseSystem } from './choose-system.ts';
import type { BundleChoice, ReadableBundle } from './protocol.ts';
import { type RebuiltSource, rebuildSource, rebuiltKey } from './rebuild.ts';

export interface LoadedBundle {
  readonly compiled: CompiledBundle;
  readonly title: string;
  readonly ref: BundleRef;
  /** Requests may hold whole numbers beyond those of JavaScript. */
  readonly exactIntegers: boolean;
  /** Of reading and of loading. */
  readonly problems: readonly BundleProblem[];
}

type ReadPath = (
  what: ReadableBundle,
) => Promise<{ readonly source: BundleSource; readonly problems: readonly BundleProblem[] }>;

/** Compiled bundles that are kept for the next question. */
const kept = 4;

/** Loads bundles, and keeps the last few compiled. */
export class Shelf {
  readonly #bundles = new Map<string, LoadedBundle>();
  readonly #read: ReadPath;
  readonly #engines: ExternalEngines;

  constructor(read: ReadPath, engines: ExternalEngines) {
    this.#read = read;
    this.#engines = engines;
  }

  /** The compiled bundle. Throws kind `not-found`, `invalid-input` or `unusable` where there is none. */
  async load(choice: BundleChoice): Promise<LoadedBundle> {
    const key = keyOf(choice);
    const known = this.#bundles.get(key);
    if (known !== undefined) return known;
    const { source: found, problems } =
      choice.kind === 'inline' ? { source: choice.source, problems: [] } : await this.#read(choice);
    const source = inOrder(found);
    const named = choice.kind === 'kept' ? choice.kept.bundle.system : choice.system;
    const loaded = await this.#compile(source, problems, named, choice);
    this.#bundles.set(key, loaded);
    const [oldest] = this.#bundles.keys();
    if (this.#bundles.size > kept && oldest !== undefined) this.#bundles.delete(oldest);
    return loaded;
  }

  /** The files of a bundle, as they stood at the time that is asked for. */
  async sourceOf(
    choice: BundleChoice,
  ): Promise<{ readonly source: BundleSource; readonly system: PolicySystem }> {
    const { source } = choice.kind === 'inline' ? choice : await this.#read(choice);
    const named = choice.kind === 'kept' ? choice.kept.bundle.system : choice.system;
    const system = chooseSystem(source, named);
    const rebuilt = choice.kind === 'kept' ? await this.#rebuild(choice.kept, source, system) : null;
    return { source: rebuilt?.source ?? source, system };
  }

  async #compile(
    source: BundleSource,
    problems: readonly BundleProblem[],
    named: string | null,
    choice: BundleChoice,
  ): Promise<LoadedBundle> {
    const system = chooseSystem(source, named);
    const rebuilt = choice.kind === 'kept' ? await this.#rebuild(choice.kept, source, system) : null;
    return this.#compileAs(system, rebuilt?.source ?? source, problems, rebuilt?.rebuilt);
  }

  /** The policies as they stood at another time than the bundle's; null where the bundle itself is meant. */
  async #rebuild(
    kept: KeptBundle,
    source: BundleSource,
    system: PolicySystem,
  ): Promise<RebuiltSource | null> {
    if (kept.rebuilt === undefined) return null;
    const { after } = kept.rebuilt;
    const next = after === null ? null : await this.#read({ kind: 'kept', kept: after });
    return rebuildSource(kept, source, next?.source ?? null, system);
  }

  async #compileAs(
    system: PolicySystem,
    source: BundleSource,
    problems: readonly BundleProblem[],
    rebuilt: BundleRef['rebuilt'],
  ): Promise<LoadedBundle> {
    const exactIntegers = system.exactIntegers === true;
    try {
      const compiled = await system.load(exactIntegers ? source : plainSource(source), this.#engines);
      const { revision } = compiled;
      const ref = {
        digest: bundleDigest(source),
        ...(revision === null ? {} : { revision }),
        ...(rebuilt === undefined ? {} : { rebuilt }),
      };
      const { title } = system;
      return {
        compiled,
        title,
        exactIntegers,
        ref,
        problems: [...problems, ...compiled.problems],
      };
    } catch (thrown) {
      if (isBrokenEngine(thrown)) throw thrown;
      const { kind, message } = failureOf(thrown);
      if (kind !== 'internal') throw thrown;
      throw new FailureError('unusable', `The ${system.title} bundle cannot be loaded: ${message}`);
    }
  }
}

/** The same files are the same bundle, in whatever order they come. */
function inOrder(source: BundleSource): BundleSource {
  if (source.kind === 'inline') return source;
  const files = source.files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  return { ...source, files };
}

function plainSource(source: BundleSource): BundleSource {
  return source.kind === 'inline' ? { ...source, document: withPlainNumbers(source.document) } : source;
}

function keyOf(choice: BundleChoice): string {
  if (choice.kind === 'path') return `path ${choice.system ?? ''} ${choice.path}`;
  if (choice.kind === 'kept') {
    const { bundle } = choice.kept;
    return `kept ${bundle.system} ${bundle.digest} ${rebuiltKey(choice.kept)}`;
  }
  return `inline ${choice.system ?? ''} ${bundleDigest(choice.source)}`;
}
