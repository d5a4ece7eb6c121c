import { describe, expect, it } from 'vitest';
import { guardName, guardTemplate, scheduleTime } from '#cloud/deploy/guard/guard-template.ts';
import {
  inPolicies,
  namePrefix,
  resourceTypes,
  roleStatements,
  unknownTypes,
} from '#cloud/deploy/guard/service-role.ts';
import { typePermissions } from '#cloud/deploy/guard/type-permissions.ts';

const main = { Resources: { Stream: { Type: 'AWS::Kinesis::Stream' }, Orders: { Type: 'AWS::SQS::Queue' } } };
const { Resources: resources } = guardTemplate('shop', main) as {
  Resources: Record<string, { Type: string; Condition?: string; Properties: Record<string, unknown> }>;
};

function propertiesOf(id: string): Record<string, unknown> {
  return resources[id]?.Properties ?? {};
}

describe('the guard stack', () => {
  it('deletes the main stack, and only that one, when its time is over', () => {
    expect(resources['Deletion']).toMatchObject({ Type: 'AWS::Scheduler::Schedule', Condition: 'Expires' });
    expect(propertiesOf('Deletion')).toMatchObject({
      ScheduleExpression: { 'Fn::Sub': 'at(${ExpiresAt})' },
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::Sub': 'arn:${AWS::Partition}:scheduler:::aws-sdk:cloudformation:deleteStack' },
        Input: '{"StackName":"shop"}',
      },
    });
    expect(propertiesOf('DeletionRole')['Policies']).toMatchObject([
      {
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Action: ['cloudformation:DeleteStack'],
              Resource: {
                'Fn::Sub': 'arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/shop/*',
              },
            },
          ],
        },
      },
    ]);
  });

  it('lets only the scheduler of this account take the role that deletes', () => {
    expect(propertiesOf('DeletionRole')['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    });
  });

  it('keeps templates private, encrypted and for a week', () => {
    expect(propertiesOf('Staging')).toMatchObject({
      BucketEncryption: {},
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 7 }] },
    });
  });

  it('is the same text whatever the expiry, so that only a change of types updates its roles', () => {
    const again = guardTemplate('shop', { Resources: { Q2: main.Resources.Orders, S2: main.Resources.Stream } });
    expect(JSON.stringify(again)).toBe(JSON.stringify(guardTemplate('shop', main)));
  });

  it('is named after the stack', () => {
    expect(guardName('shop')).toBe('shop-guard');
    expect(guardName('s'.repeat(122))).toHaveLength(128);
  });

  it('fails where the name of the stack leaves no room for its own', () => {
    expect(() => guardName('s'.repeat(123))).toThrow('[deploy/stack-name]');
  });

  it('writes the time of the schedule as EventBridge Scheduler takes it', () => {
    expect(scheduleTime('2026-12-01T01:30:00.000+01:00')).toBe('2026-12-01T00:30:00');
  });
});

describe('the role of the main stack', () => {
  it('may do what the types in the template need, on names that begin with the stack', () => {
    const statements = roleStatements(resourceTypes(main), 'shop');
    const queue = { 'Fn::Sub': 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:shop-*' };
    expect(statements).toContainEqual(
      expect.objectContaining({
        Resource: queue,
        Action: expect.arrayContaining(['sqs:CreateQueue', 'sqs:DeleteQueue']),
      }),
    );
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !/^(kinesis|sqs):/.test(action))).toEqual([]);
  });

  it('is never given a wildcard action, and everything only within its Region', () => {
    const statements = roleStatements(Object.keys(typePermissions), 'shop');
    expect(
      statements.flatMap(({ Action }) => Action).filter((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action)),
    ).toEqual([]);
    for (const { Resource, Condition } of statements) {
      if (Resource === '*')
        expect(Condition).toEqual({ StringEquals: { 'aws:RequestedRegion': { Ref: 'AWS::Region' } } });
    }
  });

  it('is spread over policies that are short enough for IAM, nothing lost', () => {
    const statements = roleStatements(Object.keys(typePermissions), 'a-name-of-more-than-twenty-four');
    const policies = inPolicies(statements);
    expect(policies.flat()).toEqual(statements);
    for (const policy of policies) expect(JSON.stringify(policy).length).toBeLessThan(6000);
    // IAM attaches ten to a role.
    expect(policies.length).toBeGreaterThan(1);
    expect(policies.length).toBeLessThanOrEqual(10);
  });

  it('is given to CloudFormation, with the policies attached', () => {
    expect(propertiesOf('ServiceRole')['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [{ Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
    expect(propertiesOf('ServicePolicy1')).toMatchObject({ Roles: [{ Ref: 'ServiceRole' }] });
    expect(resources['ServicePolicy2']).toBeUndefined();
  });

  it('may delete a bucket, but no object in it', () => {
    const actions = roleStatements(['AWS::S3::Bucket'], 'shop').flatMap(({ Action }) => Action);
    expect(actions).toContain('s3:DeleteBucket');
    expect(actions.filter((action) => /Object$|ObjectVersion$/.test(action))).toEqual([]);
  });

  it('knows how CloudFormation shortens names', () => {
    expect(namePrefix('shop')).toBe('shop-');
    expect(namePrefix('a-name-of-more-than-twenty-four')).toBe('a-name-of-more-than-twen');
  });

  it('names types that it has no permissions for', () => {
    expect(unknownTypes(['AWS::SQS::Queue', 'AWS::Moon::Base'])).toEqual(['AWS::Moon::Base']);
  });
});
