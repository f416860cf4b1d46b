/**
 * Actions whose events CloudTrail writes only where data events are turned on for the resource type (CloudTrail User
 * Guide, "Logging data events"): most trails do not have them, so that their absence proves nothing.
 */
const dataActions: readonly RegExp[] = [
  /^s3:(?:Get|Put|Delete|Head|Restore|Select|Replicate)Object/i,
  /^s3:(?:AbortMultipartUpload|ListMultipartUploadParts|BypassGovernanceRetention|ListBucket|ListBucketVersions)$/i,
  /^s3express:/i,
  /^lambda:InvokeFunction/i,
  /^dynamodb:(?:(?:Batch)?GetItem|(?:Batch)?WriteItem|BatchWriteItem|PutItem|UpdateItem|DeleteItem|Query|Scan|ConditionCheckItem|PartiQL)/i,
  /^sns:Publish/i,
  /^sqs:(?:SendMessage|ReceiveMessage|DeleteMessage|ChangeMessageVisibility)/i,
  /^kinesis:(?:GetRecords|PutRecords?|SubscribeToShard)/i,
  /^kinesisvideo:|^firehose:PutRecord|^cassandra:(?:Select|Modify)$|^cloudwatch:PutMetricData$|^xray:Put/i,
  /^(?:ebs|cognito-identity|rds-data|sagemaker-runtime|codewhisperer|medical-imaging|timestream|qbusiness):/i,
  /^(?:appsync:GraphQL|states:(?:SendTask|GetActivityTask))/i,
  /^kms:(?:Encrypt|Decrypt|GenerateDataKey|ReEncrypt)/i,
  /^ssmmessages:/i,
];

/**
 * Permissions that are used without an event of their own: they are checked as part of another call (`iam:PassRole`:
 * IAM User Guide, "Granting a user permissions to pass a role"), or by a service that writes no CloudTrail event.
 */
const silentActions: readonly RegExp[] = [
  /^iam:PassRole$/i,
  /^sts:(?:TagSession|SetSourceIdentity|SetContext|GetServiceBearerToken)$/i,
  /^logs:(?:PutLogEvents|StartLiveTail)$/i,
  /^ec2messages:|^eks:AccessKubernetesApi$|^execute-api:|^rds-db:|^neptune-db:|^kafka-cluster:|^aoss:APIAccessAll$/i,
  /^es:ESHttp|^iot:(?:Connect|Publish|Subscribe|Receive|RetainPublish)$|^elasticfilesystem:Client|^elasticache:Connect$/i,
  /^dax:|^qldb:|^managedblockchain:|^workspaces:Stream$|^appstream:Stream$|^s3-object-lambda:/i,
];

export function isDataAction(action: string): boolean {
  return dataActions.some((pattern) => pattern.test(action));
}

export function isSilentAction(action: string): boolean {
  return silentActions.some((pattern) => pattern.test(action));
}

/** Whether CloudTrail would mark the event as read-only, by the name of its action. */
export function isReading(action: string): boolean {
  return /:(?:Batch)?(?:Get|List|Describe|Head|Lookup|Search|Query|Scan|View|Select|Check|Test|Preview|Estimate|Simulate)/i.test(
    action,
  );
}

/** What data events are turned on for: of an object its bucket, else the resource itself. */
export function dataHolder(resource: string): string {
  return resource.startsWith('arn:aws:s3:') ? (resource.split('/')[0] ?? resource) : resource;
}
