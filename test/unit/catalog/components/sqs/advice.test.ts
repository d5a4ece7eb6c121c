import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/components/sqs/advice.ts';
import { type Config, config, declaration } from '#catalog/components/sqs/config.ts';
import { messages } from '#catalog/components/sqs/messages.en.ts';
import type { AdviceInput, LimitSummary } from '#schema/component.ts';

function input(changes: Partial<AdviceInput<Config>>, given: Record<string, unknown> = {}): AdviceInput<Config> {
  return {
    id: 'queue',
    config: config.parse(given),
    horizonSeconds: 3600,
    limits: [],
    metrics: {},
    log: [],
    ...changes,
  };
}

const metric = (sum: number, max = sum, p99 = max) => ({ sum, mean: 0, max, p99 });
const limit = (id: string, refused: number): LimitSummary => ({
  id,
  node: 'queue',
  name: id,
  unit: '',
  capacity: 300,
  peakRatio: 1,
  refused,
  waiting: 0,
  source: '',
  raisable: true,
});

describe('advice on SQS', () => {
  it('says nothing about a queue that is well', () => {
    const metrics = {
      NumberOfMessagesSent: metric(1000),
      NumberOfMessagesReceived: metric(1000),
      HoldTime: metric(0, 900),
      MessagesReturned: metric(0),
      ReceiveCount: metric(0, 1),
      ApproximateAgeOfOldestMessage: metric(0, 2),
    };
    expect(advise(input({ metrics }))).toEqual([]);
  });

  it('lengthens a visibility timeout that the consumers outlast', () => {
    const metrics = { MessagesReturned: metric(12), HoldTime: metric(0, 80_000, 45_000), ReceiveCount: metric(0, 4) };
    const [finding] = advise(input({ metrics }));
    expect(finding).toMatchObject({
      code: 'sqs/visibility-timeout-too-short',
      severity: 'critical',
      patch: [{ path: 'config.visibilityTimeoutSeconds', from: 30, to: 90 }],
    });
    expect(finding?.evidence).toContainEqual({ series: 'ReceiveCount', t0: 0, t1: 3600, value: 4 });
  });

  it('asks for a dead-letter queue when a message is received again and again without one', () => {
    const log = [{ t: 200, code: 'sqs/received-often', params: { receives: 6 } }];
    expect(advise(input({ log, metrics: { ReceiveCount: metric(0, 40) } }))).toMatchObject([
      { code: 'sqs/no-dead-letter-queue', params: { receives: 40 }, evidence: [{ t0: 200 }] },
    ]);
  });

  it('warns when the oldest message nears the end of its retention and when messages were lost', () => {
    const near = advise(
      input({ metrics: { ApproximateAgeOfOldestMessage: metric(0, 40) } }, { messageRetentionPeriodSeconds: 60 }),
    );
    expect(near).toMatchObject([{ code: 'sqs/retention-near', severity: 'warning', patch: [{ from: 60, to: 240 }] }]);
    const lost = advise(
      input({ metrics: { MessagesExpired: metric(5) } }, { messageRetentionPeriodSeconds: 1_209_600 }),
    );
    expect(lost).toMatchObject([{ code: 'sqs/retention-exceeded', severity: 'critical', patch: [] }]);
  });

  it('names slow consumers only while the backlog is not worked off', () => {
    const grows = { t: 600, code: 'sqs/backlog-grows', params: {} };
    const drained = { t: 900, code: 'sqs/backlog-drained', params: {} };
    expect(advise(input({ log: [grows] }))).toMatchObject([{ code: 'sqs/consumers-too-slow' }]);
    expect(advise(input({ log: [grows, drained] }))).toEqual([]);
  });

  it('does not promise that more consumers help a FIFO queue', () => {
    const log = [{ t: 600, code: 'sqs/backlog-grows', params: {} }];
    expect(advise(input({ log }, { fifoQueue: true }))).toMatchObject([{ code: 'sqs/fifo-consumers-too-slow' }]);
  });

  it('names the limit of messages in flight, not the consumers, where it is what holds the backlog', () => {
    const log = [{ t: 600, code: 'sqs/backlog-grows', params: {} }];
    const limits = [limit('in-flight', 0)];
    expect(advise(input({ log, limits })).map(({ code }) => code)).toEqual(['sqs/in-flight-limit-reached']);
  });

  it('raises the throughput of a FIFO queue whose calls were throttled, once', () => {
    const limits = [limit('send-calls', 7), limit('receive-calls', 5), { ...limit('in-flight', 0), peakRatio: 0.5 }];
    expect(advise(input({ limits }, { fifoQueue: true }))).toMatchObject([
      {
        code: 'sqs/fifo-calls-exceeded',
        params: { refused: 12 },
        patch: [
          { path: 'config.deduplicationScope', to: 'messageGroup' },
          { path: 'config.fifoThroughputLimit', to: 'perMessageGroupId' },
        ],
      },
    ]);
  });

  it('reports the limit of messages in flight and throttled groups', () => {
    const limits = [limit('in-flight', 3), limit('group-partition', 9)];
    expect(advise(input({ limits })).map(({ code }) => code)).toEqual([
      'sqs/in-flight-limit-reached',
      'sqs/fifo-group-throttled',
    ]);
  });

  it('advises long polling where most receives are empty', () => {
    const metrics = { NumberOfEmptyReceives: metric(200_000), NumberOfMessagesReceived: metric(500) };
    expect(advise(input({ metrics }))).toMatchObject([
      { code: 'sqs/short-polling', patch: [{ path: 'config.receiveMessageWaitTimeSeconds', from: 0, to: 20 }] },
    ]);
    expect(advise(input({ metrics }, { receiveMessageWaitTimeSeconds: 20 }))).toEqual([]);
  });

  it('has a sentence for every finding, without gaps', () => {
    const findings = [
      ...advise(input({ limits: [limit('in-flight', 3), limit('group-partition', 9), limit('send-calls', 1)] })),
      ...advise(
        input({
          metrics: {
            MessagesReturned: metric(1),
            HoldTime: metric(0, 1e6),
            MessagesExpired: metric(1),
            NumberOfEmptyReceives: metric(1e6),
          },
          log: [{ t: 1, code: 'sqs/backlog-grows', params: {} }],
        }),
      ),
    ];
    expect(findings.length).toBe(7);
    for (const { code, params } of findings) expect(messages[code]!(params)).not.toMatch(/undefined|NaN/);
  });
});

describe('check of SQS', () => {
  it('fails high throughput without de-duplication per message group', () => {
    const check = (given: Record<string, unknown>) =>
      declaration.check!({ config: config.parse(given), linkedPorts: [] }).map(({ code }) => code);
    const fifoQueue = true;
    const fifoThroughputLimit = 'perMessageGroupId';
    expect(check({ fifoQueue, fifoThroughputLimit })).toEqual(['sqs/throughput-limit-without-group-scope']);
    expect(check({ fifoQueue, fifoThroughputLimit, deduplicationScope: 'messageGroup' })).toEqual([]);
    expect(check({})).toEqual([]);
  });
});
