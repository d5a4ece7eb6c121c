/** A plan in words. */
import type { ChangeKind, DeploymentPlan, GuardStatus, PlannedChange, QuotaCheck } from '#schema/deployment-plan.ts';

export const changeWords: Readonly<Record<ChangeKind, string>> = {
  add: 'add',
  change: 'change',
  replace: 'replace',
  'may-replace': 'change or replace',
  remove: 'remove',
};

/** `A new stack: 14 to add.` */
export function planHeadline({ kind, changes }: Pick<DeploymentPlan, 'kind' | 'changes'>): string {
  if (kind === 'none') return 'Nothing would change: the stack is as the design says.';
  const counts = (Object.keys(changeWords) as ChangeKind[]).flatMap((of) => {
    const count = changes.filter((change) => change.kind === of).length;
    return count === 0 ? [] : [`${count} to ${changeWords[of]}`];
  });
  return `${kind === 'create' ? 'A new stack' : 'A change of the stack'}: ${counts.join(', ')}.`;
}

/** What becomes of what a resource holds; empty where nothing of note does. */
export function fateWords({ losesData, keepsOld }: Pick<PlannedChange, 'losesData' | 'keepsOld'>): string {
  if (losesData) return 'loses its data';
  return keepsOld ? 'the old one stays, and goes on costing' : '';
}

/** What loses data first, then what is replaced, removed and changed, then what is new. */
export function sortedChanges(changes: readonly PlannedChange[]): readonly PlannedChange[] {
  const order: readonly ChangeKind[] = ['replace', 'may-replace', 'remove', 'change', 'add'];
  return changes.toSorted(
    (a, b) => Number(b.losesData) - Number(a.losesData) || order.indexOf(a.kind) - order.indexOf(b.kind),
  );
}

export function guardWords({ name, state }: GuardStatus): string {
  switch (state) {
    case 'absent':
      return `The guard stack ${name} is made first: it holds the role that the stack is made with, and the schedule that deletes the stack at its expiry, even if this machine is off.`;
    case 'outdated':
      return `The guard stack ${name} is there and is brought up to date first.`;
    case 'current':
      return `The guard stack ${name} is there: it deletes the stack at its expiry, even if this machine is off.`;
  }
}

export const quotaSource: Readonly<Record<QuotaCheck['from'], string>> = {
  account: 'your account',
  document: 'the design',
  default: "AWS's default",
};
