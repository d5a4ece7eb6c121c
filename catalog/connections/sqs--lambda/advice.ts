import type { AdviceInput, Finding } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Visibility timeout in function timeouts, and receives before the dead-letter queue, that AWS advises. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (2026-11-21). */
const advisedTimeouts = 6;
const advisedReceives = 5;
const longestVisibilitySeconds = 43_200;
const largestMaximumConcurrency = 1000;

type Input = AdviceInput<Config>;

export function advise(input: Input): readonly Finding[] {
  return [visibility(input), receives(input), repeats(input), concurrency(input)].flat();
}

function visibility({ config, source, target, metrics, horizonSeconds }: Input): Finding[] {
  const from = Number(source?.['visibilityTimeoutSeconds']);
  const timeout = Number(target?.['timeoutSeconds']);
  const advised = advisedTimeouts * timeout + config.maximumBatchingWindowInSeconds;
  const to = Math.min(longestVisibilitySeconds, advised);
  if (!(from < to)) return [];
  const throttles = metrics['Throttles']?.sum ?? 0;
  return [
    {
      code: 'sqs--lambda/visibility-too-short',
      severity: throttles > 0 ? 'warning' : 'info',
      params: { visibility: from, timeout, to },
      evidence: [{ series: 'Throttles', t0: 0, t1: horizonSeconds, value: throttles }],
      patch: [{ path: 'source.config.visibilityTimeoutSeconds', from, to }],
    },
  ];
}

function receives({ source, metrics, horizonSeconds }: Input): Finding[] {
  const count = source?.['maxReceiveCount'];
  const troubled = (metrics['Throttles']?.sum ?? 0) + (metrics['FailedInvokeEventCount']?.sum ?? 0);
  if (typeof count !== 'number' || count >= advisedReceives || troubled === 0) return [];
  return [
    {
      code: 'sqs--lambda/receive-count-too-small',
      severity: 'warning',
      params: { count },
      evidence: [{ series: 'Throttles', t0: 0, t1: horizonSeconds, value: troubled }],
      patch: [{ path: 'source.config.maxReceiveCount', from: count, to: advisedReceives }],
    },
  ];
}

/** Batches that one message has spoilt. Where whole invocations fail, no message of them is good, and naming some helps nothing. */
function repeats({ config, metrics, horizonSeconds }: Input): Finding[] {
  const failed = metrics['InvocationsFailedByRecord']?.sum ?? 0;
  if (failed === 0 || config.reportBatchItemFailures || config.batchSize === 1) return [];
  return [
    {
      code: 'sqs--lambda/good-messages-repeated',
      severity: 'warning',
      params: { failed },
      evidence: [{ series: 'InvocationsFailedByRecord', t0: 0, t1: horizonSeconds, value: failed }],
      patch: [{ path: 'config.reportBatchItemFailures', from: false, to: true }],
    },
  ];
}

function concurrency({ config, limits, horizonSeconds }: Input): Finding[] {
  const limit = limits.find(({ id }) => id === 'mapping-concurrency');
  if (limit === undefined || limit.peakRatio < 1) return [];
  const evidence = [{ limit: limit.id, t0: 0, t1: horizonSeconds, value: limit.peakRatio }];
  const most = limit.capacity;
  if (config.provisionedPollers) {
    const to = Math.min(2000, config.maximumPollers * 2);
    if (to === config.maximumPollers) return [];
    return [
      {
        code: 'sqs--lambda/concurrency-at-most',
        severity: 'info',
        params: { most, to: to * 10 },
        evidence,
        patch: [{ path: 'config.maximumPollers', from: config.maximumPollers, to }],
      },
    ];
  }
  const from = config.maximumConcurrency;
  if (from === undefined || from === largestMaximumConcurrency) return [];
  const to = Math.min(largestMaximumConcurrency, from * 2);
  return [
    {
      code: 'sqs--lambda/concurrency-at-most',
      severity: 'info',
      params: { most, to },
      evidence,
      patch: [{ path: 'config.maximumConcurrency', from, to }],
    },
  ];
}
