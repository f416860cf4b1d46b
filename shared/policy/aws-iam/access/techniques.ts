/**
 * Published ways to gain privileges in AWS with permissions already held, as data. Sources: Rhino Security Labs, "AWS
 * IAM Privilege Escalation – Methods and Mitigation"; Datadog, pathfinding.cloud. In lower case.
 */

export interface Escalation {
  readonly actions: readonly string[];
  /** With oneself as the target nothing is gained. */
  readonly needsOther?: boolean;
  /** The service that a passed role must be passed to. */
  readonly passesRoleTo?: string;
}

const single = (...actions: string[]): Escalation[] => actions.map((action) => ({ actions: [action] }));
const passing = (service: string, ...actions: string[]): Escalation => ({
  actions: ['iam:passrole', ...actions],
  passesRoleTo: `${service}.amazonaws.com`,
});

export const escalations: readonly Escalation[] = [
  ...single(
    'iam:createpolicyversion',
    'iam:setdefaultpolicyversion',
    'iam:attachuserpolicy',
    'iam:attachgrouppolicy',
    'iam:attachrolepolicy',
    'iam:putuserpolicy',
    'iam:putgrouppolicy',
    'iam:putrolepolicy',
    'iam:addusertogroup',
    'iam:updateassumerolepolicy',
    'iam:deleterolepermissionsboundary',
    'iam:deleteuserpermissionsboundary',
    'lambda:updatefunctioncode',
    'glue:updatedevendpoint',
    'sagemaker:createpresignednotebookinstanceurl',
    'codestar:associateteammember',
    'ec2-instance-connect:sendsshpublickey',
    'ec2-instance-connect:sendserialconsolesshpublickey',
    'ssm:sendcommand',
    'ssm:startsession',
    'sso:attachmanagedpolicytopermissionset',
    'sso:putinlinepolicytopermissionset',
  ),
  { actions: ['iam:createaccesskey'], needsOther: true },
  { actions: ['iam:createloginprofile'], needsOther: true },
  { actions: ['iam:updateloginprofile'], needsOther: true },
  { actions: ['iam:createservicespecificcredential'], needsOther: true },
  { actions: ['lambda:updatefunctionconfiguration', 'lambda:invokefunction'] },
  { actions: ['codebuild:updateproject', 'codebuild:startbuild'] },
  { actions: ['cloudformation:updatestack'] },
  { actions: ['ec2:modifyinstanceattribute', 'ec2:stopinstances', 'ec2:startinstances'] },
  passing('ec2', 'ec2:runinstances'),
  passing('ec2', 'ec2:associateiaminstanceprofile'),
  passing('ec2', 'ec2:replaceiaminstanceprofileassociation'),
  passing('lambda', 'lambda:createfunction', 'lambda:invokefunction'),
  passing('lambda', 'lambda:createfunction', 'lambda:createeventsourcemapping'),
  passing('lambda', 'lambda:createfunction', 'lambda:addpermission'),
  passing('glue', 'glue:createdevendpoint'),
  passing('glue', 'glue:createjob', 'glue:startjobrun'),
  passing('glue', 'glue:updatejob', 'glue:startjobrun'),
  passing('cloudformation', 'cloudformation:createstack'),
  passing('cloudformation', 'cloudformation:createstackset', 'cloudformation:createstackinstances'),
  passing('datapipeline', 'datapipeline:createpipeline', 'datapipeline:putpipelinedefinition'),
  passing('sagemaker', 'sagemaker:createnotebookinstance', 'sagemaker:createpresignednotebookinstanceurl'),
  passing('sagemaker', 'sagemaker:createtrainingjob'),
  passing('sagemaker', 'sagemaker:createprocessingjob'),
  passing('codebuild', 'codebuild:createproject', 'codebuild:startbuild'),
  passing('codestar', 'codestar:createproject'),
  passing('ecs-tasks', 'ecs:registertaskdefinition', 'ecs:runtask'),
  passing('ecs-tasks', 'ecs:registertaskdefinition', 'ecs:createservice'),
  passing('states', 'states:createstatemachine', 'states:startexecution'),
  passing('autoscaling', 'autoscaling:createlaunchconfiguration', 'autoscaling:createautoscalinggroup'),
  passing('ssm', 'ssm:startautomationexecution'),
  passing(
    'bedrock-agentcore',
    'bedrock-agentcore:createcodeinterpreter',
    'bedrock-agentcore:invokecodeinterpreter',
  ),
  passing('apprunner', 'apprunner:createservice'),
];

/** Actions that hand out credentials or secrets (cloudsplaining, "Credentials exposure"; MITRE ATT&CK T1552, T1555). */
export const credentialActions: ReadonlySet<string> = new Set([
  'chime:createapikey',
  'codeartifact:getauthorizationtoken',
  'cognito-identity:getcredentialsforidentity',
  'cognito-identity:getopenidtoken',
  'cognito-identity:getopenidtokenfordeveloperidentity',
  'connect:getfederationtoken',
  'ec2:getpassworddata',
  'ecr:getauthorizationtoken',
  'ecr-public:getauthorizationtoken',
  'gamelift:requestuploadcredentials',
  'iam:createaccesskey',
  'iam:createloginprofile',
  'iam:createservicespecificcredential',
  'iam:resetservicespecificcredential',
  'iam:updateloginprofile',
  'lightsail:downloaddefaultkeypair',
  'lightsail:getinstanceaccessdetails',
  'lightsail:getrelationaldatabasemasteruserpassword',
  'mediapackage:rotateingestendpointcredentials',
  'rds-db:connect',
  'redshift:getclustercredentials',
  'redshift:getclustercredentialswithiam',
  'redshift-serverless:getcredentials',
  'secretsmanager:batchgetsecretvalue',
  'secretsmanager:getsecretvalue',
  'ssm:getparameter',
  'ssm:getparameterhistory',
  'ssm:getparameters',
  'ssm:getparametersbypath',
  'sso:getrolecredentials',
  'sts:getfederationtoken',
]);
