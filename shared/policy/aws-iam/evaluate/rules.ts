import type { AwsRequest } from '../request/request.ts';

/** Rules of single services that the general evaluation does not have. */

const assumeOperations = new Set([
  'assumerole',
  'assumerolewithsaml',
  'assumerolewithwebidentity',
  'tagsession',
  'setsourceidentity',
]);

/** A request for a session of a role: its trust policy is the resource policy. */
export function isRoleAssumption(request: AwsRequest): boolean {
  const { service, operation, resourceArn } = request;
  if (service !== 'sts' || !assumeOperations.has(operation)) return false;
  return resourceArn?.service === 'iam' && resourceArn.resource.startsWith('role/');
}

/** An operation on a KMS key, whose key policy always has a say. */
export function isKeyOperation({ service, resourceArn }: AwsRequest): boolean {
  return service === 'kms' && resourceArn?.service === 'kms' && resourceArn.resource.startsWith('key/');
}

/**
 * Role trust policies and KMS key policies must allow, also within one account (IAM User Guide, "How AWS enforcement
 * code logic evaluates requests").
 */
export function needsResourcePolicy(request: AwsRequest): boolean {
  return isRoleAssumption(request) || isKeyOperation(request);
}

const bucketPolicyOperations = new Set(['getbucketpolicy', 'putbucketpolicy', 'deletebucketpolicy']);

/** The root user of the bucket's account can always mend a bucket policy (Amazon S3 API, "DeleteBucketPolicy"). */
export function escapesResourceDenies({ subject, service, operation, resourceAccount }: AwsRequest): boolean {
  return (
    subject.kind === 'root' &&
    service === 's3' &&
    bucketPolicyOperations.has(operation) &&
    subject.account === resourceAccount
  );
}

/** Root users cannot call AssumeRole (AWS STS API reference, "AssumeRole"). */
export function isBarred({ subject, service, operation }: AwsRequest): boolean {
  return subject.kind === 'root' && service === 'sts' && operation === 'assumerole';
}

/** Nobody can be denied this, whatever the policies (AWS STS API reference, "GetCallerIdentity"). */
export function needsNoPermission({ subject, service, operation }: AwsRequest): boolean {
  return service === 'sts' && operation === 'getcalleridentity' && subject.account !== null;
}

/**
 * Users need no Allow to get a session token; a Deny binds them, as AWS' own policies that require MFA leave it out
 * of theirs (IAM User Guide, "Permissions for GetSessionToken").
 */
export function needsNoAllow({ subject, service, operation }: AwsRequest): boolean {
  return service === 'sts' && operation === 'getsessiontoken' && subject.kind === 'user';
}

/** Resources of IAM have no policies of their own but the trust policies of roles. */
export function hasResourcePolicies(service: string): boolean {
  return service !== 'iam';
}

/** In the policy of a gateway endpoint (S3, DynamoDB) an account means its root user alone (Amazon VPC User Guide). */
export function hasGatewayEndpoints(service: string): boolean {
  return service === 's3' || service === 'dynamodb';
}
