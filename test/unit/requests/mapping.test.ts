import { describe, expect, test } from 'vitest';
import { mapEvent } from '#shared/analysis/requests/mapping.ts';
import { awsCloudTrail } from '#shared/formats/aws-cloudtrail/index.ts';
import { kubernetesAudit } from '#shared/formats/kubernetes-audit/index.ts';
import type { LogFormat } from '#shared/domain/format.ts';
import type { JsonObject } from '#shared/domain/json.ts';

/** Reads a record with its format and maps the event, as an analysis of a case does. */
function mapped(format: LogFormat, record: JsonObject) {
  const read = format.createReader({ path: 'log.json', timeZone: null }).read(record, 'json');
  if (read.kind !== 'event') throw new Error(JSON.stringify(read));
  const evidence = { sha256: '', path: '', offset: 0, length: 0 };
  const event = { ...read.event, id: 'e', format: format.name, evidence };
  return mapEvent(event, format.native?.(record, 'json') ?? record);
}

const audit = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Metadata',
  auditID: '6f0a2a5e-0000-4000-8000-000000000001',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/pods/cart/exec?command=sh',
  verb: 'create',
  user: { username: 'jane', groups: ['dev', 'system:authenticated'] },
  objectRef: { resource: 'pods', namespace: 'shop', name: 'cart', apiVersion: 'v1', subresource: 'exec' },
  responseStatus: { code: 101 },
  requestReceivedTimestamp: '2026-05-01T10:00:00.000000Z',
  stageTimestamp: '2026-05-01T10:00:00.100000Z',
  annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
};

describe('a Kubernetes audit event', () => {
  test('is the request that the authorizer judged', () => {
    expect(mapped(kubernetesAudit, audit)).toEqual({
      kind: 'mapped',
      system: 'kubernetes-rbac',
      request: {
        subject: { type: 'user', id: 'jane', properties: { groups: ['dev', 'system:authenticated'] } },
        action: { name: 'create' },
        resource: {
          type: 'pods',
          id: 'cart',
          properties: { apiGroup: '', namespace: 'shop', subresource: 'exec' },
        },
      },
      knowledge: { complete: true },
      attributes: {
        'subject.id': 'log',
        'subject.properties.groups': 'log',
        'action.name': 'log',
        'resource.type': 'log',
        'resource.id': 'log',
        'resource.properties.apiGroup': 'log',
        'resource.properties.namespace': 'log',
        'resource.properties.subresource': 'log',
      },
    });
  });

  test('of a kubelet is the Node authorizer’s, unless RBAC says that it decided', () => {
    const node = { ...audit, user: { username: 'system:node:worker-1', groups: ['system:nodes'] } };
    expect(mapped(kubernetesAudit, node)).toMatchObject({ kind: 'unmapped' });
    const reason = 'RBAC: allowed by ClusterRoleBinding "x" of ClusterRole "y" to Group "system:nodes"';
    const annotations = { ...audit.annotations, 'authorization.k8s.io/reason': reason };
    expect(mapped(kubernetesAudit, { ...node, annotations })).toMatchObject({ kind: 'mapped' });
  });

  test('names no object when it creates one, is judged for who is impersonated, and may be about a path', () => {
    const created = mapped(kubernetesAudit, {
      ...audit,
      objectRef: {
        resource: 'deployments',
        apiGroup: 'apps',
        apiVersion: 'v1',
        namespace: 'shop',
        name: 'later',
      },
      impersonatedUser: { username: 'boss', groups: ['admins'] },
    });
    expect(created).toMatchObject({
      request: {
        subject: { id: 'boss', properties: { groups: ['admins'] } },
        resource: { type: 'deployments', id: '', properties: { apiGroup: 'apps' } },
      },
    });
    const { objectRef: _, ...rest } = audit;
    expect(mapped(kubernetesAudit, { ...rest, verb: 'get', requestURI: '/healthz?verbose' })).toMatchObject({
      request: { action: { name: 'get' }, resource: { type: 'nonResourceURL', id: '/healthz' } },
    });
  });
});

const trail = {
  eventVersion: '1.09',
  eventTime: '2026-05-01T10:00:00Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  awsRegion: 'eu-central-1',
  sourceIPAddress: '203.0.113.7',
  userAgent: 'aws-cli/2.15',
  eventID: '6f0a2a5e-0000-4000-8000-000000000002',
  eventType: 'AwsApiCall',
  recipientAccountId: '111122223333',
  requestParameters: { bucketName: 'orders', key: '2026/a.csv' },
  resources: [
    { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::orders/2026/a.csv' },
    { accountId: '444455556666', type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::orders' },
  ],
  vpcEndpointId: 'vpce-1a2b3c4d',
  tlsDetails: { tlsVersion: 'TLSv1.3' },
};

describe('a CloudTrail event', () => {
  test('of a role session has the session as subject, its role, and what the log tells of the context', () => {
    const found = mapped(awsCloudTrail, {
      ...trail,
      userIdentity: {
        type: 'AssumedRole',
        principalId: 'AROAEXAMPLE:ci',
        arn: 'arn:aws:sts::111122223333:assumed-role/deploy/ci',
        accountId: '111122223333',
        accessKeyId: 'ASIAEXAMPLE',
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            arn: 'arn:aws:iam::111122223333:role/ops/deploy',
            userName: 'deploy',
          },
          attributes: { creationDate: '2026-05-01T09:00:00Z', mfaAuthenticated: 'false' },
        },
      },
    });
    expect(found).toMatchObject({
      system: 'aws-iam',
      request: {
        subject: {
          id: 'arn:aws:sts::111122223333:assumed-role/deploy/ci',
          properties: { roleArn: 'arn:aws:iam::111122223333:role/ops/deploy' },
        },
        action: { name: 's3:GetObject' },
        resource: { id: 'arn:aws:s3:::orders/2026/a.csv' },
        context: {
          'aws:SourceIp': '203.0.113.7',
          'aws:UserAgent': 'aws-cli/2.15',
          'aws:RequestedRegion': 'eu-central-1',
          'aws:CurrentTime': '2026-05-01T10:00:00Z',
          'aws:SourceVpce': 'vpce-1a2b3c4d',
          'aws:MultiFactorAuthPresent': 'false',
          'aws:TokenIssueTime': '2026-05-01T09:00:00Z',
          'aws:SecureTransport': 'true',
        },
      },
      knowledge: { complete: false, absent: [] },
    });
  });

  test('with a long-term key certainly had no token; a service as address is no address', () => {
    const found = mapped(awsCloudTrail, {
      ...trail,
      sourceIPAddress: 'cloudformation.amazonaws.com',
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDAEXAMPLE',
        arn: 'arn:aws:iam::111122223333:user/jane',
        accountId: '111122223333',
        accessKeyId: 'AKIAEXAMPLE',
        userName: 'jane',
        invokedBy: 'cloudformation.amazonaws.com',
      },
    });
    if (found.kind !== 'mapped') throw new Error(found.reason);
    expect(found.request.context).not.toHaveProperty('aws:SourceIp');
    expect(found.request.context).toMatchObject({ 'aws:ViaAWSService': 'true' });
    expect(found.knowledge.absent).toContain('aws:TokenIssueTime');
    expect(found.attributes['context.aws:MultiFactorAuthPresent']).toBe('absent');
  });

  // Shapes: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
  // and https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
  test('of somebody whom an identity provider vouches for is judged for the provider, as trust policies name it', () => {
    const role = 'arn:aws:iam::111122223333:role/testrole';
    const asked = { ...trail, eventSource: 'sts.amazonaws.com', resources: [{ ARN: role }] };
    const saml = {
      ...asked,
      eventName: 'AssumeRoleWithSAML',
      userIdentity: {
        type: 'SAMLUser',
        principalId: 'nameQualifier:_1a2b',
        userName: '_1a2b',
        identityProvider: 'https://server.example.com/idp/shibboleth',
      },
      requestParameters: {
        sAMLAssertionID: '_c0046c',
        roleArn: role,
        principalArn: 'arn:aws:iam::111122223333:saml-provider/Shibboleth',
      },
      responseElements: {
        subjectType: 'transient',
        issuer: 'https://server.example.com/idp/shibboleth',
        subject: '_1a2b',
        audience: 'https://signin.aws.amazon.com/saml',
      },
    };
    expect(mapped(awsCloudTrail, saml)).toMatchObject({
      request: {
        subject: { type: 'SAMLUser', id: 'arn:aws:iam::111122223333:saml-provider/Shibboleth' },
        action: { name: 'sts:AssumeRoleWithSAML' },
        resource: { id: role },
        context: {
          'saml:aud': 'https://signin.aws.amazon.com/saml',
          'saml:iss': 'https://server.example.com/idp/shibboleth',
          'saml:sub': '_1a2b',
          'saml:sub_type': 'transient',
        },
      },
    });
    expect(mapped(awsCloudTrail, { ...saml, requestParameters: { roleArn: role } })).toMatchObject({
      kind: 'unmapped',
    });

    const issuer = 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/AB12';
    const account = 'system:serviceaccount:shop:cart';
    const web = {
      ...asked,
      eventName: 'AssumeRoleWithWebIdentity',
      userIdentity: {
        type: 'WebIdentityUser',
        principalId: `${issuer}:sts.amazonaws.com:${account}`,
        userName: account,
        identityProvider: issuer,
      },
      requestParameters: { roleArn: role, roleSessionName: 'cart' },
      responseElements: null,
    };
    expect(mapped(awsCloudTrail, web)).toMatchObject({
      request: {
        subject: { id: issuer },
        context: {
          'oidc.eks.eu-central-1.amazonaws.com/id/AB12:aud': 'sts.amazonaws.com',
          'oidc.eks.eu-central-1.amazonaws.com/id/AB12:sub': account,
        },
      },
    });
  });

  test('that names its caller by a unique id alone is judged for nobody', () => {
    const found = mapped(awsCloudTrail, {
      ...trail,
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      userIdentity: {
        type: 'AWSAccount',
        principalId: 'AROAEXAMPLEEXAMPLE123:ci',
        accountId: '444455556666',
      },
    });
    expect(found).toMatchObject({ kind: 'unmapped', reason: expect.stringContaining('unique id') as string });
  });
});
