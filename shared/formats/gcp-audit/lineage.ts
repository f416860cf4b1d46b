import type { CredentialLineage } from '../../domain/format.ts';
import { objectAt, textAt } from '../../domain/json.ts';
import { keyId } from './principal.ts';

/**
 * Keys of service accounts: the answer names the new key as the events that are made with it do. Tokens (iamcredentials'
 * GenerateAccessToken) are not named in any log.
 * Source: https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys
 */
export const lineage: CredentialLineage = {
  operations: ['google.iam.admin.v1.CreateServiceAccountKey', 'google.iam.admin.v1.UploadServiceAccountKey'],
  issued(entry) {
    const name = textAt(objectAt(objectAt(entry, 'protoPayload'), 'response'), 'name');
    const [, holder] = /\/serviceAccounts\/([^/]+)\/keys\/[^/]+$/.exec(name ?? '') ?? [];
    if (name === null || holder === undefined) return [];
    return [{ id: keyId(name), type: 'service-account-key', holder }];
  },
};
