/**
 * Published ways in which permissions over IAM, or over services that act with roles, become more permissions. As data.
 * Sources: Rhino Security Labs, "AWS IAM Privilege Escalation – Methods and Mitigation"; Bishop Fox, "IAM Vulnerable";
 * Datadog, pathfinding.cloud. Resources are those of the Service Authorization Reference; `{account}` is filled in.
 */

/** A permission over something that whoever uses the technique may choose or make. */
export interface Need {
  readonly action: string;
  readonly resource: string;
}

interface Named {
  /** Stable. */
  readonly id: string;
  readonly title: string;
  readonly tags: readonly string[];
}

/** A role is handed to a service, which then does with it what it is told. */
export interface PassRoleTechnique extends Named {
  readonly service: string;
  /** Every one of a list, of one of the lists. */
  readonly needs: readonly (readonly Need[])[];
  /** The role is handed over in an instance profile. */
  readonly byInstanceProfile?: true;
}

/** Something that runs with a role already is made to do something else. */
export interface RunningTechnique extends Named {
  readonly service: string;
  readonly needs: readonly (readonly Need[])[];
  /** What must be there, in words. */
  readonly runs: string;
  readonly byInstanceProfile?: true;
}

const passing = ['attack.t1098.003', 'attack.t1548.005', 'owasp-nhi.5', 'nist-csf.pr.aa-05'];
const running = ['attack.t1548.005', 'attack.t1078.004', 'owasp-nhi.5', 'nist-csf.pr.aa-05'];
export const policyTags = ['attack.t1098.003', 'owasp-nhi.5', 'nist-csf.pr.aa-05'];
export const credentialTags = ['attack.t1098.001', 'attack.t1078.004', 'owasp-nhi.5', 'nist-csf.pr.aa-05'];
export const assumptionTags = ['attack.t1548.005', 'attack.t1078.004', 'owasp-nhi.5', 'nist-csf.pr.aa-05'];

const need = (action: string, resource: string): Need => ({
  action,
  resource: `arn:aws:${action.slice(0, action.indexOf(':'))}:us-east-1:{account}:${resource}`,
});

const lambdaFunction = (action: string): Need => need(`lambda:${action}`, 'function:any');

export const passRoleTechniques: readonly PassRoleTechnique[] = [
  {
    id: 'passrole-ec2-run-instances',
    title: 'Start an instance with another role',
    service: 'ec2.amazonaws.com',
    needs: [
      [need('ec2:RunInstances', 'instance/any')],
      [need('ec2:RequestSpotInstances', 'spot-instances-request/any')],
      [need('ec2:RequestSpotFleet', 'spot-fleet-request/any')],
    ],
    byInstanceProfile: true,
    tags: passing,
  },
  {
    id: 'passrole-ec2-instance-profile',
    title: 'Give a running instance another role',
    service: 'ec2.amazonaws.com',
    needs: [
      [need('ec2:AssociateIamInstanceProfile', 'instance/any')],
      [need('ec2:ReplaceIamInstanceProfileAssociation', 'instance/any')],
    ],
    byInstanceProfile: true,
    tags: passing,
  },
  {
    id: 'passrole-autoscaling',
    title: 'Have instances with another role started by an Auto Scaling group',
    service: 'ec2.amazonaws.com',
    needs: [
      [
        need('autoscaling:CreateLaunchConfiguration', 'launchConfiguration:any:launchConfigurationName/any'),
        need('autoscaling:CreateAutoScalingGroup', 'autoScalingGroup:any:autoScalingGroupName/any'),
      ],
      [
        need('ec2:CreateLaunchTemplate', 'launch-template/any'),
        need('autoscaling:CreateAutoScalingGroup', 'autoScalingGroup:any:autoScalingGroupName/any'),
      ],
    ],
    byInstanceProfile: true,
    tags: passing,
  },
  {
    id: 'passrole-lambda-function',
    title: 'Create a function with another role and run it',
    service: 'lambda.amazonaws.com',
    needs: [
      [lambdaFunction('CreateFunction'), lambdaFunction('InvokeFunction')],
      [lambdaFunction('CreateFunction'), need('lambda:CreateEventSourceMapping', 'event-source-mapping:any')],
      [lambdaFunction('CreateFunction'), lambdaFunction('AddPermission')],
      [
        lambdaFunction('CreateFunction'),
        lambdaFunction('CreateFunctionUrlConfig'),
        lambdaFunction('InvokeFunctionUrl'),
      ],
      // Another role is given to a function that is there.
      [
        lambdaFunction('UpdateFunctionConfiguration'),
        lambdaFunction('UpdateFunctionCode'),
        lambdaFunction('InvokeFunction'),
      ],
    ],
    tags: passing,
  },
  {
    id: 'passrole-glue-dev-endpoint',
    title: 'Create a Glue development endpoint with another role',
    service: 'glue.amazonaws.com',
    needs: [[need('glue:CreateDevEndpoint', 'devEndpoint/any')]],
    tags: passing,
  },
  {
    id: 'passrole-glue-job',
    title: 'Run a Glue job with another role',
    service: 'glue.amazonaws.com',
    needs: [
      [need('glue:CreateJob', 'job/any'), need('glue:StartJobRun', 'job/any')],
      [need('glue:UpdateJob', 'job/any'), need('glue:StartJobRun', 'job/any')],
      [need('glue:CreateJob', 'job/any'), need('glue:CreateTrigger', 'trigger/any')],
      [need('glue:UpdateJob', 'job/any'), need('glue:CreateTrigger', 'trigger/any')],
    ],
    tags: passing,
  },
  {
    id: 'passrole-glue-session',
    title: 'Open an interactive Glue session with another role',
    service: 'glue.amazonaws.com',
    needs: [[need('glue:CreateSession', 'session/any'), need('glue:RunStatement', 'session/any')]],
    tags: passing,
  },
  {
    id: 'passrole-cloudformation',
    title: 'Create a stack with another role',
    service: 'cloudformation.amazonaws.com',
    needs: [
      [need('cloudformation:CreateStack', 'stack/any/any')],
      [need('cloudformation:UpdateStack', 'stack/any/any')],
      [
        need('cloudformation:CreateChangeSet', 'stack/any/any'),
        need('cloudformation:ExecuteChangeSet', 'stack/any/any'),
      ],
      [
        need('cloudformation:CreateStackSet', 'stackset/any:any'),
        need('cloudformation:CreateStackInstances', 'stackset/any:any'),
      ],
      [need('cloudformation:UpdateStackSet', 'stackset/any:any')],
    ],
    tags: passing,
  },
  {
    id: 'passrole-data-pipeline',
    title: 'Run a data pipeline with another role',
    service: 'datapipeline.amazonaws.com',
    needs: [
      [
        need('datapipeline:CreatePipeline', 'pipeline/any'),
        need('datapipeline:PutPipelineDefinition', 'pipeline/any'),
      ],
    ],
    tags: passing,
  },
  {
    id: 'passrole-sagemaker-notebook',
    title: 'Create a notebook with another role',
    service: 'sagemaker.amazonaws.com',
    needs: [
      [
        need('sagemaker:CreateNotebookInstance', 'notebook-instance/any'),
        need('sagemaker:CreatePresignedNotebookInstanceUrl', 'notebook-instance/any'),
      ],
    ],
    tags: passing,
  },
  {
    id: 'passrole-sagemaker-job',
    title: 'Run a SageMaker job with another role',
    service: 'sagemaker.amazonaws.com',
    needs: [
      [need('sagemaker:CreateTrainingJob', 'training-job/any')],
      [need('sagemaker:CreateProcessingJob', 'processing-job/any')],
      [need('sagemaker:CreateHyperParameterTuningJob', 'hyper-parameter-tuning-job/any')],
    ],
    tags: passing,
  },
  {
    id: 'passrole-codebuild',
    title: 'Run a build with another role',
    service: 'codebuild.amazonaws.com',
    needs: [
      [need('codebuild:CreateProject', 'project/any'), need('codebuild:StartBuild', 'project/any')],
      [need('codebuild:CreateProject', 'project/any'), need('codebuild:StartBuildBatch', 'project/any')],
      [need('codebuild:UpdateProject', 'project/any'), need('codebuild:StartBuild', 'project/any')],
    ],
    tags: passing,
  },
  {
    id: 'passrole-codestar',
    title: 'Create a CodeStar project with another role',
    service: 'codestar.amazonaws.com',
    needs: [[need('codestar:CreateProject', 'project/any')]],
    tags: passing,
  },
  {
    id: 'passrole-ecs-task',
    title: 'Run a container task with another role',
    service: 'ecs-tasks.amazonaws.com',
    needs: [
      [
        need('ecs:RegisterTaskDefinition', 'task-definition/any:1'),
        need('ecs:RunTask', 'task-definition/any:1'),
      ],
      [
        need('ecs:RegisterTaskDefinition', 'task-definition/any:1'),
        need('ecs:StartTask', 'task-definition/any:1'),
      ],
      [
        need('ecs:RegisterTaskDefinition', 'task-definition/any:1'),
        need('ecs:CreateService', 'service/any/any'),
      ],
      [
        need('ecs:RegisterTaskDefinition', 'task-definition/any:1'),
        need('ecs:UpdateService', 'service/any/any'),
      ],
      [
        need('batch:RegisterJobDefinition', 'job-definition/any'),
        need('batch:SubmitJob', 'job-definition/any'),
      ],
    ],
    tags: passing,
  },
  {
    id: 'passrole-step-functions',
    title: 'Run a state machine with another role',
    service: 'states.amazonaws.com',
    needs: [
      [
        need('states:CreateStateMachine', 'stateMachine:any'),
        need('states:StartExecution', 'stateMachine:any'),
      ],
      [
        need('states:UpdateStateMachine', 'stateMachine:any'),
        need('states:StartExecution', 'stateMachine:any'),
      ],
    ],
    tags: passing,
  },
  {
    id: 'passrole-ssm-automation',
    title: 'Run an automation with another role',
    service: 'ssm.amazonaws.com',
    needs: [[need('ssm:StartAutomationExecution', 'automation-definition/any:1')]],
    tags: passing,
  },
  {
    id: 'passrole-apprunner',
    title: 'Run an App Runner service with another role',
    service: 'tasks.apprunner.amazonaws.com',
    needs: [[need('apprunner:CreateService', 'service/any/any')]],
    tags: passing,
  },
  {
    id: 'passrole-bedrock-agentcore',
    title: 'Run a code interpreter with another role',
    service: 'bedrock-agentcore.amazonaws.com',
    needs: [
      [
        need('bedrock-agentcore:CreateCodeInterpreter', 'code-interpreter-custom/any'),
        need('bedrock-agentcore:StartCodeInterpreterSession', 'code-interpreter-custom/any'),
        need('bedrock-agentcore:InvokeCodeInterpreter', 'code-interpreter-custom/any'),
      ],
    ],
    tags: passing,
  },
  {
    id: 'passrole-bedrock-agent-runtime',
    title: 'Run an agent with another role',
    service: 'bedrock-agentcore.amazonaws.com',
    needs: [
      [
        need('bedrock-agentcore:CreateAgentRuntime', 'runtime/any'),
        need('bedrock-agentcore:InvokeAgentRuntime', 'runtime/any'),
      ],
    ],
    tags: passing,
  },
  {
    id: 'passrole-amplify',
    title: 'Have an application built with another role',
    service: 'amplify.amazonaws.com',
    needs: [
      [
        need('amplify:CreateApp', 'apps/any'),
        need('amplify:CreateBranch', 'apps/any/branches/any'),
        need('amplify:StartJob', 'apps/any/branches/any/jobs/any'),
      ],
    ],
    tags: passing,
  },
  {
    id: 'passrole-braket-job',
    title: 'Run a Braket job with another role',
    service: 'braket.amazonaws.com',
    needs: [[need('braket:CreateJob', 'job/any')]],
    tags: passing,
  },
  {
    id: 'passrole-emr-cluster',
    title: 'Start a cluster of EMR with another role',
    service: 'ec2.amazonaws.com',
    needs: [[need('elasticmapreduce:RunJobFlow', 'cluster/any')]],
    byInstanceProfile: true,
    tags: passing,
  },
  {
    id: 'passrole-emr-serverless',
    title: 'Run a job of EMR Serverless with another role',
    service: 'emr-serverless.amazonaws.com',
    needs: [[need('emr-serverless:StartJobRun', '/applications/any')]],
    tags: passing,
  },
  {
    id: 'passrole-gamelift',
    title: 'Run a build on a fleet with another role',
    service: 'gamelift.amazonaws.com',
    needs: [
      [need('gamelift:CreateBuild', 'build/any'), need('gamelift:CreateFleet', 'fleet/any')],
      [need('gamelift:CreateScript', 'script/any'), need('gamelift:CreateFleet', 'fleet/any')],
    ],
    tags: passing,
  },
  {
    id: 'passrole-image-builder',
    title: 'Have an image built on an instance with another role',
    service: 'ec2.amazonaws.com',
    needs: [
      [
        need('imagebuilder:CreateInfrastructureConfiguration', 'infrastructure-configuration/any'),
        need('imagebuilder:CreateComponent', 'component/any/1.0.0/1'),
        need('imagebuilder:CreateImageRecipe', 'image-recipe/any/1.0.0'),
        need('imagebuilder:CreateImage', 'image/any/1.0.0/1'),
      ],
    ],
    byInstanceProfile: true,
    tags: passing,
  },
  {
    id: 'passrole-kinesis-analytics',
    title: 'Run a Flink application with another role',
    service: 'kinesisanalytics.amazonaws.com',
    needs: [
      [
        need('kinesisanalytics:CreateApplication', 'application/any'),
        need('kinesisanalytics:StartApplication', 'application/any'),
      ],
    ],
    tags: passing,
  },
  {
    id: 'passrole-omics',
    title: 'Run a workflow of HealthOmics with another role',
    service: 'omics.amazonaws.com',
    needs: [[need('omics:CreateWorkflow', 'workflow/any'), need('omics:StartRun', 'run/any')]],
    tags: passing,
  },
];

const instance = { service: 'ec2.amazonaws.com', byInstanceProfile: true } as const;

export const runningTechniques: readonly RunningTechnique[] = [
  {
    ...instance,
    id: 'ssm-send-command',
    title: 'Run commands on an instance',
    needs: [[need('ssm:SendCommand', 'managed-instance/any')], [ec2('ssm:SendCommand')]],
    runs: 'an instance that Systems Manager manages runs',
    tags: running,
  },
  {
    ...instance,
    id: 'ssm-start-session',
    title: 'Open a session on an instance',
    needs: [[need('ssm:StartSession', 'managed-instance/any')], [ec2('ssm:StartSession')]],
    runs: 'an instance that Systems Manager manages runs',
    tags: running,
  },
  {
    ...instance,
    id: 'ec2-instance-connect',
    title: 'Log in to an instance with a key of one’s own',
    needs: [
      [ec2('ec2-instance-connect:SendSSHPublicKey')],
      [ec2('ec2-instance-connect:SendSerialConsoleSSHPublicKey')],
    ],
    runs: 'an instance that can be reached runs',
    tags: running,
  },
  {
    ...instance,
    id: 'ec2-user-data',
    title: 'Change what an instance does when it starts',
    needs: [
      [
        need('ec2:ModifyInstanceAttribute', 'instance/any'),
        need('ec2:StopInstances', 'instance/any'),
        need('ec2:StartInstances', 'instance/any'),
      ],
    ],
    runs: 'an instance runs',
    tags: running,
  },
  {
    ...instance,
    id: 'ec2-launch-template',
    title: 'Change what instances do that start from a launch template',
    needs: [
      [
        need('ec2:CreateLaunchTemplateVersion', 'launch-template/any'),
        need('ec2:ModifyLaunchTemplate', 'launch-template/any'),
      ],
    ],
    runs: 'instances start from a launch template',
    tags: running,
  },
  {
    ...instance,
    id: 'codedeploy-create-deployment',
    title: 'Deploy to an instance by its CodeDeploy agent',
    needs: [[need('codedeploy:CreateDeployment', 'deploymentgroup:any/any')]],
    runs: 'an instance of a deployment group runs',
    tags: running,
  },
  {
    ...instance,
    id: 'emr-add-steps',
    title: 'Run steps of one’s own on a cluster of EMR',
    needs: [[need('elasticmapreduce:AddJobFlowSteps', 'cluster/any')]],
    runs: 'a cluster of EMR runs',
    tags: running,
  },
  {
    id: 'lambda-update-function-code',
    title: 'Change the code of a function',
    service: 'lambda.amazonaws.com',
    needs: [[lambdaFunction('UpdateFunctionCode')]],
    runs: 'a function runs',
    tags: running,
  },
  {
    id: 'lambda-update-function-configuration',
    title: 'Put a layer of one’s own into a function',
    service: 'lambda.amazonaws.com',
    needs: [[lambdaFunction('UpdateFunctionConfiguration')]],
    runs: 'a function runs',
    tags: running,
  },
  {
    id: 'glue-update-dev-endpoint',
    title: 'Add a key to a Glue development endpoint',
    service: 'glue.amazonaws.com',
    needs: [[need('glue:UpdateDevEndpoint', 'devEndpoint/any')]],
    runs: 'a development endpoint runs',
    tags: running,
  },
  {
    id: 'glue-run-statement',
    title: 'Run statements in an interactive Glue session',
    service: 'glue.amazonaws.com',
    needs: [[need('glue:RunStatement', 'session/any')]],
    runs: 'an interactive session runs',
    tags: running,
  },
  {
    id: 'sagemaker-presigned-url',
    title: 'Open a notebook',
    service: 'sagemaker.amazonaws.com',
    needs: [
      [need('sagemaker:CreatePresignedNotebookInstanceUrl', 'notebook-instance/any')],
      [need('sagemaker:CreatePresignedDomainUrl', 'user-profile/any/any')],
    ],
    runs: 'a notebook runs',
    tags: running,
  },
  {
    id: 'sagemaker-lifecycle-config',
    title: 'Put a start-up script into a notebook',
    service: 'sagemaker.amazonaws.com',
    needs: [
      [
        need('sagemaker:CreateNotebookInstanceLifecycleConfig', 'notebook-instance-lifecycle-config/any'),
        need('sagemaker:UpdateNotebookInstance', 'notebook-instance/any'),
        need('sagemaker:StartNotebookInstance', 'notebook-instance/any'),
      ],
    ],
    runs: 'a notebook that is or can be stopped is there',
    tags: running,
  },
  {
    id: 'cloudformation-update-stack',
    title: 'Change a stack that has a role',
    service: 'cloudformation.amazonaws.com',
    needs: [
      [need('cloudformation:UpdateStack', 'stack/any/any')],
      [
        need('cloudformation:CreateChangeSet', 'stack/any/any'),
        need('cloudformation:ExecuteChangeSet', 'stack/any/any'),
      ],
    ],
    runs: 'a stack was made',
    tags: running,
  },
  {
    id: 'codebuild-start-build',
    title: 'Run commands of one’s own in a build',
    service: 'codebuild.amazonaws.com',
    needs: [
      [need('codebuild:StartBuild', 'project/any')],
      [need('codebuild:StartBuildBatch', 'project/any')],
    ],
    runs: 'a build project runs',
    tags: running,
  },
  {
    id: 'batch-submit-job',
    title: 'Run commands of one’s own by a job definition',
    service: 'ecs-tasks.amazonaws.com',
    needs: [[need('batch:SubmitJob', 'job-definition/any')]],
    runs: 'a job definition runs',
    tags: running,
  },
  {
    id: 'ecs-run-task',
    title: 'Run a task definition with commands of one’s own',
    service: 'ecs-tasks.amazonaws.com',
    needs: [[need('ecs:RunTask', 'task-definition/any:1')], [need('ecs:StartTask', 'task-definition/any:1')]],
    runs: 'a task definition runs',
    tags: running,
  },
  {
    id: 'apprunner-update-service',
    title: 'Change the image of an App Runner service',
    service: 'tasks.apprunner.amazonaws.com',
    needs: [[need('apprunner:UpdateService', 'service/any/any')]],
    runs: 'a service runs',
    tags: running,
  },
  {
    id: 'bedrock-code-interpreter-session',
    title: 'Run code in a code interpreter that is there',
    service: 'bedrock-agentcore.amazonaws.com',
    needs: [
      [
        need('bedrock-agentcore:StartCodeInterpreterSession', 'code-interpreter-custom/any'),
        need('bedrock-agentcore:InvokeCodeInterpreter', 'code-interpreter-custom/any'),
      ],
    ],
    runs: 'a code interpreter runs',
    tags: running,
  },
  {
    id: 'ecs-execute-command',
    title: 'Run commands in a container',
    service: 'ecs-tasks.amazonaws.com',
    needs: [[need('ecs:ExecuteCommand', 'task/any/any')]],
    runs: 'a task in which commands are enabled runs',
    tags: running,
  },
];

/** Its resource is an instance of EC2, whatever the service. */
function ec2(action: string): Need {
  return { action, resource: 'arn:aws:ec2:us-east-1:{account}:instance/any' };
}

/** The account's policies of AWS that give every right, or the right to give it. */
export const administratorPolicies = [
  'arn:aws:iam::aws:policy/AdministratorAccess',
  'arn:aws:iam::aws:policy/IAMFullAccess',
];
