import type { BundleSource, PolicySystem } from '../../domain/policy-system.ts';

/**
 * Google Cloud IAM: allow policies over the resource hierarchy, deny policies, roles, from what gcloud and Cloud Asset
 * Inventory print. Source: https://cloud.google.com/iam/docs/overview
 */
export const gcpIam: PolicySystem = {
  name: 'gcp-iam',
  title: 'Google Cloud IAM',
  detect,
  // The evaluator of conditions is loaded when there is a bundle: other systems start without it.
  load: async (source) => (await import('./bundle/bundle.ts')).compileBundle(source),
  history: async () => (await import('./history/index.ts')).history,
};

const signs: readonly (readonly [RegExp, number])[] = [
  [/cloudresourcemanager\.googleapis\.com|"?kind"?\s*:\s*"?DenyPolicy"?/, 0.95],
  [/["']?role["']?\s*:\s*["']?(?:roles|(?:projects|organizations)\/[^/"'\s]+\/roles)\/[A-Za-z]/, 0.9],
  [/["']?name["']?\s*:\s*["']?(?:roles|(?:projects|organizations)\/[^/"'\s]+\/roles)\/[A-Za-z]/, 0.6],
];

function detect(source: BundleSource): number {
  if (source.kind === 'inline') return judge(JSON.stringify(source.document));
  return Math.max(
    0,
    ...source.files.map(({ path, text }) =>
      text !== null && /\.(?:jsonl?|ndjson|ya?ml)$/i.test(path) ? judge(text) : 0,
    ),
  );
}

function judge(text: string): number {
  return signs.find(([sign]) => sign.test(text))?.[1] ?? 0;
}
