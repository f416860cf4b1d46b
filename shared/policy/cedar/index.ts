import type { BundleSource, PolicySystem } from '../../domain/policy-system.ts';
import { compileCedar } from './bundle.ts';
import { cedarEngine } from './engine.ts';

/** Cedar policies, judged by the Cedar engine itself (https://docs.cedarpolicy.com). */
export const cedar: PolicySystem = {
  name: 'cedar',
  title: 'Cedar',
  exactIntegers: true,
  detect,
  async load(source) {
    return compileCedar(await cedarEngine(), source);
  },
};

function detect(source: BundleSource): number {
  if (source.kind === 'files') {
    if (source.files.some(({ path }) => /\.cedar(?:\.json)?$/i.test(path))) return 0.95;
    return source.files.some(({ path }) => /\.cedarschema(?:\.json)?$/i.test(path)) ? 0.6 : 0;
  }
  const { system, staticPolicies, policies } = source.document;
  if (system === 'cedar') return 1;
  if (staticPolicies !== undefined) return 0.9;
  return typeof policies === 'string' && /\b(?:permit|forbid)\s*\(/.test(policies) ? 0.8 : 0;
}
