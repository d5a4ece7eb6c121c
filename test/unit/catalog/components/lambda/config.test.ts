import { describe, expect, it } from 'vitest';
import { config, type Config, declaration } from '#catalog/components/lambda/config.ts';
import { messages } from '#catalog/components/lambda/messages.en.ts';

const codes = (changes: Partial<Config>): string[] =>
  (declaration.check?.({ config: config.parse(changes), linkedPorts: [] }) ?? []).map(({ code, path, params }) => {
    expect(messages[code]?.(params)).toBeTruthy();
    return `${code} at ${path}`;
  });

describe('lambda: settings', () => {
  it('are legal as they come', () => {
    expect(codes({})).toEqual([]);
  });

  it('have the defaults of AWS', () => {
    expect(config.parse({})).toMatchObject({
      memorySize: 128,
      timeoutSeconds: 3,
      ephemeralStorageMB: 512,
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 21_600,
    });
  });

  it.each([
    { memorySize: 127 },
    { memorySize: 10_241 },
    { timeoutSeconds: 901 },
    { ephemeralStorageMB: 511 },
    { maximumRetryAttempts: 3 },
    { maximumEventAgeInSeconds: 59 },
  ])('fails outside the limits of AWS: %o', (changes) => {
    expect(config.safeParse(changes).success).toBe(false);
  });

  it('claim the reservation, or else what is provisioned, of the account', () => {
    const claimed = (changes: Partial<Config>): unknown => declaration.claims?.(config.parse(changes));
    const claim = { quota: 'lambda/concurrent-executions', keep: 100, byDefault: 1000 };
    expect(claimed({ reservedConcurrentExecutions: 50, provisionedConcurrentExecutions: 5 })).toEqual([
      { ...claim, amount: 50, path: 'config.reservedConcurrentExecutions' },
    ]);
    expect(claimed({ provisionedConcurrentExecutions: 5 })).toEqual([
      { ...claim, amount: 5, path: 'config.provisionedConcurrentExecutions' },
    ]);
  });

  it('fails when more concurrency is provisioned than reserved', () => {
    expect(codes({ reservedConcurrentExecutions: 5, provisionedConcurrentExecutions: 6 })).toEqual([
      'lambda/provisioned-above-reserved at config.provisionedConcurrentExecutions',
    ]);
    expect(codes({ reservedConcurrentExecutions: 5, provisionedConcurrentExecutions: 5 })).toEqual([]);
  });

  it('fails when a range runs backwards', () => {
    expect(codes({ idleTimeoutMinSeconds: 901 })).toEqual(['lambda/range-reversed at config.idleTimeoutMinSeconds']);
    expect(codes({ sandboxStartMaxMs: 99 })).toEqual(['lambda/range-reversed at config.sandboxStartMinMs']);
  });

  it('fails when a hyperexponential law varies too little', () => {
    expect(codes({ serviceTimeLaw: 'hyperexponential' })).toEqual([
      'lambda/hyperexponential-variation at config.coefficientOfVariation',
    ]);
  });
});
