/** Permissions for code, identities, logs, workflows, entry points and clusters; see `type-permissions.ts`. */
import { grant, type TypePermissions } from './grant.ts';

const fn = 'lambda:{here}:function:{stack}*';
const role = 'iam::{account}:role/{stack}*';
const logGroup = 'logs:{here}:log-group:{stack}*';
const TAGS = 'TagResource UntagResource ListTagsForResource';

const code: TypePermissions = {
  'AWS::Lambda::Function': [
    grant(
      'lambda',
      fn,
      'CreateFunction DeleteFunction GetFunction GetFunctionConfiguration GetFunctionCodeSigningConfig GetFunctionRecursionConfig GetRuntimeManagementConfig UpdateFunctionCode UpdateFunctionConfiguration PutFunctionConcurrency DeleteFunctionConcurrency PublishVersion TagResource UntagResource ListTags',
    ),
  ],
  'AWS::Lambda::Version': [
    grant(
      'lambda',
      fn,
      'PublishVersion GetFunction GetFunctionConfiguration DeleteFunction PutProvisionedConcurrencyConfig GetProvisionedConcurrencyConfig DeleteProvisionedConcurrencyConfig ListVersionsByFunction',
    ),
  ],
  'AWS::Lambda::Alias': [
    grant(
      'lambda',
      fn,
      'CreateAlias DeleteAlias GetAlias UpdateAlias PutProvisionedConcurrencyConfig GetProvisionedConcurrencyConfig DeleteProvisionedConcurrencyConfig',
    ),
  ],
  'AWS::Lambda::Permission': [grant('lambda', fn, 'AddPermission RemovePermission GetPolicy')],
  'AWS::Lambda::Url': [
    grant('lambda', fn, 'CreateFunctionUrlConfig DeleteFunctionUrlConfig GetFunctionUrlConfig UpdateFunctionUrlConfig'),
  ],
  'AWS::Lambda::EventInvokeConfig': [
    grant(
      'lambda',
      fn,
      'PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig GetFunctionEventInvokeConfig',
    ),
  ],
  // Lambda gives mappings their ids.
  'AWS::Lambda::EventSourceMapping': [
    grant(
      'lambda',
      'lambda:{here}:event-source-mapping:*',
      'GetEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping TagResource UntagResource ListTags',
    ),
    grant('lambda', '*', 'CreateEventSourceMapping'),
  ],
  'AWS::StepFunctions::StateMachine': [
    grant(
      'states',
      'states:{here}:stateMachine:{stack}*',
      `CreateStateMachine DeleteStateMachine DescribeStateMachine UpdateStateMachine ${TAGS}`,
    ),
  ],
  // Firehose, Step Functions and API Gateway hand logs over through the account's log delivery.
  'AWS::Logs::LogGroup': [
    grant(
      'logs',
      logGroup,
      `CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey ListTagsLogGroup ${TAGS}`,
    ),
    grant('logs', '*', 'DescribeLogGroups DescribeIndexPolicies DescribeResourcePolicies'),
  ],
  'AWS::Logs::LogStream': [grant('logs', logGroup, 'CreateLogStream DeleteLogStream DescribeLogStreams')],
  'AWS::Logs::ResourcePolicy': [grant('logs', '*', 'PutResourcePolicy DeleteResourcePolicy DescribeResourcePolicies')],
  'AWS::CloudWatch::Alarm': [
    grant('cloudwatch', 'cloudwatch:{here}:alarm:{stack}*', `PutMetricAlarm DeleteAlarms DescribeAlarms ${TAGS}`),
  ],
};

const identities: TypePermissions = {
  'AWS::IAM::Role': [
    grant(
      'iam',
      role,
      'CreateRole DeleteRole GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy AttachRolePolicy DetachRolePolicy PutRolePolicy DeleteRolePolicy GetRolePolicy ListRolePolicies ListAttachedRolePolicies TagRole UntagRole ListRoleTags PassRole',
    ),
  ],
  'AWS::IAM::Policy': [grant('iam', role, 'PutRolePolicy DeleteRolePolicy GetRolePolicy')],
  'AWS::IAM::ManagedPolicy': [
    grant(
      'iam',
      'iam::{account}:policy/{stack}*',
      'CreatePolicy DeletePolicy GetPolicy GetPolicyVersion ListPolicyVersions CreatePolicyVersion DeletePolicyVersion ListEntitiesForPolicy TagPolicy UntagPolicy',
    ),
    grant('iam', role, 'AttachRolePolicy DetachRolePolicy'),
  ],
  'AWS::IAM::InstanceProfile': [
    grant(
      'iam',
      'iam::{account}:instance-profile/{stack}*',
      'CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile AddRoleToInstanceProfile RemoveRoleFromInstanceProfile',
    ),
  ],
};

/** API Gateway has five actions, named for the methods of HTTP. */
const apis = [grant('apigateway', 'apigateway:{region}::/restapis*', 'GET POST PUT PATCH DELETE')];
const plans = [
  grant('apigateway', 'apigateway:{region}::/usageplans*', 'GET POST PUT PATCH DELETE'),
  grant('apigateway', 'apigateway:{region}::/apikeys*', 'GET POST PUT PATCH DELETE'),
];
const newer = [grant('apigateway', 'apigateway:{region}::/apis*', 'GET POST PUT PATCH DELETE')];
const restParts = [
  'RestApi',
  'Resource',
  'Method',
  'Deployment',
  'Stage',
  'Model',
  'RequestValidator',
  'GatewayResponse',
];
const newerParts = ['Api', 'Integration', 'Route', 'Stage', 'Deployment'];
const entries: TypePermissions = {
  ...Object.fromEntries(restParts.map((part) => [`AWS::ApiGateway::${part}`, apis])),
  ...Object.fromEntries(['UsagePlan', 'UsagePlanKey', 'ApiKey'].map((part) => [`AWS::ApiGateway::${part}`, plans])),
  ...Object.fromEntries(newerParts.map((part) => [`AWS::ApiGatewayV2::${part}`, newer])),
  'AWS::ApiGateway::Account': [grant('apigateway', 'apigateway:{region}::/account', 'GET PATCH')],
};

/** EC2 gives its resources their ids; the role is held to the Region by a condition. */
const ec2 = (names: string) => [
  grant('ec2', '*', `${names} CreateTags DeleteTags`),
  grant(
    'ec2',
    '*',
    'DescribeVpcs DescribeSubnets DescribeRouteTables DescribeSecurityGroups DescribeSecurityGroupRules DescribeVpcEndpoints DescribeAvailabilityZones DescribeNetworkInterfaces DescribeVpcAttribute DescribePrefixLists',
  ),
];
const service = 'ecs:{here}:service/{stack}*';
const clusters: TypePermissions = {
  'AWS::EC2::VPC': ec2('CreateVpc DeleteVpc ModifyVpcAttribute'),
  'AWS::EC2::Subnet': ec2('CreateSubnet DeleteSubnet ModifySubnetAttribute'),
  'AWS::EC2::RouteTable': ec2('CreateRouteTable DeleteRouteTable'),
  'AWS::EC2::SubnetRouteTableAssociation': ec2('AssociateRouteTable DisassociateRouteTable'),
  'AWS::EC2::SecurityGroup': ec2(
    'CreateSecurityGroup DeleteSecurityGroup AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress',
  ),
  'AWS::EC2::SecurityGroupIngress': ec2('AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress'),
  'AWS::EC2::SecurityGroupEgress': ec2('AuthorizeSecurityGroupEgress RevokeSecurityGroupEgress'),
  'AWS::EC2::VPCEndpoint': ec2('CreateVpcEndpoint ModifyVpcEndpoint DeleteVpcEndpoints'),
  'AWS::ECS::Cluster': [
    grant(
      'ecs',
      'ecs:{here}:cluster/{stack}*',
      `CreateCluster DeleteCluster DescribeClusters UpdateCluster UpdateClusterSettings PutClusterCapacityProviders ${TAGS}`,
    ),
  ],
  'AWS::ECS::TaskDefinition': [
    grant('ecs', 'ecs:{here}:task-definition/*', `DeleteTaskDefinitions ${TAGS}`),
    grant('ecs', '*', 'RegisterTaskDefinition DeregisterTaskDefinition DescribeTaskDefinition'),
  ],
  'AWS::ECS::Service': [
    grant(
      'ecs',
      service,
      `CreateService DeleteService DescribeServices UpdateService DescribeServiceDeployments ListServiceDeployments ${TAGS}`,
    ),
  ],
  'AWS::ApplicationAutoScaling::ScalableTarget': [
    grant(
      'application-autoscaling',
      'application-autoscaling:{here}:scalable-target/*',
      `RegisterScalableTarget DeregisterScalableTarget ${TAGS}`,
    ),
    grant('application-autoscaling', '*', 'DescribeScalableTargets'),
  ],
  'AWS::ApplicationAutoScaling::ScalingPolicy': [
    grant(
      'application-autoscaling',
      'application-autoscaling:{here}:scalable-target/*',
      'PutScalingPolicy DeleteScalingPolicy',
    ),
    grant('application-autoscaling', '*', 'DescribeScalingPolicies'),
  ],
  'AWS::EMR::Cluster': [
    grant('elasticmapreduce', '*', 'RunJobFlow'),
    grant(
      'elasticmapreduce',
      'elasticmapreduce:{here}:cluster/*',
      'DescribeCluster ListInstanceGroups ListInstanceFleets ModifyInstanceGroups ModifyInstanceFleet PutAutoScalingPolicy PutManagedScalingPolicy TerminateJobFlows AddTags RemoveTags',
    ),
  ],
  'AWS::EMRServerless::Application': [
    grant(
      'emr-serverless',
      'emr-serverless:{here}:/applications/*',
      `GetApplication UpdateApplication DeleteApplication StopApplication ${TAGS}`,
    ),
    grant('emr-serverless', 'emr-serverless:{here}:/', 'CreateApplication'),
  ],
  'AWS::KinesisAnalyticsV2::Application': [
    grant(
      'kinesisanalytics',
      'kinesisanalytics:{here}:application/{stack}*',
      `CreateApplication DeleteApplication DescribeApplication UpdateApplication StartApplication StopApplication ${TAGS}`,
    ),
  ],
};

export const computePermissions: TypePermissions = { ...code, ...identities, ...entries, ...clusters };
