import type { BundleSource, PolicySystem } from '../../domain/policy-system.ts';
import { compileCasbin } from './bundle.ts';
import { casbinEngine } from './engine.ts';

/** Casbin models and policies, judged by Casbin itself (https://casbin.org/docs). */
export const casbin: PolicySystem = {
  name: 'casbin',
  title: 'Casbin',
  detect,
  async load(source) {
    return compileCasbin(await casbinEngine(), source);
  },
};

function detect(source: BundleSource): number {
  if (source.kind === 'files')
    return source.files.some(({ path, text }) => /\.conf$/i.test(path) && isModel(text)) ? 0.95 : 0;
  if (source.document['system'] === 'casbin') return 1;
  return isModel(source.document['model']) ? 0.9 : 0;
}

function isModel(text: unknown): boolean {
  return typeof text === 'string' && text.includes('[request_definition]') && text.includes('[matchers]');
}
