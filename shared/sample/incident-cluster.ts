import type { RoleSession } from './cloudtrail/caller.ts';
import { awsSessionCaller, serviceAccountCaller } from './kubernetes/caller.ts';
import type { ClusterRequest } from './kubernetes/record.ts';
import type { Planted } from './planted.ts';
import { legacyNode } from './quiet.ts';
import type { Random } from './random.ts';
import type { IncidentStep, PlantedIncident } from './truth.ts';

const cluster = 'halden-production';
const core = { group: null, version: 'v1', status: 200 } as const;
const administrators =
  'ClusterRoleBinding "legacy-reporting" of ClusterRole "cluster-admin" to ServiceAccount "reporting-sync/legacy"';
const deployers = 'ClusterRoleBinding "deployers" of ClusterRole "cluster-admin" to Group "halden:deployers"';

/** The part of the incident that lies in the cluster: a quiet service account is woken and made administrator. */
export function plantClusterIncident(
  planted: Planted,
  random: Random,
  deploy: RoleSession,
  address: string,
): Pick<PlantedIncident, 'steps' | 'lineage'> {
  const steps: IncidentStep[] = [];
  const agent = 'kubectl/v1.29.2 (linux/amd64) kubernetes/4b8e819';
  const deployer = awsSessionCaller({
    ...deploy,
    username: 'halden-deploy',
    groups: ['halden:deployers'],
    account: deploy.account.id,
    address,
    agent,
  });
  const credential = `JTI=${random.guid()}`;
  planted.wait(300).cluster(
    cluster,
    deployer,
    {
      ...core,
      verb: 'create',
      resource: 'serviceaccounts',
      namespace: 'legacy',
      name: 'reporting-sync',
      subresource: 'token',
      grant: deployers,
      status: 201,
    },
    { issued: credential },
  );
  steps.push(
    planted.step(
      'token',
      'A token for a service account that was silent',
      deployer.subject,
      deploy.accessKeyId,
    ),
  );

  const woken = serviceAccountCaller(random, 'legacy', 'reporting-sync', {
    address,
    agent,
    node: legacyNode,
    credential,
  });
  const secretsOf = (namespace: string | null, grant: string | null): ClusterRequest => ({
    ...core,
    verb: 'list',
    resource: 'secrets',
    namespace,
    name: null,
    query: 'limit=500',
    grant,
  });
  for (const namespace of [
    null,
    'payments',
    'billing',
    'shipping',
    'kube-system',
    'portal',
    null,
    'payments',
    'billing',
    'legacy',
  ]) {
    planted.wait(12).cluster(cluster, woken, secretsOf(namespace, null), { denied: true });
  }
  steps.push(
    planted.step(
      'quiet-account',
      'The silent service account wakes and is refused',
      woken.subject,
      credential,
    ),
  );

  planted.wait(60).cluster(cluster, deployer, {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    status: 201,
    verb: 'create',
    resource: 'clusterrolebindings',
    namespace: null,
    name: 'legacy-reporting',
    query: 'fieldManager=kubectl-create',
    grant: deployers,
    body: '{"kind":"ClusterRoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"legacy-reporting"},"subjects":[{"kind":"ServiceAccount","name":"reporting-sync","namespace":"legacy"}],"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"}}',
  });
  steps.push(
    planted.step(
      'cluster-admin',
      'The service account is made cluster administrator',
      deployer.subject,
      deploy.accessKeyId,
    ),
  );

  for (const namespace of [null, 'payments', 'billing', 'kube-system']) {
    planted.wait(20).cluster(cluster, woken, secretsOf(namespace, administrators));
  }
  for (const name of [
    'payments-api-7d9f6c5b48-x2lqp',
    'payments-api-7d9f6c5b48-m8w4t',
    'payments-worker-5c8b7d6f9-zr7kd',
  ]) {
    planted.wait(90).cluster(
      cluster,
      woken,
      {
        ...core,
        verb: 'create',
        resource: 'pods',
        namespace: 'payments',
        name,
        subresource: 'exec',
        query: 'command=sh&container=app&stdin=true&stdout=true&tty=true',
        grant: administrators,
        status: 101,
      },
      { stages: ['ResponseStarted', 'ResponseComplete'] },
    );
  }
  steps.push(
    planted.step(
      'secrets-and-shells',
      'Secrets are listed and shells opened in pods',
      woken.subject,
      credential,
    ),
  );
  return {
    steps,
    lineage: [{ credential, madeBy: deploy.accessKeyId, holder: woken.subject }],
  };
}
