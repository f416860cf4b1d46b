import type { BundleSource, PolicySystem } from '#shared/domain/policy-system.ts';
import { policySystemByName, policySystems } from '#shared/policy/index.ts';
import { FailureError } from '#shared/util/result.ts';

/**
 * The policy system of a bundle: the named one, the one that an inline document names, or the one that recognises
 * the files best. Throws kind `invalid-input` for an unknown name, `unusable` where no system recognises it.
 */
export function chooseSystem(source: BundleSource, named: string | null): PolicySystem {
  const name = named ?? ownName(source);
  if (name !== null) {
    const system = policySystemByName(name);
    if (system !== undefined) return system;
    throw new FailureError('invalid-input', `There is no policy system “${name}”. Known: ${knownSystems()}.`);
  }
  let best: PolicySystem | null = null;
  let most = 0;
  for (const system of policySystems) {
    const certainty = system.detect(source);
    if (certainty > most) [best, most] = [system, certainty];
  }
  if (best !== null) return best;
  const message = `This is no bundle of a known policy system (${knownSystems()}). Name the system if it is one.`;
  throw new FailureError('unusable', message);
}

function ownName(source: BundleSource): string | null {
  const name = source.kind === 'inline' ? source.document['system'] : undefined;
  return typeof name === 'string' ? name : null;
}

function knownSystems(): string {
  return policySystems.map(({ name }) => name).join(', ');
}
