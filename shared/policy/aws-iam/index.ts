import type { BundleSource, PolicySystem } from '../../domain/policy-system.ts';
import { isAuthorizationDetails } from './bundle/authorization-details.ts';
import { bundleOf } from './bundle/compiled-bundle.ts';
import { isPolicyJson, readFiles } from './bundle/files.ts';
import { isPolicySet, PolicySet } from './bundle/policy-set.ts';

/** AWS identity and access management: an evaluator of our own, written from AWS's public documentation. */
export const awsIam: PolicySystem = {
  name: 'aws-iam',
  title: 'AWS IAM',
  detect,
  load(source) {
    const read =
      source.kind === 'inline'
        ? isPolicySet(source.document) || !isAuthorizationDetails(source.document)
          ? new PolicySet(source.document, 'policy-set.json')
          : readFiles([inlineFile(source.document)])
        : readFiles(source.files);
    return Promise.resolve(bundleOf(read));
  },
  assignments: async (source) => (await import('./bundle/assignments.ts')).assignments(source),
  history: async () => (await import('./history/index.ts')).history,
};

function inlineFile(document: unknown) {
  return { path: 'authorization-details.json', text: JSON.stringify(document), bytes: new Uint8Array() };
}

const markers =
  /"(?:UserDetailList|RoleDetailList|GroupDetailList|identityPolicies|serviceControlPolicies)"\s*:/;
const organizationMarker = /"managementAccount"\s*:|"scp"\s*:/;

function detect(source: BundleSource): number {
  if (source.kind === 'inline') {
    return isAuthorizationDetails(source.document) || isPolicySet(source.document) ? 1 : 0;
  }
  let best = 0;
  for (const file of source.files) {
    // A single file may have any name.
    const may = source.files.length === 1 || isPolicyJson(file);
    if (!may || file.text === null) continue;
    if (markers.test(file.text)) return 1;
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const named = name === 'resource-policies.json' || name === 'organization.json';
    if (named && (organizationMarker.test(file.text) || file.text.includes('"Statement"'))) best = 0.9;
  }
  return best;
}
