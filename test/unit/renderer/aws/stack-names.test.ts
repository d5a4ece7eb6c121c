import { describe, expect, it } from 'vitest';
import { splitGuards, stackNameFault } from '#renderer/aws/stack-names.ts';

describe('stack names', () => {
  it('are what CloudFormation takes', () => {
    expect(stackNameFault('shop-test-2')).toBeUndefined();
    expect(stackNameFault(' shop ')).toBeUndefined();
    expect(stackNameFault('  ')).toBe('Give the stack a name.');
    for (const name of ['2-shop', 'shop_test', 'shop test', 'x'.repeat(129)])
      expect(stackNameFault(name)).toContain('letters');
    expect(stackNameFault('shop-guard')).toContain('guard stacks');
  });

  it('tell guard stacks from deployments, and those whose deployment is gone from the others', () => {
    const all = ['shop', 'shop-guard', 'old-guard'].map((stackName) => ({ stackName }));
    const { deployments, orphans } = splitGuards(all);
    expect(deployments.map(({ stackName }) => stackName)).toEqual(['shop']);
    expect(orphans.map(({ stackName }) => stackName)).toEqual(['old-guard']);
  });
});
