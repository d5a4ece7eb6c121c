import { describe, expect, it } from 'vitest';
import { outcomeOf } from '#cloud/deploy/outcome.ts';
import { ownersOf } from '#cloud/deploy/owners.ts';
import { isChanging, outcomeKind, statusWords } from '#cloud/deploy/stack-words.ts';
import type { StackStep } from '#schema/deployment-state.ts';

const stack = {
  StackName: 'demo',
  StackId: 'arn:demo',
  StackStatus: 'UPDATE_COMPLETE' as const,
  CreationTime: new Date(0),
  Outputs: [{ OutputKey: 'AtOrders', OutputValue: 'url' }],
};

function step(logicalId: string, status: string, physicalId: string): StackStep {
  const type = 'AWS::SQS::Queue';
  return { id: logicalId + status, at: '', logicalId, physicalId, type, status, isStack: false };
}

describe('outcomeOf', () => {
  it('tells what an update made anew, by its name before and after', () => {
    const before = [
      { logicalId: 'A', physicalId: 'a-1', type: 'AWS::SQS::Queue', status: 'CREATE_COMPLETE', owner: 'orders' },
      { logicalId: 'B', physicalId: 'b-1', type: 'AWS::SQS::Queue', status: 'CREATE_COMPLETE' },
    ];
    const steps = [
      step('A', 'UPDATE_COMPLETE', 'a-2'),
      step('B', 'UPDATE_COMPLETE', 'b-1'),
      step('C', 'CREATE_COMPLETE', 'c'),
    ];
    const outcome = outcomeOf({ stack, steps }, before);
    expect(outcome).toMatchObject({ kind: 'done', text: 'updated', outputs: { AtOrders: 'url' }, failures: [] });
    expect(outcome.replaced).toEqual([
      { logicalId: 'A', type: 'AWS::SQS::Queue', owner: 'orders', from: 'a-1', to: 'a-2' },
    ]);
  });

  it('tells what a deletion has left, by the last step of each resource', () => {
    const steps = [
      step('A', 'DELETE_FAILED', 'a'),
      step('B', 'DELETE_SKIPPED', 'b'),
      step('C', 'DELETE_FAILED', 'c'),
      step('C', 'DELETE_COMPLETE', 'c'),
    ];
    const outcome = outcomeOf({ stack: { ...stack, StackStatus: 'DELETE_FAILED' }, steps });
    expect(outcome.remaining.map(({ logicalId, why }) => [logicalId, why])).toEqual([
      ['A', 'failed'],
      ['B', 'kept'],
    ]);
    expect(outcome.remedy).toContain('--keep');
  });
});

describe('statusWords', () => {
  it('says what can be done where nothing goes on by itself', () => {
    for (const status of ['ROLLBACK_COMPLETE', 'DELETE_FAILED', 'UPDATE_ROLLBACK_FAILED', 'ROLLBACK_FAILED']) {
      expect(statusWords(status, 'demo').remedy).toBeTruthy();
    }
    expect(statusWords('UPDATE_ROLLBACK_FAILED', 'demo').remedy).toContain('--stack-name demo');
    expect(statusWords('CREATE_COMPLETE', 'demo')).toEqual({ text: 'deployed' });
    expect(statusWords('SOMETHING_NEW', 'demo')).toEqual({ text: 'something new' });
  });

  it('tells what is at work from what has ended', () => {
    expect(isChanging('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS')).toBe(true);
    expect(isChanging('REVIEW_IN_PROGRESS')).toBe(false);
    expect(outcomeKind('UPDATE_ROLLBACK_COMPLETE')).toBe('rolled-back');
    expect(outcomeKind('DELETE_FAILED')).toBe('failed');
  });
});

describe('ownersOf', () => {
  it('reads from a template which node each resource belongs to', () => {
    const owners = ownersOf({ Metadata: { 'caudal:resources': { orders: ['Q', 'P'], poll: ['M'] } } });
    expect([...owners]).toEqual([
      ['Q', 'orders'],
      ['P', 'orders'],
      ['M', 'poll'],
    ]);
    expect(ownersOf({}).size).toBe(0);
  });
});
