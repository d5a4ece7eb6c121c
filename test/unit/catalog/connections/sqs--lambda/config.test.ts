import { describe, expect, it } from 'vitest';
import { config, type Config, declaration } from '#catalog/connections/sqs--lambda/config.ts';
import { messages } from '#catalog/connections/sqs--lambda/messages.en.ts';

const codes = (changes: Partial<Config>, source = {}, target = {}): string[] => {
  const found = declaration.check?.({
    config: config.parse(changes),
    source: { visibilityTimeoutSeconds: 30, fifoQueue: false, ...source },
    target: { timeoutSeconds: 3, ...target },
  });
  return (found ?? []).map(({ code, path, params }) => {
    expect(messages[code]?.(params)).toBeTruthy();
    return `${code} at ${path}`;
  });
};

describe('queue mapping: what AWS refuses', () => {
  it('takes the defaults', () => {
    expect(codes({})).toEqual([]);
    expect(config.parse({})).toMatchObject({ batchSize: 10, maximumBatchingWindowInSeconds: 0 });
  });

  it('fails when the function timeout exceeds the visibility timeout', () => {
    expect(codes({}, { visibilityTimeoutSeconds: 30 }, { timeoutSeconds: 31 })).toEqual([
      'sqs--lambda/timeout-above-visibility at ',
    ]);
    expect(codes({}, { visibilityTimeoutSeconds: 30 }, { timeoutSeconds: 30 })).toEqual([]);
  });

  it('fails when a batch above ten has no window', () => {
    expect(codes({ batchSize: 11 })).toEqual(['sqs--lambda/window-missing at config.maximumBatchingWindowInSeconds']);
    expect(codes({ batchSize: 11, maximumBatchingWindowInSeconds: 1 })).toEqual([]);
  });

  it('fails when a FIFO queue has a window or a batch above ten', () => {
    const fifo = { fifoQueue: true };
    expect(codes({ maximumBatchingWindowInSeconds: 1 }, fifo)).toEqual([
      'sqs--lambda/window-on-fifo at config.maximumBatchingWindowInSeconds',
    ]);
    expect(codes({ batchSize: 11 }, fifo)).toEqual(['sqs--lambda/batch-on-fifo at config.batchSize']);
    expect(codes({}, fifo)).toEqual([]);
  });

  it('fails when minimum pollers exceed maximum pollers', () => {
    expect(codes({ provisionedPollers: true, minimumPollers: 10, maximumPollers: 9 })).toEqual([
      'sqs--lambda/pollers-reversed at config.minimumPollers',
    ]);
  });

  it.each([
    { batchSize: 10_001 },
    { maximumConcurrency: 1 },
    { maximumConcurrency: 1001 },
    { maximumBatchingWindowInSeconds: 301 },
  ])('fails outside the limits of AWS: %o', (changes) => {
    expect(config.safeParse(changes).success).toBe(false);
  });
});
