/**
 * Where the name of an operation in CloudTrail is not the name of the permission that it needs. Sources: the Service
 * Authorization Reference (https://docs.aws.amazon.com/service-authorization/latest/reference/) for the permissions,
 * the services' own pages for what an operation needs ("Required permissions for Amazon S3 API operations", …).
 */

/** Prefixes of permissions by event source, where they differ. */
export const prefixes: ReadonlyMap<string, string> = new Map([
  ['monitoring', 'cloudwatch'],
  ['cloudwatch-omni', 'cloudwatch'],
  ['email', 'ses'],
  ['mail-manager', 'ses'],
  ['tagging', 'tag'],
  ['pinpoint', 'mobiletargeting'],
  ['pinpoint-email', 'ses'],
  ['sms-voice.pinpoint', 'sms-voice'],
  ['models.lex', 'lex'],
  ['runtime.lex', 'lex'],
  ['models-v2-lex', 'lex'],
  ['runtime-v2-lex', 'lex'],
  ['lexv2', 'lex'],
  ['api.ecr', 'ecr'],
  ['api.ecr-public', 'ecr-public'],
  ['api.sagemaker', 'sagemaker'],
  ['runtime.sagemaker', 'sagemaker'],
  ['a2i-runtime.sagemaker', 'sagemaker'],
  ['edge.sagemaker', 'sagemaker'],
  ['featurestore-runtime.sagemaker', 'sagemaker'],
  ['metrics.sagemaker', 'sagemaker'],
  ['api.detective', 'detective'],
  ['api.mediatailor', 'mediatailor'],
  ['api.pricing', 'pricing'],
  ['api.iotwireless', 'iotwireless'],
  ['api.iotdeviceadvisor', 'iotdeviceadvisor'],
  ['api.tunneling.iot', 'iot'],
  ['data.iot', 'iot'],
  ['data-ats.iot', 'iot'],
  ['iotdata', 'iot'],
  ['data.jobs.iot', 'iotjobsdata'],
  ['iot-jobs-data', 'iotjobsdata'],
  ['appstream2', 'appstream'],
  ['appconfigdata', 'appconfig'],
  ['bedrock-agent', 'bedrock'],
  ['bedrock-agent-runtime', 'bedrock'],
  ['bedrock-runtime', 'bedrock'],
  ['bedrock-data-automation', 'bedrock'],
  ['bedrock-data-automation-runtime', 'bedrock'],
  ['bedrock-agentcore-control', 'bedrock-agentcore'],
  ['identity-chime', 'chime'],
  ['media-pipelines-chime', 'chime'],
  ['meetings-chime', 'chime'],
  ['messaging-chime', 'chime'],
  ['voice-chime', 'chime'],
  ['cloudcontrolapi', 'cloudformation'],
  ['cloudhsmv2', 'cloudhsm'],
  ['cloudsearchdomain', 'cloudsearch'],
  ['contact-lens', 'connect'],
  ['streams.dynamodb', 'dynamodb'],
  ['dax.dynamodb', 'dax'],
  ['forecastquery', 'forecast'],
  ['ivsrealtime', 'ivs'],
  ['cassandra-streams', 'cassandra'],
  ['application-insights', 'applicationinsights'],
  ['agreement-marketplace', 'aws-marketplace'],
  ['catalog.marketplace', 'aws-marketplace'],
  ['catalog-marketplace', 'aws-marketplace'],
  ['deployment-marketplace', 'aws-marketplace'],
  ['discovery-marketplace', 'aws-marketplace'],
  ['entitlement.marketplace', 'aws-marketplace'],
  ['metering.marketplace', 'aws-marketplace'],
  ['metering-marketplace', 'aws-marketplace'],
  ['marketplacecatalog', 'aws-marketplace'],
  ['data.mediastore', 'mediastore'],
  ['memory-db', 'memorydb'],
  ['migrationhub-config', 'mgh'],
  ['mturk-requester', 'mechanicalturk'],
  ['partnercentral-account', 'partnercentral'],
  ['partnercentral-benefits', 'partnercentral'],
  ['partnercentral-channel', 'partnercentral'],
  ['partnercentral-selling', 'partnercentral'],
  ['controlplane.payment-cryptography', 'payment-cryptography'],
  ['dataplane.payment-cryptography', 'payment-cryptography'],
  ['personalize-events', 'personalize'],
  ['personalize-runtime', 'personalize'],
  ['data.qapps', 'qapps'],
  ['s3-control', 's3'],
  ['servicecatalog-appregistry', 'servicecatalog'],
  ['data-signer', 'signer'],
  ['oidc', 'sso-oauth'],
  ['query.timestream', 'timestream'],
  ['ingest.timestream', 'timestream'],
  ['admin.wickr', 'wickr'],
  ['iot-managed-integrations', 'iotmanagedintegrations'],
  ['api.iotmanagedintegrations', 'iotmanagedintegrations'],
]);

/** Operations by the permission that they need, of one prefix. */
type Names = Readonly<Record<string, string>>;

/** Operations on objects, of buckets and of what stands before them. */
const objects: Names = {
  GetObject: 'HeadObject SelectObjectContent',
  PutObject:
    'CopyObject CreateMultipartUpload UploadPart UploadPartCopy CompleteMultipartUpload PostObject InitiateMultipartUpload RenameObject',
  DeleteObject: 'DeleteObjects',
  ListBucket: 'ListObjects ListObjectsV2 HeadBucket',
  ListBucketVersions: 'ListObjectVersions',
  ListBucketMultipartUploads: 'ListMultipartUploads',
  ListMultipartUploadParts: 'ListParts',
};

const s3: Names = {
  ...objects,
  ListAllMyBuckets: 'ListBuckets',
  GetBucketObjectLockConfiguration: 'GetObjectLockConfiguration',
  PutBucketObjectLockConfiguration: 'PutObjectLockConfiguration',
  GetBucketCORS: 'GetBucketCors',
  PutBucketCORS: 'PutBucketCors DeleteBucketCors',
  GetEncryptionConfiguration: 'GetBucketEncryption',
  PutEncryptionConfiguration: 'PutBucketEncryption DeleteBucketEncryption',
  GetLifecycleConfiguration: 'GetBucketLifecycle GetBucketLifecycleConfiguration',
  PutLifecycleConfiguration:
    'PutBucketLifecycle PutBucketLifecycleConfiguration DeleteBucketLifecycle DeleteBucketLifecycleConfiguration',
  GetReplicationConfiguration: 'GetBucketReplication',
  PutReplicationConfiguration: 'PutBucketReplication DeleteBucketReplication',
  GetAccelerateConfiguration: 'GetBucketAccelerateConfiguration GetBucketAcceleration',
  PutAccelerateConfiguration: 'PutBucketAccelerateConfiguration PutBucketAcceleration',
  GetAnalyticsConfiguration: 'GetBucketAnalyticsConfiguration ListBucketAnalyticsConfigurations',
  PutAnalyticsConfiguration: 'PutBucketAnalyticsConfiguration DeleteBucketAnalyticsConfiguration',
  GetInventoryConfiguration: 'GetBucketInventoryConfiguration ListBucketInventoryConfigurations',
  PutInventoryConfiguration: 'PutBucketInventoryConfiguration DeleteBucketInventoryConfiguration',
  GetMetricsConfiguration: 'GetBucketMetricsConfiguration ListBucketMetricsConfigurations',
  PutMetricsConfiguration: 'PutBucketMetricsConfiguration DeleteBucketMetricsConfiguration',
  GetIntelligentTieringConfiguration:
    'GetBucketIntelligentTieringConfiguration ListBucketIntelligentTieringConfigurations',
  PutIntelligentTieringConfiguration:
    'PutBucketIntelligentTieringConfiguration DeleteBucketIntelligentTieringConfiguration',
  GetBucketNotification: 'GetBucketNotificationConfiguration',
  PutBucketNotification: 'PutBucketNotificationConfiguration',
  PutBucketTagging: 'DeleteBucketTagging',
  PutBucketOwnershipControls: 'DeleteBucketOwnershipControls',
  GetBucketPublicAccessBlock: 'GetPublicAccessBlock',
  PutBucketPublicAccessBlock: 'DeleteBucketPublicAccessBlock PutPublicAccessBlock DeletePublicAccessBlock',
  PutAccountPublicAccessBlock: 'DeleteAccountPublicAccessBlock',
  GetBucketMetadataTableConfiguration: 'GetBucketMetadataConfiguration',
  CreateBucketMetadataTableConfiguration: 'CreateBucketMetadataConfiguration',
  DeleteBucketMetadataTableConfiguration: 'DeleteBucketMetadataConfiguration',
};

/** Directory buckets: sessions stand for all operations on objects. */
const s3express: Names = {
  CreateSession:
    'GetObject HeadObject PutObject CopyObject DeleteObject DeleteObjects ListObjectsV2 ListObjects HeadBucket CreateMultipartUpload UploadPart UploadPartCopy CompleteMultipartUpload AbortMultipartUpload ListParts ListMultipartUploads GetObjectAttributes RenameObject',
  ListAllMyDirectoryBuckets: 'ListDirectoryBuckets',
  GetEncryptionConfiguration: 'GetBucketEncryption',
  PutEncryptionConfiguration: 'PutBucketEncryption DeleteBucketEncryption',
  GetLifecycleConfiguration: 'GetBucketLifecycleConfiguration',
  PutLifecycleConfiguration: 'PutBucketLifecycleConfiguration DeleteBucketLifecycle',
};

const budgets: Names = {
  ModifyBudget:
    'CreateBudget UpdateBudget DeleteBudget CreateNotification UpdateNotification DeleteNotification CreateSubscriber UpdateSubscriber DeleteSubscriber',
  ViewBudget:
    'DescribeBudget DescribeBudgets DescribeBudgetPerformanceHistory DescribeNotificationsForBudget DescribeSubscribersForNotification DescribeBudgetNotificationsForAccount',
};

const dms: Names = {
  ListDataProviders: 'DescribeDataProviders',
  ListExtensionPacks: 'DescribeExtensionPackAssociations',
  ListInstanceProfiles: 'DescribeInstanceProfiles',
  ListMigrationProjects: 'DescribeMigrationProjects',
  ListMetadataModelAssessments: 'DescribeMetadataModelAssessments',
  ListMetadataModelConversions: 'DescribeMetadataModelConversions',
  ListMetadataModelExports: 'DescribeMetadataModelExportsAsScript DescribeMetadataModelExportsToTarget',
  UpdateConversionConfiguration: 'ModifyConversionConfiguration',
  UpdateDataProvider: 'ModifyDataProvider',
  UpdateInstanceProfile: 'ModifyInstanceProfile',
  UpdateMigrationProject: 'ModifyMigrationProject',
  AssociateExtensionPack: 'StartExtensionPackAssociation',
  StartMetadataModelExportAsScripts: 'StartMetadataModelExportAsScript',
};

const others: Readonly<Record<string, Names>> = {
  'access-analyzer': { GetFinding: 'GetFindingV2', ListFindings: 'ListFindingsV2' },
  amplify: {
    CreateWebHook: 'CreateWebhook',
    DeleteWebHook: 'DeleteWebhook',
    GetWebHook: 'GetWebhook',
    ListWebHooks: 'ListWebhooks',
    UpdateWebHook: 'UpdateWebhook',
  },
  appflow: { UnRegisterConnector: 'UnregisterConnector' },
  bedrock: {
    InvokeModel: 'Converse StartAsyncInvoke',
    InvokeModelWithResponseStream: 'ConverseStream',
    RetrieveAndGenerate: 'RetrieveAndGenerateStream',
  },
  cassandra: {
    Create: 'CreateKeyspace CreateTable CreateType',
    Drop: 'DeleteKeyspace DeleteTable DeleteType',
    Alter: 'UpdateKeyspace UpdateTable',
    Select:
      'GetKeyspace GetTable GetTableAutoScalingSettings GetType ListKeyspaces ListTables ListTypes ListTagsForResource',
    Restore: 'RestoreTable',
  },
  cloudfront: { CreateDistribution: 'CreateDistributionWithTags' },
  cloudsearch: { search: 'Search', suggest: 'Suggest', document: 'UploadDocuments' },
  dynamodb: { GetItem: 'TransactGetItems' },
  'execute-api': { ManageConnections: 'PostToConnection GetConnection DeleteConnection' },
  kms: { ReEncryptFrom: 'ReEncrypt' },
  lambda: {
    InvokeFunction: 'Invoke InvokeWithResponseStream',
    GetLayerVersion: 'GetLayerVersionByArn',
  },
  memorydb: {
    CreateAcl: 'CreateACL',
    DeleteAcl: 'DeleteACL',
    DescribeAcls: 'DescribeACLs',
    UpdateAcl: 'UpdateACL',
  },
  sns: { Publish: 'PublishBatch' },
  sqs: {
    ChangeMessageVisibility: 'ChangeMessageVisibilityBatch',
    DeleteMessage: 'DeleteMessageBatch',
    SendMessage: 'SendMessageBatch',
  },
  timestream: { Select: 'Query' },
  verifiedpermissions: {
    GetPolicy: 'BatchGetPolicy',
    IsAuthorized: 'BatchIsAuthorized',
    IsAuthorizedWithToken: 'BatchIsAuthorizedWithToken',
  },
};

/** Permissions by `prefix:Operation`. */
export const exceptions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    s3,
    's3-outposts': objects,
    's3-object-lambda': objects,
    s3express,
    budgets,
    dms,
    ...others,
  }).flatMap(([prefix, names]) =>
    Object.entries(names).flatMap(([permission, operations]) =>
      operations
        .split(' ')
        .map((operation): [string, string] => [`${prefix}:${operation}`, `${prefix}:${permission}`]),
    ),
  ),
);

/** Operations of sign-in and of Identity Center's portal that no policy governs, unlike their siblings. */
export const withoutPermission = new Set([
  'sso:Authenticate',
  'sso:Federate',
  'sso:GetRoleCredentials',
  'sso:ListAccountRoles',
  'sso:ListProfilesForApplication',
  'sso:Logout',
  'sso:UserAuthentication',
  'sso:CredentialChallenge',
  'sso:CredentialVerification',
  'sso-oauth:CreateToken',
  'sso-oauth:RegisterClient',
  'sso-oauth:StartDeviceAuthorization',
]);

/** What sign-in has as permissions: all its other events are steps of a person in front of the console. */
export const signInPermissions = new Set([
  'AuthorizeOAuth2Access',
  'CreateOAuth2Token',
  'IntrospectOAuth2Token',
  'RevokeOAuth2Token',
  'CreateOAuth2PublicClient',
  'CreateTrustedIdentityPropagationApplicationForConsole',
  'ListTrustedIdentityPropagationApplicationsForConsole',
]);

/** Application Auto Scaling logs under the event source of EC2 Auto Scaling. */
export const applicationAutoScaling = new Set([
  'DeregisterScalableTarget',
  'DescribeScalableTargets',
  'RegisterScalableTarget',
  'GetPredictiveScalingForecast',
  'DeleteScalingPolicy',
  'DescribeScalingPolicies',
  'PutScheduledAction',
]);
