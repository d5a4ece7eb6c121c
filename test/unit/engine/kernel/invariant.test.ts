import { describe, expect, it } from 'vitest';
import { fail, invariant } from '#engine/kernel/invariant.ts';

describe('invariant', () => {
  it('lets a true condition pass', () => {
    expect(() => invariant(true, 'never said')).not.toThrow();
  });

  it('fails with a plain Error that says what was expected', () => {
    expect(() => invariant(false, 'servers are never negative')).toThrow(
      new Error('invariant: servers are never negative'),
    );
    expect(() => fail('queue is broken')).toThrow('invariant: queue is broken');
  });
});
