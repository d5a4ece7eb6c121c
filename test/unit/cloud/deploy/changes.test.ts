import type { Change } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { changesOf, templateChanges } from '#cloud/deploy/changes.ts';

const queue = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 } };
const bucket = { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
const role = { Type: 'AWS::IAM::Role' };
const owners = new Map([['Orders', 'orders']]);

function template(resources: object): Record<string, unknown> {
  return { Resources: resources };
}

function change(part: NonNullable<Change['ResourceChange']>): Change {
  return { Type: 'Resource', ResourceChange: part };
}

describe('changesOf', () => {
  it('says of each resource whose it is, what happens to it and which properties differ', () => {
    const context = { owners, before: template({ Orders: queue }), after: template({ Orders: queue, Role: role }) };
    const changes = changesOf(
      [
        change({ Action: 'Add', LogicalResourceId: 'Role', ResourceType: role.Type }),
        change({
          Action: 'Modify',
          LogicalResourceId: 'Orders',
          ResourceType: queue.Type,
          Replacement: 'False',
          Details: [
            { Target: { Attribute: 'Properties', Name: 'VisibilityTimeout' } },
            { Target: { Attribute: 'Tags' } },
            { Target: { Attribute: 'Properties', Name: 'VisibilityTimeout' } },
          ],
        }),
      ],
      context,
    );
    expect(changes).toEqual([
      {
        kind: 'change',
        id: 'Orders',
        type: 'AWS::SQS::Queue',
        owner: 'orders',
        properties: ['Tags', 'VisibilityTimeout'],
        losesData: false,
        keepsOld: false,
      },
      {
        kind: 'add',
        id: 'Role',
        type: 'AWS::IAM::Role',
        owner: null,
        properties: [],
        losesData: false,
        keepsOld: false,
      },
    ]);
  });

  it.each([
    ['Modify', 'True', undefined, 'replace', true, false],
    ['Modify', 'Conditional', undefined, 'may-replace', true, false],
    ['Remove', undefined, undefined, 'remove', true, false],
    ['Remove', undefined, 'Snapshot', 'remove', false, false],
    ['Modify', 'True', 'ReplaceAndRetain', 'replace', false, true],
    ['Modify', 'False', undefined, 'change', false, false],
  ] as const)(
    'of a queue: %s with replacement %s and policy %s is %s',
    (Action, Replacement, PolicyAction, kind, losesData, keepsOld) => {
      const context = { owners, before: template({ Orders: queue }), after: template({ Orders: queue }) };
      const part = { Action, Replacement, PolicyAction, LogicalResourceId: 'Orders', ResourceType: queue.Type };
      expect(changesOf([change(part)], context)).toMatchObject([{ kind, losesData, keepsOld }]);
    },
  );

  it('reads the policy from the templates where AWS does not say it', () => {
    const context = { owners, before: template({ Lake: bucket }), after: template({}) };
    const removed = change({ Action: 'Remove', LogicalResourceId: 'Lake', ResourceType: bucket.Type });
    expect(changesOf([removed], context)).toMatchObject([{ kind: 'remove', losesData: false, keepsOld: true }]);
  });

  it('takes no data from what holds none', () => {
    const context = { owners, before: template({ Role: role }), after: template({}) };
    const removed = change({ Action: 'Remove', LogicalResourceId: 'Role', ResourceType: role.Type });
    expect(changesOf([removed], context)).toMatchObject([{ losesData: false, keepsOld: false }]);
  });

  it('puts first what may hurt', () => {
    const context = { owners, before: template({}), after: template({}) };
    const of = (id: string, part: object) => change({ LogicalResourceId: id, ResourceType: role.Type, ...part });
    const changes = [
      of('a', { Action: 'Add' }),
      of('b', { Action: 'Modify', Replacement: 'False' }),
      of('c', { Action: 'Modify', Replacement: 'True' }),
      of('d', { Action: 'Remove' }),
    ];
    expect(changesOf(changes, context).map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
  });
});

describe('templateChanges', () => {
  it('compares without AWS', () => {
    const before = template({ Orders: queue, Lake: bucket, Role: role });
    const after = template({ Orders: { ...queue, Properties: { VisibilityTimeout: 60 } }, Role: role, New: role });
    expect(templateChanges({ owners, before, after }).map(({ id, kind }) => [id, kind])).toEqual([
      ['Lake', 'remove'],
      ['Orders', 'change'],
      ['New', 'add'],
    ]);
  });
});
