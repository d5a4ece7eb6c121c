/**
 * What CloudFormation's statuses mean, and what can be done in each.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html (read 2026-11-21)
 */

export interface StatusWords {
  readonly text: string;
  readonly remedy?: string;
}

const WORDS: Readonly<Record<string, StatusWords>> = {
  CREATE_COMPLETE: { text: 'deployed' },
  UPDATE_COMPLETE: { text: 'updated' },
  DELETE_COMPLETE: { text: 'deleted' },
  REVIEW_IN_PROGRESS: {
    text: 'planned, but never deployed: nothing exists yet',
    remedy: 'deploy it, or destroy it to take the name back',
  },
  ROLLBACK_COMPLETE: {
    text: 'the first deployment failed and was undone; AWS does not let such a stack be updated',
    remedy: 'destroy it (nothing of it is running), mend the cause, then deploy again',
  },
  ROLLBACK_FAILED: {
    text: 'the first deployment failed, and so did undoing it: parts of it still exist and cost money',
    remedy: 'destroy it; what cannot be deleted is named then',
  },
  CREATE_FAILED: {
    text: 'the first deployment failed and was left as it is: parts of it exist and cost money',
    remedy: 'destroy it, mend the cause, then deploy again',
  },
  UPDATE_FAILED: {
    text: 'an update failed and was left half-done',
    remedy: 'deploy a mended document, or destroy it',
  },
  UPDATE_ROLLBACK_COMPLETE: {
    text: 'an update failed and was undone: the deployment is as it was before',
    remedy: 'mend the cause, then deploy again',
  },
  UPDATE_ROLLBACK_FAILED: {
    text: 'an update failed, and so did undoing it: the deployment is neither as before nor as wanted',
    remedy:
      'mend what the failed resource names, then `aws cloudformation continue-update-rollback --stack-name NAME`; or destroy it',
  },
  DELETE_FAILED: {
    text: 'the deletion stopped: what is named below still exists and costs money',
    remedy: 'mend what is named, then destroy again; `--keep LOGICAL_ID` leaves a resource behind',
  },
  CREATE_IN_PROGRESS: { text: 'being created' },
  ROLLBACK_IN_PROGRESS: { text: 'the creation failed and is being undone' },
  UPDATE_IN_PROGRESS: { text: 'being updated' },
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: { text: 'updated; what is no longer needed is being removed' },
  UPDATE_ROLLBACK_IN_PROGRESS: { text: 'the update failed and is being undone' },
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: { text: 'the update was undone; what it had added is being removed' },
  DELETE_IN_PROGRESS: { text: 'being deleted' },
};

/** A status in words; CloudFormation's own where it is a new one. */
export function statusWords(status: string, stackName: string): StatusWords {
  const { text, remedy } = WORDS[status] ?? { text: status.toLowerCase().replaceAll('_', ' ') };
  return remedy === undefined ? { text } : { text, remedy: remedy.replaceAll('NAME', stackName) };
}

/** CloudFormation is at work, or will be when it is told to. */
export function isChanging(status: string): boolean {
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
}

/** The last operation has ended, and not as it was wanted. */
export function hasFailed(status: string): boolean {
  return !status.endsWith('_IN_PROGRESS') && outcomeKind(status) !== 'done';
}

/** The stack can take a change set that updates it. */
export function isUpdatable(status: string): boolean {
  return ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_FAILED'].includes(status);
}

/** How an operation ended whose stack is left in this status. */
export function outcomeKind(status: string): 'done' | 'rolled-back' | 'failed' {
  if (['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_COMPLETE'].includes(status)) return 'done';
  return ['ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'].includes(status) ? 'rolled-back' : 'failed';
}
