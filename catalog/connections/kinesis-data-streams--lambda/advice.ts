import type { AdviceInput, Evidence, Finding, PatchStep } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Age of records at hand-over that calls for action, besides the window and one poll, ms. Assumption: a rule of thumb. */
const tolerableAgeMs = 10_000;
/** Share of the retention that AWS takes as an alarm threshold. https://docs.aws.amazon.com/streams/latest/dev/troubleshooting-consumers.html (2026-11-21). */
const alarmRatio = 0.5;
/** Largest parallelization factor, and the batch to which it is raised first. */
const mostLanes = 10;
const largeBatch = 1000;
/** Throughput that a larger batch must add to be worth it, and the share of the timeout that it may take. Assumption: rules of thumb. */
const worthwhileGain = 1.2;
const roomyRatio = 0.5;
/** Retries proposed where there was no limit. Assumption: a rule of thumb. */
const fewRetries = 5;

type Input = AdviceInput<Config>;

export function advise(input: Input): readonly Finding[] {
  return [lag(input), retention(input), failures(input)].flat();
}

/**
 * Records grow old: larger batches where the time per invocation outweighs that per record, more lanes otherwise. Not where
 * failures, throttles or an outage held the lanes: then the cause lies there.
 */
function lag(input: Input): Finding[] {
  const { config, log, metrics, horizonSeconds } = input;
  const ageMs = metrics['IteratorAge']?.max ?? 0;
  const allowedMs = tolerableAgeMs + config.maximumBatchingWindowInSeconds * 1000 + config.pollingIntervalMs;
  const hasFailures = (metrics['FailedInvokeEventCount']?.sum ?? 0) > 0;
  const wasBlocked = log.some(({ code }) => code === 'kinesis-data-streams--lambda/lane-blocked');
  if (ageMs <= allowedMs || hasFailures || wasBlocked) return [];
  const ageSeconds = Math.round(ageMs / 1000);
  const evidence = [{ series: 'IteratorAge', t0: 0, t1: horizonSeconds, value: ageMs }, ...busyLanes(input)];
  const larger = Math.min(largeBatch, config.batchSize * 5);
  if (config.batchSize < largeBatch && helps(input, larger)) {
    const to = larger;
    return [
      {
        code: 'kinesis-data-streams--lambda/batch-too-small',
        severity: 'warning',
        params: { batchSize: config.batchSize, to, ageSeconds },
        evidence,
        patch: [{ path: 'config.batchSize', from: config.batchSize, to }],
      },
    ];
  }
  if (config.parallelizationFactor === mostLanes) return [];
  const to = Math.min(mostLanes, config.parallelizationFactor * 2);
  return [
    {
      code: 'kinesis-data-streams--lambda/too-few-lanes',
      severity: 'warning',
      params: { lanes: config.parallelizationFactor, to, ageSeconds },
      evidence,
      patch: [{ path: 'config.parallelizationFactor', from: config.parallelizationFactor, to }],
    },
  ];
}

/** The shard whose lanes were most at work: either advice relieves the limit of all shards. */
function busyLanes({ limits, horizonSeconds }: Input): Evidence[] {
  const lanes = limits.filter(({ id }) => id.startsWith('lanes/'));
  const busiest = lanes.toSorted((a, b) => b.peakRatio - a.peakRatio)[0];
  return busiest === undefined ? [] : [{ limit: busiest.id, t0: 0, t1: horizonSeconds, value: busiest.peakRatio }];
}

/** Whether batches of this size are worth it: the handler spends its time on invocations, and the timeout leaves room. */
function helps({ config, metrics, target }: Input, larger: number): boolean {
  const perInvocationMs = Number(target?.['perInvocationMs'] ?? 1);
  const perRecordMs = Number(target?.['perRecordMs'] ?? 0);
  const now = perInvocationMs + perRecordMs * config.batchSize;
  const then = perInvocationMs + perRecordMs * larger;
  if (!(then > 0) || (larger / then) * (now / config.batchSize) < worthwhileGain) return false;
  const durationMs = ((metrics['Duration']?.mean ?? 0) * then) / now;
  return durationMs < roomyRatio * 1000 * Number(target?.['timeoutSeconds'] ?? Number.POSITIVE_INFINITY);
}

function retention({ metrics, source, horizonSeconds }: Input): Finding[] {
  const ageMs = metrics['IteratorAge']?.max ?? 0;
  const hours = source?.['retentionPeriodHours'];
  if (typeof hours !== 'number' || ageMs < alarmRatio * hours * 3_600_000) return [];
  return [
    {
      code: 'kinesis-data-streams--lambda/age-near-retention',
      severity: 'critical',
      params: { ageSeconds: Math.round(ageMs / 1000), retentionHours: hours },
      evidence: [{ series: 'IteratorAge', t0: 0, t1: horizonSeconds, value: ageMs }],
      patch: [],
    },
  ];
}

function failures({ config, metrics, horizonSeconds }: Input): Finding[] {
  const failed = metrics['FailedInvokeEventCount']?.sum ?? 0;
  const patch: PatchStep[] = [];
  if (!config.bisectBatchOnFunctionError)
    patch.push({ path: 'config.bisectBatchOnFunctionError', from: false, to: true });
  if (config.maximumRetryAttempts === -1) {
    patch.push({ path: 'config.maximumRetryAttempts', from: -1, to: fewRetries });
  }
  if (failed === 0 || config.maximumRetryAttempts !== -1 || config.maximumRecordAgeInSeconds !== -1) return [];
  return [
    {
      code: 'kinesis-data-streams--lambda/failures-block-the-shard',
      severity: 'critical',
      params: { failed },
      evidence: [{ series: 'FailedInvokeEventCount', t0: 0, t1: horizonSeconds, value: failed }],
      patch,
    },
  ];
}
