import {
  type DirectoryCredential,
  type DirectoryFormat,
  type DirectoryReadResult,
  identityEntry,
} from '#shared/domain/directory.ts';
import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import { alias, objectsOf, timeOf } from '#shared/util/directory-fields.ts';

/**
 * Kubernetes service accounts (`kubectl get serviceaccounts -A -o json`). Kubernetes records no last use of them.
 * Secrets listed at an account are long-lived tokens of the kind that clusters made before 1.24. Source: Kubernetes API
 * reference, ServiceAccount v1.
 */
export const kubernetesServiceAccounts: DirectoryFormat = {
  name: 'kubernetes-service-accounts',
  title: 'Kubernetes service accounts',
  system: 'kubernetes',
  logs: ['kubernetes-audit'],
  usable: true,
  authoritative: false,
  lists: ['workload'],
  containerKeys: ['items'],
  detect(record) {
    if (record['kind'] === 'ServiceAccount' && 'metadata' in record) return 1;
    // Elements of a ServiceAccountList do not repeat the kind.
    const isBare =
      'metadata' in record && !('spec' in record) && !('rules' in record) && !('subjects' in record);
    return isBare && ('secrets' in record || 'automountServiceAccountToken' in record) ? 0.7 : 0;
  },
  createReader: () => ({
    read,
    finish: (envelope) => ({
      takenAt: null,
      complete: textAt(objectAt(envelope, 'metadata'), 'continue') === null,
      lastPage: false,
    }),
  }),
};

function read(record: JsonObject): DirectoryReadResult {
  const kind = textAt(record, 'kind');
  if (kind !== null && kind !== 'ServiceAccount')
    return { kind: 'skip', reason: `${kind}: no service account.` };
  const metadata = objectAt(record, 'metadata');
  const [name, namespace] = [textAt(metadata, 'name'), textAt(metadata, 'namespace')];
  if (name === null || namespace === null) {
    return { kind: 'problem', reason: 'Expected a service account with a name and a namespace.' };
  }
  const id = `system:serviceaccount:${namespace}:${name}`;
  const notes = { ...objectAt(metadata, 'labels'), ...objectAt(metadata, 'annotations') };
  const owner = Object.keys(notes).find((key) => /(?:^|[/.])(?:owner|contact|responsible)$/i.test(key));
  const role = textAt(notes, 'eks.amazonaws.com/role-arn');
  return {
    kind: 'entries',
    entries: [
      identityEntry({
        id,
        type: 'workload',
        kind: 'workload',
        name: `${namespace}/${name}`,
        aliases: [...alias('immutable', metadata?.['uid']), ...alias('name', id)],
        status: 'active',
        created: timeOf(metadata?.['creationTimestamp']),
        owner: owner === undefined ? null : textAt(notes, owner),
        credentials: objectsOf(record['secrets']).flatMap((secret) => tokenOf(secret, namespace)),
        groups: [`system:serviceaccounts:${namespace}`, ...(role === null ? [] : [role])],
      }),
    ],
  };
}

function tokenOf(secret: JsonObject, namespace: string): DirectoryCredential[] {
  const name = textAt(secret, 'name');
  if (name === null || name.includes('-dockercfg-')) return [];
  return [
    {
      id: `${namespace}/${name}`,
      type: 'service-account-secret',
      status: 'active',
      created: null,
      rotated: null,
      expires: null,
      lastUse: null,
    },
  ];
}
