import { lambdaFunction, need, type Need, type RunningTechnique } from './techniques.ts';

const running = ['attack.t1548.005', 'attack.t1078.004', 'owasp-nhi.5', 'nist-csf.pr.aa-05'];

const instance = { service: 'ec2.amazonaws.com', byInstanceProfile: true } as const;

/** What runs with a role is made to do something else. */
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
