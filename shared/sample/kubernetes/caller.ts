import { flat } from '../flat.ts';
import type { Random } from '../random.ts';

/** Who calls the API server. */
export interface ClusterCaller {
  /** JSON text of `user`. */
  readonly user: string;
  /** Who was authorized: the durable identity. */
  readonly subject: string;
  readonly address: string;
  readonly agent: string;
}

/** A pod's service account with its bound token, as Kubernetes 1.33 logs it. */
export function serviceAccountCaller(
  random: Random,
  namespace: string,
  name: string,
  at: {
    readonly address: string;
    readonly agent: string;
    readonly node: string;
    readonly credential?: string;
  },
): ClusterCaller {
  const subject = `system:serviceaccount:${namespace}:${name}`;
  return {
    user: flat(
      `{"username":"${subject}","uid":"${random.guid()}","groups":["system:serviceaccounts","system:serviceaccounts:${namespace}","system:authenticated"],"extra":{"authentication.kubernetes.io/credential-id":["${at.credential ?? `JTI=${random.guid()}`}"],"authentication.kubernetes.io/node-name":["${at.node}"],"authentication.kubernetes.io/node-uid":["${random.guid()}"],"authentication.kubernetes.io/pod-name":["${name}-${random.hex8()}-${random.hex8().slice(0, 5)}"],"authentication.kubernetes.io/pod-uid":["${random.guid()}"]}}`,
    ),
    subject,
    address: at.address,
    agent: at.agent,
  };
}

/** A node's kubelet with its client certificate. */
export function nodeCaller(random: Random, node: string, address: string): ClusterCaller {
  const subject = `system:node:${node}`;
  return {
    user: flat(
      `{"username":"${subject}","groups":["system:nodes","system:authenticated"],"extra":{"authentication.kubernetes.io/credential-id":["X509SHA256=${random.hex16()}${random.hex16()}${random.hex16()}${random.hex16()}"]}}`,
    ),
    subject,
    address,
    agent: 'kubelet/v1.33.4 (linux/amd64) kubernetes/74cdb42',
  };
}

/** A component of the control plane. */
export function componentCaller(name: string): ClusterCaller {
  return {
    user: `{"username":"system:${name}","groups":["system:authenticated"]}`,
    subject: `system:${name}`,
    address: '10.30.0.4',
    agent: `${name}/v1.33.4 (linux/amd64) kubernetes/74cdb42/leader-election`,
  };
}

/** A person or a program that comes with an AWS role session through EKS' authenticator. */
export function awsSessionCaller(session: {
  readonly username: string;
  readonly groups: readonly string[];
  readonly account: string;
  readonly roleArn: string;
  readonly roleName: string;
  readonly roleId: string;
  readonly sessionName: string;
  readonly accessKeyId: string;
  readonly address: string;
  readonly agent: string;
}): ClusterCaller {
  const { username, account, roleName, roleId, sessionName } = session;
  return {
    user: flat(
      `{"username":"${username}","uid":"aws-iam-authenticator:${account}:${roleId}","groups":${JSON.stringify([...session.groups, 'system:authenticated'])},"extra":{"accessKeyId":["${session.accessKeyId}"],"arn":["arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}"],"canonicalArn":["${session.roleArn}"],"principalId":["${roleId}"],"sessionName":["${sessionName}"]}}`,
    ),
    subject: username,
    address: session.address,
    agent: session.agent,
  };
}
