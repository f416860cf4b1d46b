/**
 * Actions whose events CloudTrail writes only where data events are turned on for the resource type (CloudTrail User
 * Guide, "Logging data events"): most trails do not have them, so that their absence proves nothing.
 */
const dataActions: readonly RegExp[] = [
  /^s3:(?:Get|Put|Delete|Head|Restore|Select|Replicate)Object/i,
  /^s3:(?:AbortMultipartUpload|ListMultipartUploadParts|BypassGovernanceRetention)$/i,
  /^lambda:InvokeFunction/i,
  /^dynamodb:(?:(?:Batch)?GetItem|(?:Batch)?WriteItem|BatchWriteItem|PutItem|UpdateItem|DeleteItem|Query|Scan|ConditionCheckItem|PartiQL)/i,
  /^sns:Publish/i,
  /^sqs:(?:SendMessage|ReceiveMessage|DeleteMessage|ChangeMessageVisibility)/i,
  /^kinesis:(?:GetRecords|PutRecords?|SubscribeToShard)/i,
  /^(?:ebs|cognito-identity|rds-data|sagemaker-runtime|execute-api|codewhisperer|medical-imaging|timestream):/i,
  /^ssmmessages:/i,
];

export function isDataAction(action: string): boolean {
  return dataActions.some((pattern) => pattern.test(action));
}
