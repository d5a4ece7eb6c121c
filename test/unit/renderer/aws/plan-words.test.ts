import { describe, expect, it } from 'vitest';
import { fateWords, planHeadline, sortedChanges } from '#renderer/aws/plan-words.ts';
import type { PlannedChange } from '#schema/deployment-plan.ts';

function change(kind: PlannedChange['kind'], id: string, losesData = false): PlannedChange {
  return { kind, id, type: 'AWS::SQS::Queue', owner: null, properties: [], losesData, keepsOld: false };
}

describe('a plan in words', () => {
  it('counts what it would do', () => {
    const changes = [change('add', 'a'), change('add', 'b'), change('replace', 'c'), change('may-replace', 'd')];
    expect(planHeadline({ kind: 'create', changes: changes.slice(0, 2) })).toBe('A new stack: 2 to add.');
    expect(planHeadline({ kind: 'update', changes })).toBe(
      'A change of the stack: 2 to add, 1 to replace, 1 to change or replace.',
    );
    expect(planHeadline({ kind: 'none', changes: [] })).toBe('Nothing would change: the stack is as the design says.');
  });

  it('puts what loses data before everything else', () => {
    const changes = [
      change('add', 'new'),
      change('change', 'other'),
      change('remove', 'lost', true),
      change('replace', 'made'),
    ];
    expect(sortedChanges(changes).map(({ id }) => id)).toEqual(['lost', 'made', 'other', 'new']);
    expect(changes[0]?.id).toBe('new');
  });

  it('says what becomes of the data', () => {
    expect(fateWords({ losesData: true, keepsOld: false })).toBe('loses its data');
    expect(fateWords({ losesData: false, keepsOld: true })).toContain('goes on costing');
    expect(fateWords({ losesData: false, keepsOld: false })).toBe('');
  });
});
