import { describe, expect, it } from 'vitest';
import { partStates, stateOf, type StateInput } from '#renderer/aws/node-states.ts';
import type { DeploymentPlan } from '#schema/deployment-plan.ts';
import type { StackOutcome, StackStep } from '#schema/deployment-state.ts';

let steps = 0;

function step(logicalId: string, status: string, owner?: string): StackStep {
  steps += 1;
  const isStack = logicalId === 'shop';
  return {
    id: String(steps),
    at: '2026-11-21T12:00:00Z',
    logicalId,
    type: isStack ? 'AWS::CloudFormation::Stack' : 'AWS::SQS::Queue',
    status,
    isStack,
    ...(owner === undefined ? {} : { owner }),
  };
}

const nothing: StateInput = {
  plan: undefined,
  steps: [],
  outcome: undefined,
  resources: [],
  drifted: new Set(),
  isBusy: false,
};

const plan = {
  changes: [
    { id: 'Queue', type: 'AWS::SQS::Queue', owner: 'orders', kind: 'add' },
    { id: 'Stream', type: 'AWS::Kinesis::Stream', owner: 'clicks', kind: 'add' },
    { id: 'Role', type: 'AWS::IAM::Role', owner: null, kind: 'add' },
  ],
  leftOut: [
    { kind: 'node', id: 'web-app', reason: 'a source', isDriven: true },
    { kind: 'node', id: 'back-end', reason: 'simulation only', isDriven: false },
  ],
} as unknown as DeploymentPlan;

function statesOf(input: Partial<StateInput>): Record<string, string> {
  return Object.fromEntries([...partStates({ ...nothing, ...input })].map(([id, { state }]) => [id, state]));
}

describe('the states of nodes in a deployment', () => {
  it('are those of what is there while nothing is done', () => {
    const resources = [
      { logicalId: 'Queue', physicalId: 'q', type: 'AWS::SQS::Queue', owner: 'orders', status: 'UPDATE_COMPLETE' },
      {
        logicalId: 'Stream',
        physicalId: 's',
        type: 'AWS::Kinesis::Stream',
        owner: 'clicks',
        status: 'CREATE_COMPLETE',
      },
      { logicalId: 'Role', physicalId: 'r', type: 'AWS::IAM::Role', status: 'CREATE_COMPLETE' },
    ];
    expect(statesOf({ resources })).toEqual({ orders: 'done', clicks: 'done' });
    expect(statesOf({ resources, drifted: new Set(['Stream']) })).toEqual({ orders: 'done', clicks: 'drifted' });
  });

  it('say of parts that are not deployed whether their load is sent from here', () => {
    expect(statesOf({ plan })).toEqual({ 'web-app': 'driven', 'back-end': 'absent' });
  });

  it('wait for their turn once AWS has begun, and not before', () => {
    const begun = [step('shop', 'CREATE_IN_PROGRESS')];
    expect(statesOf({ plan, isBusy: true })).not.toHaveProperty('orders');
    expect(statesOf({ plan, isBusy: true, steps: begun })).toMatchObject({ orders: 'waiting', clicks: 'waiting' });
    const creating = [...begun, step('Queue', 'CREATE_IN_PROGRESS', 'orders')];
    expect(statesOf({ plan, isBusy: true, steps: creating })).toMatchObject({ orders: 'creating', clicks: 'waiting' });
  });

  it('go on while some of the resources of a node still wait', () => {
    const two = {
      ...plan,
      changes: [...plan.changes, { id: 'Policy', type: 'AWS::SQS::QueuePolicy', owner: 'orders', kind: 'add' }],
    } as DeploymentPlan;
    const found = partStates({
      ...nothing,
      plan: two,
      isBusy: true,
      steps: [step('shop', 'CREATE_IN_PROGRESS'), step('Queue', 'CREATE_COMPLETE', 'orders')],
    });
    expect(found.get('orders')?.state).toBe('updating');
    expect(found.get('orders')?.resources.map(({ state }) => state)).toEqual(['done', 'waiting']);
  });

  it('keep what failed apart from what is only taken back because of it', () => {
    const all = [
      step('shop', 'CREATE_IN_PROGRESS'),
      step('Queue', 'CREATE_COMPLETE', 'orders'),
      step('Stream', 'CREATE_FAILED', 'clicks'),
      step('shop', 'ROLLBACK_IN_PROGRESS'),
      step('Stream', 'DELETE_COMPLETE', 'clicks'),
      step('Queue', 'DELETE_IN_PROGRESS', 'orders'),
    ];
    expect(statesOf({ steps: all })).toEqual({ orders: 'undoing', clicks: 'failed' });
    const ended = [...all, step('Queue', 'DELETE_COMPLETE', 'orders'), step('shop', 'ROLLBACK_COMPLETE')];
    expect(statesOf({ steps: ended })).toEqual({ orders: 'undone', clicks: 'failed' });
  });

  it('say at the node what failed and what to do', () => {
    const outcome = {
      failures: [
        {
          logicalId: 'Stream',
          type: 't',
          owner: 'clicks',
          reason: 'r',
          text: 'a quota is used up',
          remedy: 'ask for more',
        },
      ],
    } as unknown as StackOutcome;
    const found = partStates({ ...nothing, steps: [step('Stream', 'CREATE_FAILED', 'clicks')], outcome });
    expect(found.get('clicks')).toMatchObject({ state: 'failed', words: 'a quota is used up: ask for more' });
  });

  it('follow a deletion to its end, kept ones apart', () => {
    const all = [
      step('shop', 'DELETE_IN_PROGRESS'),
      step('Queue', 'DELETE_COMPLETE', 'orders'),
      step('Bucket', 'DELETE_SKIPPED', 'lake'),
      step('Stream', 'DELETE_FAILED', 'clicks'),
    ];
    expect(statesOf({ steps: all })).toEqual({ orders: 'deleted', lake: 'kept', clicks: 'failed' });
  });

  it('of each status of CloudFormation', () => {
    const states = Object.fromEntries(
      [
        'CREATE_IN_PROGRESS',
        'UPDATE_IN_PROGRESS',
        'DELETE_IN_PROGRESS',
        'UPDATE_ROLLBACK_IN_PROGRESS',
        'CREATE_COMPLETE',
        'UPDATE_COMPLETE',
        'DELETE_COMPLETE',
        'UPDATE_ROLLBACK_COMPLETE',
        'UPDATE_FAILED',
        'DELETE_SKIPPED',
      ].map((status) => [status, stateOf(status, false)]),
    );
    expect(states).toEqual({
      CREATE_IN_PROGRESS: 'creating',
      UPDATE_IN_PROGRESS: 'updating',
      DELETE_IN_PROGRESS: 'deleting',
      UPDATE_ROLLBACK_IN_PROGRESS: 'undoing',
      CREATE_COMPLETE: 'done',
      UPDATE_COMPLETE: 'done',
      DELETE_COMPLETE: 'deleted',
      UPDATE_ROLLBACK_COMPLETE: 'undone',
      UPDATE_FAILED: 'failed',
      DELETE_SKIPPED: 'kept',
    });
  });
});
