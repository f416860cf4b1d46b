import type { BundleSource, PolicySystem } from '../../domain/policy-system.ts';
import { inlineModules } from './bundle/contents.ts';
import { OpaBundle } from './compiled.ts';

/**
 * Open Policy Agent (https://www.openpolicyagent.org/docs). The action's name is the path of the decision, the
 * request's context the input document.
 */
export const opa: PolicySystem = {
  name: 'opa',
  title: 'Open Policy Agent',
  exactIntegers: true,
  detect,
  load: (source, engines) => OpaBundle.load(source, engines),
};

function detect(source: BundleSource): number {
  if (source.kind === 'inline') {
    const { system } = source.document;
    if (system === 'opa') return 1;
    const isRego = Object.values(inlineModules(source.document)).some(isRegoText);
    return isRego ? 0.9 : 0;
  }
  const paths = source.files.map(({ path }) => path);
  if (paths.some((path) => path.endsWith('.rego'))) return 0.95;
  if (paths.includes('policy.wasm') || paths.includes('plan.json')) return 0.9;
  return paths.includes('.manifest') && paths.some((path) => /(?:^|\/)data\.(?:json|ya?ml)$/.test(path))
    ? 0.7
    : 0;
}

function isRegoText(text: unknown): boolean {
  return typeof text === 'string' && /^\s*(?:#.*\n\s*)*package\s/.test(text);
}
