/**
 * What a resource costs a month by being there, with nothing passing through it: for what a deletion leaves. By its CloudFormation
 * type and the properties that the template gives it. Requests, data and messages come on top.
 */
import { hoursPerMonth, priceOf } from '#catalog/pricing/arithmetic.ts';
import { ratedRegions, type RateTable, rateTable } from '#catalog/pricing/rates.ts';
import type { Remaining } from '#schema/deployment-state.ts';

type Properties = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, { readonly Type?: string; readonly Properties?: Properties }>>;

/** A charge by the month: a rate, and how much of it. */
interface Charge {
  readonly rateId: string;
  readonly quantity: number;
}

/** Charges, none where nothing is billed while idle; a sentence: what it depends on. */
type Standing = readonly Charge[] | string;

const FREE: ReadonlySet<string> = new Set([
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::ECS::Cluster',
  'AWS::ECS::TaskDefinition',
  'AWS::ElastiCache::ParameterGroup',
  'AWS::ElastiCache::SubnetGroup',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::Logs::LogStream',
  'AWS::Logs::ResourcePolicy',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
]);

const BY_TYPE: Readonly<Record<string, (properties: Properties, resources: Resources) => Standing>> = {
  'AWS::Kinesis::Stream': (properties) =>
    at(properties, 'StreamModeDetails', 'StreamMode') === 'ON_DEMAND'
      ? [{ rateId: 'kinesis-data-streams/on-demand-stream-hour', quantity: hoursPerMonth }]
      : stream(Number(properties['ShardCount'] ?? 1), Number(properties['RetentionPeriodHours'] ?? 24)),
  'AWS::Kinesis::StreamConsumer': () => 'each open shard of its stream is billed by the hour for it',
  'AWS::ElastiCache::ReplicationGroup': (properties) => {
    const nodes = Number(properties['NumNodeGroups'] ?? 1) * (1 + Number(properties['ReplicasPerNodeGroup'] ?? 0));
    const rateId = `elasticache/${String(properties['Engine'])}/${String(properties['CacheNodeType'])}`;
    return [{ rateId, quantity: nodes * hoursPerMonth }];
  },
  'AWS::ElastiCache::ServerlessCache': () => 'what it stores is billed by the hour, and a least size when it is empty',
  'AWS::OpenSearchService::Domain': domain,
  'AWS::ECS::Service': service,
  'AWS::EC2::VPCEndpoint': ({ VpcEndpointType }) =>
    VpcEndpointType === 'Interface' ? 'each Availability Zone that it stands in is billed by the hour' : [],
  'AWS::EC2::NatGateway': () => 'it is billed by the hour',
  'AWS::EC2::EIP': () => 'a public address is billed by the hour',
  'AWS::Logs::LogGroup': () => 'the logs in it are billed by their size until they expire',
  'AWS::S3::Bucket': () => 'the objects in it are billed by their size',
  'AWS::KMS::Key': () => [{ rateId: 'kms/customer-managed-key', quantity: 1 }],
};

function stream(shards: number, retentionHours: number): Charge[] {
  const quantity = shards * hoursPerMonth;
  const kept = { rateId: 'kinesis-data-streams/provisioned-extended-retention-shard-hour', quantity };
  return [{ rateId: 'kinesis-data-streams/provisioned-shard-hour', quantity }, ...(retentionHours > 24 ? [kept] : [])];
}

function domain(properties: Properties): Standing {
  const nodes = Number(at(properties, 'ClusterConfig', 'InstanceCount') ?? 1);
  const instance = (type: unknown): string => `opensearch/instance/${String(type)}`;
  const volume = { rateId: `opensearch/storage-${String(at(properties, 'EBSOptions', 'VolumeType') ?? 'gp2')}` };
  const masters = Number(at(properties, 'ClusterConfig', 'DedicatedMasterCount') ?? 0);
  const master = instance(at(properties, 'ClusterConfig', 'DedicatedMasterType'));
  return [
    { rateId: instance(at(properties, 'ClusterConfig', 'InstanceType')), quantity: nodes * hoursPerMonth },
    { ...volume, quantity: nodes * Number(at(properties, 'EBSOptions', 'VolumeSize') ?? 0) },
    ...(masters > 0 ? [{ rateId: master, quantity: masters * hoursPerMonth }] : []),
  ];
}

/** Tasks that run on Fargate. */
function service(properties: Properties, resources: Resources): Standing {
  const definition = resources[String(at(properties, 'TaskDefinition', 'Ref'))]?.Properties;
  if (definition === undefined) return 'its tasks are billed by the second while they run';
  const hours = Number(properties['DesiredCount'] ?? 1) * hoursPerMonth;
  const arch = at(definition, 'RuntimePlatform', 'CpuArchitecture') === 'ARM64' ? 'arm' : 'x86';
  return [
    { rateId: `fargate/vcpu-${arch}`, quantity: (hours * Number(definition['Cpu'])) / 1024 },
    { rateId: `fargate/memory-${arch}`, quantity: (hours * Number(definition['Memory'])) / 1024 },
  ];
}

function at(properties: Properties, name: string, inner: string): unknown {
  return (properties[name] as Properties | undefined)?.[inner];
}

/** What is left, each with what it costs a month as it stands. `template`: of the stack that was deleted. */
export function withStandingCost(
  remaining: readonly Remaining[],
  template: Readonly<Record<string, unknown>>,
  region: string,
): Remaining[] {
  const resources = (template['Resources'] ?? {}) as Resources;
  const rates = ratedRegions.includes(region) ? rateTable(region) : undefined;
  return remaining.map((one) => ({ ...one, ...standingCost(one, resources, rates) }));
}

function standingCost(
  { type, logicalId }: Remaining,
  resources: Resources,
  rates: RateTable | undefined,
): Pick<Remaining, 'usdPerMonth' | 'costs'> {
  const standing = FREE.has(type)
    ? []
    : (BY_TYPE[type]?.(resources[logicalId]?.Properties ?? {}, resources) ?? 'what it costs is not known here');
  if (typeof standing === 'string') return { costs: standing };
  if (standing.length === 0) return { usdPerMonth: 0, costs: 'costs nothing while nothing passes through it' };
  const isRated = rates !== undefined && standing.every(({ rateId }) => rates.has(rateId));
  if (!isRated) return { costs: 'is billed by the hour; no price of it is known in this Region' };
  const usdPerMonth = standing.reduce((sum, { rateId, quantity }) => sum + priceOf(rates, rateId, quantity).usd, 0);
  return { usdPerMonth, costs: 'is billed by the hour, also while nothing passes through it' };
}
