/** What came of an operation that has ended, in words. */
import type { Replaced, Remaining, StackOutcome, StackResourceView, StackStep } from '#schema/deployment-state.ts';
import { failuresOf } from './failure-words.ts';
import type { Ended } from './follow.ts';
import { outputsOf } from './stack-state.ts';
import { outcomeKind, statusWords } from './stack-words.ts';

/** `before`: the resources before the operation, by which one sees what was made anew. */
export function outcomeOf({ stack, steps }: Ended, before: readonly StackResourceView[] = []): StackOutcome {
  const status = stack.StackStatus ?? '';
  const stackName = stack.StackName ?? '';
  const kind = outcomeKind(status);
  return {
    stackName,
    stackId: stack.StackId ?? '',
    status,
    kind,
    ...statusWords(status, stackName),
    failures: kind === 'done' ? [] : failuresOf(steps),
    outputs: outputsOf(stack),
    replaced: kind === 'done' ? replacedIn(steps, before) : [],
    remaining: remainingOf(steps),
  };
}

/** Resources that have another physical id at the end of an update than before it. */
function replacedIn(steps: readonly StackStep[], before: readonly StackResourceView[]): Replaced[] {
  const ids = new Map(
    steps
      .filter(({ status, physicalId }) => /^(CREATE|UPDATE)_COMPLETE$/.test(status) && physicalId !== undefined)
      .map(({ logicalId, physicalId = '' }) => [logicalId, physicalId]),
  );
  return before.flatMap(({ logicalId, type, owner, physicalId }) => {
    const now = ids.get(logicalId);
    if (now === undefined || now === physicalId) return [];
    return [{ logicalId, type, ...(owner === undefined ? {} : { owner }), from: physicalId, to: now }];
  });
}

/** What a deletion has left: what the template keeps, and what could not be deleted. By the last step of each resource. */
function remainingOf(steps: readonly StackStep[]): Remaining[] {
  const last = new Map(steps.filter(({ isStack }) => !isStack).map((step) => [step.logicalId, step]));
  return [...last.values()].flatMap(({ logicalId, type, owner, physicalId = '', status }) => {
    const why = status === 'DELETE_SKIPPED' ? 'kept' : status === 'DELETE_FAILED' ? 'failed' : undefined;
    if (why === undefined) return [];
    return [{ logicalId, physicalId, type, ...(owner === undefined ? {} : { owner }), why } as const];
  });
}
