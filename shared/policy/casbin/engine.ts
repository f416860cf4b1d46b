import type * as Casbin from 'casbin';
import casbinPackage from 'casbin/package.json' with { type: 'json' };

export type CasbinEngine = typeof Casbin;

let loading: Promise<CasbinEngine> | undefined;

/**
 * The Casbin engine itself, loaded at first need.
 *
 * SECURITY: matchers are foreign text. Casbin parses them and walks the tree (`@casbin/expression-eval`), nothing
 * is compiled to JavaScript, and `constructor` and the like cannot be reached. Its pattern functions
 * (`regexMatch`, `keyMatch2`, …) use JavaScript's regular expressions, which a hostile pattern can make slow: ours
 * (`functions.ts`) take their place.
 */
export function casbinEngine(): Promise<CasbinEngine> {
  loading ??= import('casbin');
  return loading;
}

export const casbinVersion: string = casbinPackage.version;

/** What became of every line that Casbin tried, and its decision by its own effect rules. */
export interface Recording {
  /** In the order in which Casbin tries the lines. */
  readonly effects: readonly ('allow' | 'deny' | 'none')[];
  readonly allowed: boolean;
  /** Nothing that comes later can change the decision. */
  readonly settled: boolean;
  /** Index of the line that Casbin names as the reason; null where there is none. */
  readonly decisive: number | null;
}

/** Lets Casbin's own effect rules decide, but has it go on to the last line, so that each line is known. */
export class RecordingEffector implements Casbin.Effector {
  readonly #engine: CasbinEngine;
  #recording: Recording = { effects: [], allowed: false, settled: false, decisive: null };

  constructor(engine: CasbinEngine) {
    this.#engine = engine;
  }

  /** Of the last run. */
  get recording(): Recording {
    return this.#recording;
  }

  newStream(expression: string): Casbin.EffectorStream {
    const { Effect, DefaultEffectorStream } = this.#engine;
    const own = new DefaultEffectorStream(expression);
    const effects: Recording['effects'][number][] = [];
    let settled = false;
    let decisive: number | null = null;
    const record = () => {
      this.#recording = { effects, allowed: own.current(), settled, decisive };
    };
    record();
    return {
      current: () => own.current(),
      pushEffect: (effect) => {
        effects.push(effect === Effect.Allow ? 'allow' : effect === Effect.Deny ? 'deny' : 'none');
        if (!settled) {
          const [, named, done] = own.pushEffect(effect);
          if (named && effect !== Effect.Indeterminate) decisive = effects.length - 1;
          settled = done;
        }
        record();
        return [own.current(), false, false];
      },
    };
  }
}
