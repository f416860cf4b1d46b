import type { Rules } from './rule.ts';

/** What runs, and how it is built and described. */
export const computeRules: Rules = {
  autoscaling: [
    [
      'autoScalingGroupName',
      'AWS::AutoScaling::AutoScalingGroup',
      'autoscaling:R:A:autoScalingGroup:*:autoScalingGroupName/$',
    ],
    [
      'autoScalingGroupNames',
      'AWS::AutoScaling::AutoScalingGroup',
      'autoscaling:R:A:autoScalingGroup:*:autoScalingGroupName/$',
    ],
    [
      'launchConfigurationName',
      'AWS::AutoScaling::LaunchConfiguration',
      'autoscaling:R:A:launchConfiguration:*:launchConfigurationName/$',
    ],
  ],
  bedrock: [
    ['modelId', 'AWS::Bedrock::FoundationModel', 'bedrock:R::foundation-model/$'],
    ['modelIdentifier', 'AWS::Bedrock::FoundationModel', 'bedrock:R::foundation-model/$'],
    ['guardrailIdentifier', 'AWS::Bedrock::Guardrail', 'bedrock:R:A:guardrail/$'],
    ['guardrailId', 'AWS::Bedrock::Guardrail', 'bedrock:R:A:guardrail/$'],
    ['agentId', 'AWS::Bedrock::Agent', 'bedrock:R:A:agent/$'],
    ['knowledgeBaseId', 'AWS::Bedrock::KnowledgeBase', 'bedrock:R:A:knowledge-base/$'],
  ],
  cloudformation: [
    ['<stackId', 'AWS::CloudFormation::Stack', ''],
    ['stackName', 'AWS::CloudFormation::Stack', 'cloudformation:R:A:stack/$/*'],
    ['stackSetName', 'AWS::CloudFormation::StackSet', 'cloudformation:R:A:stackset/$:*'],
  ],
  codebuild: [
    ['<project.arn', 'AWS::CodeBuild::Project', ''],
    ['projectName', 'AWS::CodeBuild::Project', 'codebuild:R:A:project/$'],
    ['name', 'AWS::CodeBuild::Project', 'codebuild:R:A:project/$'],
    ['names', 'AWS::CodeBuild::Project', 'codebuild:R:A:project/$'],
  ],
  codecommit: [
    ['repositoryName', 'AWS::CodeCommit::Repository', 'codecommit:R:A:$'],
    ['repositoryNames', 'AWS::CodeCommit::Repository', 'codecommit:R:A:$'],
  ],
  codedeploy: [['applicationName', 'AWS::CodeDeploy::Application', 'codedeploy:R:A:application:$']],
  codepipeline: [
    ['pipelineName', 'AWS::CodePipeline::Pipeline', 'codepipeline:R:A:$'],
    ['pipeline.name', 'AWS::CodePipeline::Pipeline', 'codepipeline:R:A:$'],
    ['name', 'AWS::CodePipeline::Pipeline', 'codepipeline:R:A:$'],
  ],
  'ec2-instance-connect': [['instanceId', 'AWS::EC2::Instance', 'ec2:R:A:instance/$']],
  ecr: [
    ['repositoryName', 'AWS::ECR::Repository', 'ecr:R:A:repository/$'],
    ['repositoryNames', 'AWS::ECR::Repository', 'ecr:R:A:repository/$'],
  ],
  'ecr-public': [['repositoryName', 'AWS::ECR::PublicRepository', 'ecr-public::A:repository/$']],
  ecs: [
    ['service', 'AWS::ECS::Service', 'ecs:R:A:service/{cluster|default}/$'],
    ['serviceName', 'AWS::ECS::Service', 'ecs:R:A:service/{cluster|default}/$'],
    ['services', 'AWS::ECS::Service', 'ecs:R:A:service/{cluster|default}/$'],
    ['task', 'AWS::ECS::Task', 'ecs:R:A:task/{cluster|default}/$'],
    ['tasks', 'AWS::ECS::Task', 'ecs:R:A:task/{cluster|default}/$'],
    ['<taskDefinition.taskDefinitionArn', 'AWS::ECS::TaskDefinition', ''],
    ['taskDefinition', 'AWS::ECS::TaskDefinition', 'ecs:R:A:task-definition/$'],
    ['cluster', 'AWS::ECS::Cluster', 'ecs:R:A:cluster/$'],
    ['clusterName', 'AWS::ECS::Cluster', 'ecs:R:A:cluster/$'],
    ['clusters', 'AWS::ECS::Cluster', 'ecs:R:A:cluster/$'],
  ],
  eks: [
    ['<nodegroup.nodegroupArn', 'AWS::EKS::Nodegroup', ''],
    ['<accessEntry.accessEntryArn', 'AWS::EKS::AccessEntry', ''],
    ['clusterName', 'AWS::EKS::Cluster', 'eks:R:A:cluster/$'],
    ['name', 'AWS::EKS::Cluster', 'eks:R:A:cluster/$'],
  ],
  elasticbeanstalk: [
    [
      'environmentName',
      'AWS::ElasticBeanstalk::Environment',
      'elasticbeanstalk:R:A:environment/{applicationName}/$',
    ],
    ['applicationName', 'AWS::ElasticBeanstalk::Application', 'elasticbeanstalk:R:A:application/$'],
  ],
  elasticmapreduce: [
    ['clusterId', 'AWS::EMR::Cluster', 'elasticmapreduce:R:A:cluster/$'],
    ['jobFlowId', 'AWS::EMR::Cluster', 'elasticmapreduce:R:A:cluster/$'],
    ['jobFlowIds', 'AWS::EMR::Cluster', 'elasticmapreduce:R:A:cluster/$'],
    ['<jobFlowId', 'AWS::EMR::Cluster', 'elasticmapreduce:R:A:cluster/$'],
  ],
  iot: [
    ['thingName', 'AWS::IoT::Thing', 'iot:R:A:thing/$'],
    ['policyName', 'AWS::IoT::Policy', 'iot:R:A:policy/$'],
    ['certificateId', 'AWS::IoT::Certificate', 'iot:R:A:cert/$'],
  ],
  lambda: [
    ['functionName', 'AWS::Lambda::Function', 'lambda:R:A:function:$'],
    ['<functionArn', 'AWS::Lambda::Function', ''],
    ['<layerVersionArn', 'AWS::Lambda::LayerVersion', ''],
    ['layerName', 'AWS::Lambda::LayerVersion', 'lambda:R:A:layer:$'],
    ['uUID', 'AWS::Lambda::EventSourceMapping', 'lambda:R:A:event-source-mapping:$'],
  ],
  'resource-groups': [
    ['groupName', 'AWS::ResourceGroups::Group', 'resource-groups:R:A:group/$'],
    ['group', 'AWS::ResourceGroups::Group', 'resource-groups:R:A:group/$'],
  ],
  sagemaker: [
    ['notebookInstanceName', 'AWS::SageMaker::NotebookInstance', 'sagemaker:R:A:notebook-instance/$'],
    ['endpointName', 'AWS::SageMaker::Endpoint', 'sagemaker:R:A:endpoint/$'],
    ['endpointConfigName', 'AWS::SageMaker::EndpointConfig', 'sagemaker:R:A:endpoint-config/$'],
    ['trainingJobName', 'AWS::SageMaker::TrainingJob', 'sagemaker:R:A:training-job/$'],
    ['processingJobName', 'AWS::SageMaker::ProcessingJob', 'sagemaker:R:A:processing-job/$'],
    ['modelName', 'AWS::SageMaker::Model', 'sagemaker:R:A:model/$'],
    ['domainId', 'AWS::SageMaker::Domain', 'sagemaker:R:A:domain/$'],
    [
      'notebookInstanceLifecycleConfigName',
      'AWS::SageMaker::NotebookInstanceLifecycleConfig',
      'sagemaker:R:A:notebook-instance-lifecycle-config/$',
    ],
  ],
  scheduler: [
    ['name', 'AWS::Scheduler::Schedule', 'scheduler:R:A:schedule/{groupName|default}/$'],
    ['groupName', 'AWS::Scheduler::ScheduleGroup', 'scheduler:R:A:schedule-group/$'],
  ],
  ssm: [
    ['names', 'AWS::SSM::Parameter', 'ssm:R:A:parameter/$'],
    ['instanceIds', 'AWS::EC2::Instance', 'ec2:R:A:instance/$'],
    ['instanceId', 'AWS::EC2::Instance', 'ec2:R:A:instance/$'],
    ['target', 'AWS::EC2::Instance', 'ec2:R:A:instance/$'],
    ['sessionId', 'AWS::SSM::Session', 'ssm:R:A:session/$'],
    ['documentName', 'AWS::SSM::Document', 'ssm:R:A:document/$'],
    ['path', 'AWS::SSM::Parameter', 'ssm:R:A:parameter/$'],
    ['name', 'AWS::SSM::Parameter', 'ssm:R:A:parameter/$'],
    ['maintenanceWindowId', 'AWS::SSM::MaintenanceWindow', 'ssm:R:A:maintenancewindow/$'],
  ],
  states: [['<stateMachineArn', 'AWS::StepFunctions::StateMachine', '']],
  workspaces: [['workspaceId', 'AWS::WorkSpaces::Workspace', 'workspaces:R:A:workspace/$']],
};
