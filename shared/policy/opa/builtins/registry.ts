import type { BuiltinFunction } from '../evaluate/context.ts';
import { refuseUnrecorded } from '../evaluate/problems.ts';
import { emptyObject, type Value } from '../value/value.ts';
import { castBuiltins } from './casts.ts';
import { collectionBuiltins } from './collections.ts';
import { cryptoBuiltins } from './crypto.ts';
import { encodingBuiltins } from './encoding.ts';
import { patchBuiltins } from './json-patch.ts';
import { networkBuiltins } from './networks.ts';
import { numberBuiltins } from './numbers.ts';
import { integer, text } from './operands.ts';
import { objectBuiltins } from './objects.ts';
import { patternBuiltins } from './patterns.ts';
import { stringBuiltins } from './strings.ts';
import { timeBuiltins } from './times.ts';
import { tokenBuiltins } from './tokens.ts';
import { uriBuiltins } from './uris.ts';
import { versionBuiltins } from './versions.ts';
import { wholeNumber } from '../value/number.ts';

const systemBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  trace: () => true,
  'rand.intn': (args): Value => {
    text(args, 0);
    if (Math.abs(integer(args, 1)) > 1) {
      throw refuseUnrecorded('rand.intn', 'rand.intn: the result is random');
    }
    return 0;
  },
  // Nobody tells a recomputation how the server was configured; OPA gives an empty object then, too.
  'opa.runtime': () => emptyObject,
  'time.now_ns': (_, run): Value => {
    if (run.nowNanoseconds === null) {
      throw refuseUnrecorded('time.now_ns', 'time.now_ns: the time of the decision is not known');
    }
    return wholeNumber(run.nowNanoseconds);
  },
};

const implemented = new Map<string, BuiltinFunction>(
  [
    systemBuiltins,
    castBuiltins,
    collectionBuiltins,
    cryptoBuiltins,
    encodingBuiltins,
    networkBuiltins,
    numberBuiltins,
    objectBuiltins,
    patchBuiltins,
    patternBuiltins,
    stringBuiltins,
    timeBuiltins,
    tokenBuiltins,
    uriBuiltins,
    versionBuiltins,
  ].flatMap((family) => Object.entries(family)),
);

/** The implementation of a builtin; undefined where there is none and the call must be refused. */
export function builtinFunction(name: string): BuiltinFunction | undefined {
  return implemented.get(name);
}
