import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/components/sns/advice.ts';
import { config } from '#catalog/components/sns/config.ts';
import { messages } from '#catalog/components/sns/messages.en.ts';
import type { AdviceInput } from '#schema/component.ts';

type Input = AdviceInput<ReturnType<typeof config.parse>>;

const counted = (sum: number) => ({ sum, mean: 0, max: sum });

function input(changes: Partial<Input>): Input {
  const none = { limits: [], metrics: {}, log: [] };
  return { id: 'topic', config: config.parse({}), horizonSeconds: 600, ...none, ...changes } as Input;
}

describe('advice on a topic', () => {
  it('says nothing of a topic that delivers', () => {
    expect(advise(input({ metrics: { NumberOfMessagesPublished: counted(100) } }))).toEqual([]);
  });

  it('asks for a dead-letter queue where notifications were lost, and names its refusals where there is one', () => {
    const lost = { NumberOfNotificationsFailed: counted(3) };
    expect(advise(input({ metrics: lost })).map(({ code }) => code)).toEqual(['sns/no-dead-letter-queue']);
    const refused = { ...lost, NumberOfNotificationsFailedToRedriveToDlq: counted(3) };
    expect(advise(input({ metrics: refused })).map(({ code }) => code)).toEqual(['sns/dead-letters-refused']);
    const saved = { ...lost, NumberOfNotificationsRedrivenToDlq: counted(3) };
    expect(advise(input({ metrics: saved }))).toEqual([]);
  });

  it('raises the largest message to a size that takes those that were refused', () => {
    const params = { bytes: 300_000, limit: 262_144 };
    const [finding] = advise(input({ log: [{ t: 4, code: 'sns/message-too-large', params }] }));
    expect(finding?.patch).toEqual([{ path: 'config.maximumMessageSizeBytes', from: 262_144, to: 1_048_576 }]);
    expect(messages[finding?.code ?? '']?.(finding?.params ?? {})).toContain('300000');
  });

  it('names the quota where this topic was throttled', () => {
    const limit = { id: 'sns/messages-published-per-second', refused: 9, capacity: 300, peakRatio: 1 };
    const limits = [limit] as unknown as Input['limits'];
    expect(advise(input({ limits }))).toEqual([]);
    const log = [{ t: 1, code: 'sns/publish-throttled', params: {} }];
    expect(advise(input({ limits, log })).map(({ code }) => code)).toEqual(['sns/publish-quota-reached']);
  });
});
