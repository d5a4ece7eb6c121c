import { describe, expect, it } from 'vitest';
import { validateDocument } from '#analysis/validate.ts';
import { components, connections } from '#catalog/specs.ts';
import { deployedMetrics } from '#cloud/observe/deployed-metrics.ts';
import { usageMetrics } from '#cloud/observe/usage-cost.ts';

const validated = validateDocument(
  {
    schemaVersion: 1,
    name: 'Measured',
    nodes: [
      { id: 'work', type: 'lambda' },
      { id: 'jobs', type: 'sqs' },
      { id: 'other', type: 'sqs' },
    ],
    edges: [],
    workloads: [],
  },
  { components, connections },
);
if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
const { document } = validated;
const STACK_ID = 'arn:aws:cloudformation:us-east-1:111122223333:stack/demo/1';
const resource = (owner: string, type: string, physicalId: string) => ({
  logicalId: owner,
  physicalId,
  type,
  status: 'CREATE_COMPLETE',
  owner,
});
const resources = [
  resource('jobs', 'AWS::SQS::Queue', 'https://sqs.us-east-1.amazonaws.com/111122223333/demo-jobs'),
  resource('work', 'AWS::Lambda::Function', 'demo-work'),
];

describe('metrics of what is deployed', () => {
  it('have the names of the resources as dimensions, and none of what is not deployed', () => {
    const found = deployedMetrics(document, resources, STACK_ID);
    const of = (node: string) => found.filter((one) => one.node === node).map(({ dimensions }) => dimensions);
    expect(new Set(of('jobs').map((one) => one['QueueName']))).toEqual(new Set(['demo-jobs']));
    expect(new Set(of('work').map((one) => one['FunctionName']))).toEqual(new Set(['demo-work']));
    expect(of('other')).toEqual([]);
  });

  it('that only bills need keep the whole path of a log group', () => {
    for (const name of ['/aws/lambda/demo-work', 'demo-workLogs-1A2B']) {
      const all = [...resources, resource('work', 'AWS::Logs::LogGroup', name)];
      const found = usageMetrics(document, all, STACK_ID);
      expect(found.map(({ node, declaration, dimensions }) => [node, declaration.namespace, dimensions])).toEqual([
        ['work', 'AWS/Logs', { LogGroupName: name }],
      ]);
    }
    expect(usageMetrics(document, resources, STACK_ID)).toEqual([]);
  });
});
