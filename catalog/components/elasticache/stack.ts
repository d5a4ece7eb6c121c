/**
 * A cache, built from nodes or serverless, in private subnets. It is encrypted at rest and over TLS, has no password, and takes
 * connections only from the security groups of the functions that are linked to it.
 */
import { Names, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnSecurityGroup, type ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  CfnParameterGroup,
  CfnReplicationGroup,
  CfnServerlessCache,
  CfnSubnetGroup,
} from 'aws-cdk-lib/aws-elasticache';
import type { Construct } from 'constructs';
import type { Built, StackContext, StackFacet } from '#catalog/models/deployment/stack.ts';
import type { Config } from './config.ts';

export const stack: StackFacet<Config> = { build };

const PORT = 6379;
/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html (read 2026-11-21) */
const ENGINES = {
  valkey: { version: '8.0', major: '8', family: 'valkey8' },
  redis: { version: '7.1', major: '7', family: 'redis7' },
} as const;

interface Endpoint {
  readonly host: string;
  readonly port: string;
  readonly arn: string;
}

function build(context: StackContext<Config>): Built {
  const { scope, node, config, network, note } = context;
  const sources: ISecurityGroup[] = [];
  const door = new CfnSecurityGroup(scope, 'Door', {
    groupDescription: 'Cache: commands of the functions that are linked to it',
    vpcId: network().vpc.vpcId,
  });
  const subnetIds = network()
    .privateSubnets()
    .map(({ subnetId }) => subnetId);
  const make = config.deployment === 'serverless' ? serverless : nodeBased;
  const { host, port, arn } = make(scope, config, subnetIds, door);
  note(
    'The cache has no password: only functions that are linked to it are let in, over TLS, inside a private network.',
  );
  return {
    node,
    receivers: {
      commands: {
        address: `rediss://${host}:${port}`,
        arn,
        way: { kind: 'group', admit: (group) => void sources.push(group) },
        grantSend: () => undefined,
      },
    },
    finish: () => {
      door.securityGroupIngress = sources.map((group) => ({
        ipProtocol: 'tcp',
        fromPort: PORT,
        toPort: PORT + (config.deployment === 'serverless' ? 1 : 0),
        sourceSecurityGroupId: group.securityGroupId,
        description: 'commands',
      }));
    },
  };
}

function nodeBased(scope: Construct, config: Config, subnetIds: string[], door: CfnSecurityGroup): Endpoint {
  const { version, family } = ENGINES[config.engine];
  const isCluster = config.numNodeGroups > 1;
  const parameters = new CfnParameterGroup(scope, 'Parameters', {
    cacheParameterGroupFamily: family,
    description: 'Memory of the cache',
    properties: {
      'cluster-enabled': isCluster ? 'yes' : 'no',
      'maxmemory-policy': config.maxmemoryPolicy,
      'reserved-memory-percent': String(config.reservedMemoryPercent),
    },
  });
  const subnets = new CfnSubnetGroup(scope, 'Subnets', { description: 'Private subnets of the cache', subnetIds });
  const group = new CfnReplicationGroup(scope, 'Cache', {
    replicationGroupDescription: 'Cache of a deployed pipeline',
    engine: config.engine,
    engineVersion: version,
    cacheNodeType: config.cacheNodeType,
    numNodeGroups: config.numNodeGroups,
    replicasPerNodeGroup: config.replicasPerNodeGroup,
    automaticFailoverEnabled: isCluster || config.replicasPerNodeGroup > 0,
    multiAzEnabled: config.replicasPerNodeGroup > 0,
    cacheParameterGroupName: parameters.ref,
    cacheSubnetGroupName: subnets.ref,
    securityGroupIds: [door.attrGroupId],
    atRestEncryptionEnabled: true,
    transitEncryptionEnabled: true,
    transitEncryptionMode: 'required',
    port: PORT,
    snapshotRetentionLimit: 0,
  });
  group.applyRemovalPolicy(RemovalPolicy.DESTROY);
  acknowledge(group);
  return {
    host: isCluster ? group.attrConfigurationEndPointAddress : group.attrPrimaryEndPointAddress,
    port: isCluster ? group.attrConfigurationEndPointPort : group.attrPrimaryEndPointPort,
    arn: group.ref,
  };
}

function acknowledge(group: CfnReplicationGroup): void {
  const reasons: Readonly<Record<string, string>> = {
    AEC4: 'Without replicas there is nothing to fail over to; with them several zones are on.',
    AEC5: 'The port says nothing to anybody who is not let in by the security group.',
    AEC6: 'A password would stand in the template or be read by code; the security group lets in only functions that are linked.',
  };
  for (const [id, reason] of Object.entries(reasons))
    Validations.of(group).acknowledge({ id: `AwsSolutions-${id}`, reason });
}

function serverless(scope: Construct, config: Config, subnetIds: string[], door: CfnSecurityGroup): Endpoint {
  const { minimumEcpuPerSecond: minimum, maximumEcpuPerSecond: maximum } = config;
  const cache = new CfnServerlessCache(scope, 'Cache', {
    // Names begin with a letter and have 40 characters at most, no capital among them.
    serverlessCacheName: `c${Names.uniqueResourceName(scope, { maxLength: 39, separator: '-' }).toLowerCase()}`,
    engine: config.engine,
    majorEngineVersion: ENGINES[config.engine].major,
    cacheUsageLimits: {
      dataStorage: { maximum: Math.ceil(config.maximumDataStorageGB), unit: 'GB' },
      ecpuPerSecond: { maximum, ...(minimum > 0 ? { minimum: Math.max(1000, minimum) } : {}) },
    },
    securityGroupIds: [door.attrGroupId],
    subnetIds,
    snapshotRetentionLimit: 0,
  });
  cache.applyRemovalPolicy(RemovalPolicy.DESTROY);
  return { host: cache.attrEndpointAddress, port: cache.attrEndpointPort, arn: cache.attrArn };
}
