import { describe, expect, it } from 'vitest';
import { withStandingCost } from '#cloud/deploy/standing-cost.ts';

const HOURS = 730;

/** What is said of one resource of a type with these properties. */
function left(
  Type: string,
  Properties: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
  region = 'us-east-1',
) {
  const remaining = [{ logicalId: 'A', physicalId: 'a', type: Type, why: 'failed' as const }];
  return withStandingCost(remaining, { Resources: { A: { Type, Properties }, ...more } }, region)[0];
}

describe('what is left of a deployment', () => {
  it('costs its hours, whether records come or not', () => {
    expect(left('AWS::Kinesis::Stream', { ShardCount: 4, RetentionPeriodHours: 24 })?.usdPerMonth).toBeCloseTo(
      4 * HOURS * 0.015,
      9,
    );
    expect(left('AWS::Kinesis::Stream', { ShardCount: 1, RetentionPeriodHours: 72 })?.usdPerMonth).toBeCloseTo(
      HOURS * (0.015 + 0.02),
      9,
    );
    expect(left('AWS::Kinesis::Stream', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } })?.usdPerMonth).toBeCloseTo(
      HOURS * 0.04,
      9,
    );
    const cache = { Engine: 'valkey', CacheNodeType: 'cache.r7g.large', NumNodeGroups: 2, ReplicasPerNodeGroup: 1 };
    expect(left('AWS::ElastiCache::ReplicationGroup', cache)?.usdPerMonth).toBeCloseTo(4 * HOURS * 0.1752, 9);
  });

  it('costs its nodes and volumes, or its tasks', () => {
    const domain = {
      ClusterConfig: { InstanceCount: 2, InstanceType: 'm6g.large.search' },
      EBSOptions: { VolumeType: 'gp3', VolumeSize: 100 },
    };
    expect(left('AWS::OpenSearchService::Domain', domain)?.usdPerMonth).toBeCloseTo(2 * HOURS * 0.128 + 200 * 0.122, 6);
    const task = { Type: 'AWS::ECS::TaskDefinition', Properties: { Cpu: '512', Memory: '1024' } };
    const service = { DesiredCount: 3, TaskDefinition: { Ref: 'Task' } };
    expect(left('AWS::ECS::Service', service, { Task: task })?.usdPerMonth).toBeCloseTo(
      3 * HOURS * (0.5 * 0.04048 + 0.004445),
      9,
    );
  });

  it('costs nothing while idle, or what is in it, and says which', () => {
    expect(left('AWS::SQS::Queue')).toMatchObject({ usdPerMonth: 0, costs: expect.stringContaining('costs nothing') });
    const logs = left('AWS::Logs::LogGroup');
    expect(logs?.costs).toContain('billed by their size');
    expect(logs).not.toHaveProperty('usdPerMonth');
    expect(left('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' })?.usdPerMonth).toBe(0);
    expect(left('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' })).not.toHaveProperty('usdPerMonth');
  });

  it('has no price where none is known: another Region, another type', () => {
    const far = left('AWS::Kinesis::Stream', { ShardCount: 4 }, {}, 'eu-west-1');
    expect(far).toMatchObject({ costs: 'is billed by the hour; no price of it is known in this Region' });
    expect(far).not.toHaveProperty('usdPerMonth');
    expect(left('AWS::Nope::Thing')?.costs).toBe('what it costs is not known here');
  });
});
