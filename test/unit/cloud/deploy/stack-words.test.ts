import { describe, expect, it } from 'vitest';
import { hasFailed } from '#cloud/deploy/stack-words.ts';

describe('the status of a stack', () => {
  it('says whether its last operation has failed, and not only that it has not ended', () => {
    for (const status of [
      'CREATE_COMPLETE',
      'UPDATE_COMPLETE',
      'CREATE_IN_PROGRESS',
      'ROLLBACK_IN_PROGRESS',
      'REVIEW_IN_PROGRESS',
    ])
      expect(hasFailed(status), status).toBe(false);
    for (const status of ['ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'DELETE_FAILED', 'CREATE_FAILED'])
      expect(hasFailed(status), status).toBe(true);
  });
});
