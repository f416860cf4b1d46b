import { lambdaFunction, need, type PassRoleTechnique } from './techniques.ts';

const passing = ['attack.t1098.003', 'attack.t1548.005', 'owasp-nhi.5', 'nist-csf.pr.aa-05'];

/** A role is handed to a service: `iam:PassRole` and what starts something with the role. */
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
