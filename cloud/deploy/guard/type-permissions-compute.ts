/** Permissions for code, identities, logs, workflows, entry points and clusters; see `type-permissions.ts`. */
import { grant, serviceLinked, type TypePermissions } from './grant.ts';

const fn = 'lambda:{here}:function:{stack}*';
const role = 'iam::{account}:role/{stack}*';
const logGroup = 'logs:{here}:log-group:{stack}*';
const TAGS = 'TagResource UntagResource ListTagsForResource';

const code: TypePermissions = {
  'AWS::Lambda::Function': [
    grant(
      fn,
      'lambda: CreateFunction DeleteFunction GetFunction GetFunctionConfiguration GetFunctionCodeSigningConfig GetFunctionRecursionConfig GetRuntimeManagementConfig UpdateFunctionCode UpdateFunctionConfiguration PutFunctionConcurrency DeleteFunctionConcurrency PublishVersion TagResource UntagResource ListTags',
    ),
  ],
  'AWS::Lambda::Version': [
    grant(
      fn,
      'lambda: PublishVersion GetFunction GetFunctionConfiguration DeleteFunction PutProvisionedConcurrencyConfig GetProvisionedConcurrencyConfig DeleteProvisionedConcurrencyConfig ListVersionsByFunction',
    ),
  ],
  'AWS::Lambda::Alias': [
    grant(
      fn,
      'lambda: CreateAlias DeleteAlias GetAlias UpdateAlias PutProvisionedConcurrencyConfig GetProvisionedConcurrencyConfig DeleteProvisionedConcurrencyConfig',
    ),
  ],
  'AWS::Lambda::Permission': [grant(fn, 'lambda: AddPermission RemovePermission GetPolicy')],
  'AWS::Lambda::Url': [
    grant(fn, 'lambda: CreateFunctionUrlConfig DeleteFunctionUrlConfig GetFunctionUrlConfig UpdateFunctionUrlConfig'),
  ],
  'AWS::Lambda::EventInvokeConfig': [
    grant(
      fn,
      'lambda: PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig GetFunctionEventInvokeConfig',
    ),
  ],
  // Lambda gives mappings their ids.
  'AWS::Lambda::EventSourceMapping': [
    grant(
      'lambda:{here}:event-source-mapping:*',
      'lambda: GetEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping TagResource UntagResource ListTags',
    ),
    grant('*', 'lambda: CreateEventSourceMapping'),
  ],
  'AWS::StepFunctions::StateMachine': [
    grant(
      'states:{here}:stateMachine:{stack}*',
      `states: CreateStateMachine DeleteStateMachine DescribeStateMachine UpdateStateMachine ${TAGS}`,
    ),
  ],
  // Firehose, Step Functions and API Gateway hand logs over through the account's log delivery.
  'AWS::Logs::LogGroup': [
    grant(
      logGroup,
      `logs: CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey ListTagsLogGroup ${TAGS}`,
    ),
    grant('*', 'logs: DescribeLogGroups DescribeIndexPolicies DescribeResourcePolicies'),
  ],
  'AWS::Logs::LogStream': [grant(logGroup, 'logs: CreateLogStream DeleteLogStream DescribeLogStreams')],
  'AWS::Logs::ResourcePolicy': [grant('*', 'logs: PutResourcePolicy DeleteResourcePolicy DescribeResourcePolicies')],
  'AWS::CloudWatch::Alarm': [
    grant('cloudwatch:{here}:alarm:{stack}*', `cloudwatch: PutMetricAlarm DeleteAlarms DescribeAlarms ${TAGS}`),
  ],
};

const identities: TypePermissions = {
  'AWS::IAM::Role': [
    grant(
      role,
      'iam: CreateRole DeleteRole GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy AttachRolePolicy DetachRolePolicy PutRolePolicy DeleteRolePolicy GetRolePolicy ListRolePolicies ListAttachedRolePolicies TagRole UntagRole ListRoleTags PassRole',
    ),
  ],
  'AWS::IAM::Policy': [grant(role, 'iam: PutRolePolicy DeleteRolePolicy GetRolePolicy')],
  'AWS::IAM::ManagedPolicy': [
    grant(
      'iam::{account}:policy/{stack}*',
      'iam: CreatePolicy DeletePolicy GetPolicy GetPolicyVersion ListPolicyVersions CreatePolicyVersion DeletePolicyVersion ListEntitiesForPolicy TagPolicy UntagPolicy',
    ),
    grant(role, 'iam: AttachRolePolicy DetachRolePolicy'),
  ],
  'AWS::IAM::InstanceProfile': [
    grant(
      'iam::{account}:instance-profile/{stack}*',
      'iam: CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile AddRoleToInstanceProfile RemoveRoleFromInstanceProfile',
    ),
  ],
};

/** API Gateway has five actions, named for the methods of HTTP. */
const apis = [grant('apigateway:{region}::/restapis*', 'apigateway: GET POST PUT PATCH DELETE')];
const plans = [
  grant('apigateway:{region}::/usageplans*', 'apigateway: GET POST PUT PATCH DELETE'),
  grant('apigateway:{region}::/apikeys*', 'apigateway: GET POST PUT PATCH DELETE'),
];
const newer = [grant('apigateway:{region}::/apis*', 'apigateway: GET POST PUT PATCH DELETE')];
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
  'AWS::ApiGateway::Account': [grant('apigateway:{region}::/account', 'apigateway: GET PATCH')],
};

/** EC2 gives its resources their ids; the role is held to the Region by a condition. */
const ec2 = (names: string) => [
  grant('*', `ec2: ${names} CreateTags DeleteTags`),
  grant(
    '*',
    'ec2: DescribeVpcs DescribeSubnets DescribeRouteTables DescribeSecurityGroups DescribeSecurityGroupRules DescribeVpcEndpoints DescribeAvailabilityZones DescribeNetworkInterfaces DescribeVpcAttribute DescribePrefixLists',
  ),
];
const service = 'ecs:{here}:service/{stack}*';
const clusters: TypePermissions = {
  'AWS::EC2::VPC': ec2('CreateVpc DeleteVpc ModifyVpcAttribute'),
  'AWS::EC2::Subnet': ec2('CreateSubnet DeleteSubnet ModifySubnetAttribute'),
  'AWS::EC2::RouteTable': ec2('CreateRouteTable DeleteRouteTable'),
  'AWS::EC2::Route': ec2('CreateRoute ReplaceRoute DeleteRoute'),
  'AWS::EC2::InternetGateway': ec2('CreateInternetGateway DeleteInternetGateway DescribeInternetGateways'),
  'AWS::EC2::VPCGatewayAttachment': ec2('AttachInternetGateway DetachInternetGateway DescribeInternetGateways'),
  'AWS::EC2::NatGateway': ec2('CreateNatGateway DeleteNatGateway DescribeNatGateways'),
  'AWS::EC2::EIP': ec2('AllocateAddress ReleaseAddress AssociateAddress DisassociateAddress DescribeAddresses'),
  'AWS::EC2::SubnetRouteTableAssociation': ec2('AssociateRouteTable DisassociateRouteTable'),
  'AWS::EC2::SecurityGroup': ec2(
    'CreateSecurityGroup DeleteSecurityGroup AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress',
  ),
  'AWS::EC2::SecurityGroupIngress': ec2('AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress'),
  'AWS::EC2::SecurityGroupEgress': ec2('AuthorizeSecurityGroupEgress RevokeSecurityGroupEgress'),
  'AWS::EC2::VPCEndpoint': ec2('CreateVpcEndpoint ModifyVpcEndpoint DeleteVpcEndpoints'),
  'AWS::ECS::Cluster': [
    serviceLinked,
    grant(
      'ecs:{here}:cluster/{stack}*',
      `ecs: CreateCluster DeleteCluster DescribeClusters UpdateCluster UpdateClusterSettings PutClusterCapacityProviders ${TAGS}`,
    ),
  ],
  'AWS::ECS::TaskDefinition': [
    grant('ecs:{here}:task-definition/*', `ecs: DeleteTaskDefinitions ${TAGS}`),
    grant('*', 'ecs: RegisterTaskDefinition DeregisterTaskDefinition DescribeTaskDefinition'),
  ],
  'AWS::ECS::Service': [
    serviceLinked,
    grant(
      service,
      `ecs: CreateService DeleteService DescribeServices UpdateService DescribeServiceDeployments ListServiceDeployments ${TAGS}`,
    ),
  ],
  'AWS::ApplicationAutoScaling::ScalableTarget': [
    serviceLinked,
    grant(
      'application-autoscaling:{here}:scalable-target/*',
      `application-autoscaling: RegisterScalableTarget DeregisterScalableTarget ${TAGS}`,
    ),
    grant('*', 'application-autoscaling: DescribeScalableTargets'),
  ],
  'AWS::ApplicationAutoScaling::ScalingPolicy': [
    grant(
      'application-autoscaling:{here}:scalable-target/*',
      'application-autoscaling: PutScalingPolicy DeleteScalingPolicy',
    ),
    grant('*', 'application-autoscaling: DescribeScalingPolicies'),
  ],
  'AWS::EMR::Cluster': [
    serviceLinked,
    grant('*', 'elasticmapreduce: RunJobFlow'),
    grant(
      'elasticmapreduce:{here}:cluster/*',
      'elasticmapreduce: DescribeCluster ListInstanceGroups ListInstanceFleets ModifyInstanceGroups ModifyInstanceFleet PutAutoScalingPolicy PutManagedScalingPolicy TerminateJobFlows AddTags RemoveTags',
    ),
  ],
  'AWS::EMRServerless::Application': [
    serviceLinked,
    grant(
      'emr-serverless:{here}:/applications/*',
      `emr-serverless: GetApplication UpdateApplication DeleteApplication StopApplication ${TAGS}`,
    ),
    grant('emr-serverless:{here}:/', 'emr-serverless: CreateApplication'),
  ],
  'AWS::KinesisAnalyticsV2::Application': [
    grant(
      'kinesisanalytics:{here}:application/{stack}*',
      `kinesisanalytics: CreateApplication DeleteApplication DescribeApplication UpdateApplication StartApplication StopApplication ${TAGS}`,
    ),
  ],
};

export const computePermissions: TypePermissions = { ...code, ...identities, ...entries, ...clusters };
