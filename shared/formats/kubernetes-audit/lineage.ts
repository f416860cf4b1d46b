import type { CredentialLineage } from '../../domain/format.ts';
import { objectAt, textAt } from '../../domain/json.ts';

/**
 * TokenRequest: the audit annotation names the new token by its id (KEP-4193, Kubernetes 1.29 and later), which the
 * requests made with it carry in `user.extra`.
 */
export const lineage: CredentialLineage = {
  operations: ['create'],
  issued(record) {
    const object = objectAt(record, 'objectRef');
    const id = textAt(objectAt(record, 'annotations'), 'authentication.kubernetes.io/issued-credential-id');
    if (id === null || textAt(object, 'subresource') !== 'token') return [];
    const [namespace, name] = [textAt(object, 'namespace'), textAt(object, 'name')];
    const holder = namespace === null || name === null ? null : `system:serviceaccount:${namespace}:${name}`;
    return [{ id, type: 'service-account-token', holder }];
  },
};
