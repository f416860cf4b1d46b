import type { BundleSource, PolicySystem } from '../../domain/policy-system.ts';
import { loadCerbos } from './bundle.ts';

/**
 * Cerbos policies (https://docs.cerbos.dev), by a ladder of two rungs: the user's own Cerbos program, and where
 * none is configured an evaluator of our own.
 */
export const cerbos: PolicySystem = {
  name: 'cerbos',
  title: 'Cerbos',
  detect,
  load: loadCerbos,
};

function detect(source: BundleSource): number {
  if (source.kind === 'files')
    return source.files.some(({ path, text }) => /\.(?:ya?ml|json)$/i.test(path) && isPolicy(text))
      ? 0.95
      : 0;
  if (source.document['system'] === 'cerbos') return 1;
  return isPolicy(JSON.stringify(source.document)) ? 0.8 : 0;
}

function isPolicy(text: string | null): boolean {
  return text?.includes('api.cerbos.dev/v1') === true;
}
