import { describe, expect, it } from 'vitest';
import { countPlaywright, countVitest, settle } from '#tools/suites.mjs';

const file = (status: string, ...tests: readonly string[]) => ({
  name: 'a.test.ts',
  message: 'did not load',
  status,
  assertionResults: tests.map((name) => ({ status: name, fullName: `a ${name} test`, failureMessages: ['why'] })),
});

describe('countVitest', () => {
  it('counts tests by their outcome', () => {
    const report = { testResults: [file('failed', 'passed', 'failed', 'skipped'), file('passed', 'passed')] };
    expect(countVitest(report)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 1,
      reasons: ['a skipped test'],
      failures: ['a.test.ts\na failed test\nwhy'],
    });
  });

  it('counts a file that did not load as a failure', () => {
    expect(countVitest({ testResults: [file('failed')] })).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('countPlaywright', () => {
  it('counts errors outside tests as failures', () => {
    const stats = { expected: 3, flaky: 0, unexpected: 1, skipped: 2 };
    expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 3, failed: 2, skipped: 2, reasons: [] });
  });

  it('counts a test that passed only on retry as failed', () => {
    const stats = { expected: 0, flaky: 1, unexpected: 0, skipped: 0 };
    expect(countPlaywright({ stats, errors: [] })).toMatchObject({ passed: 0, failed: 1, skipped: 0 });
  });

  it('names each reason for a skip once, however deep the test stands', () => {
    const skipped = { tests: [{ status: 'skipped', annotations: [{ type: 'skip', description: 'no screen' }] }] };
    const run = { tests: [{ status: 'expected', annotations: [{ type: 'note', description: 'slow' }] }] };
    const suites = [{ specs: [run], suites: [{ specs: [skipped, skipped] }] }];
    const stats = { expected: 1, flaky: 0, unexpected: 0, skipped: 2 };
    expect(countPlaywright({ stats, errors: [], suites })).toMatchObject({ skipped: 2, reasons: ['no screen'] });
  });
});

describe('settle', () => {
  const counts = { passed: 2, failed: 0, skipped: 0 };

  it('leaves a good run as it is', () => {
    expect(settle(counts, 0, 'fine')).toMatchObject({ passed: 2, failed: 0 });
  });

  it('fails when the runner crashed after its tests passed', () => {
    expect(settle(counts, 1, 'boom')).toMatchObject({ passed: 2, failed: 1, report: 'boom' });
  });

  it('fails when no test ran', () => {
    const nothing = { passed: 0, failed: 0, skipped: 3 };
    expect(settle(nothing, 0, '')).toMatchObject({ failed: 1, skipped: 3 });
  });

  it('names what was skipped', () => {
    expect(settle({ ...counts, skipped: 1, reasons: ['a reason'] }, 0, '')).toMatchObject({
      failed: 0,
      report: 'skipped: a reason',
    });
  });
});
