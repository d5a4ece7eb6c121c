import type { AdviceInput, Finding, PatchStep } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Age of records at hand-over that calls for action, besides the window and one poll, ms. Assumption: a rule of thumb. */
const tolerableAgeMs = 10_000;
/** Share of the retention that AWS takes as an alarm threshold. https://docs.aws.amazon.com/streams/latest/dev/troubleshooting-consumers.html (2026-11-21). */
const alarmRatio = 0.5;
/** Largest parallelization factor, and the batch to which it is raised first. */
const mostLanes = 10;
const largeBatch = 1000;
/** Retries proposed where there was no limit. Assumption: a rule of thumb. */
const fewRetries = 5;

type Input = AdviceInput<Config>;

export function advise(input: Input): readonly Finding[] {
  return [lag(input), retention(input), failures(input)].flat();
}

/** Records grow old: larger batches if the function is quick with them, more lanes if the batches are large enough. */
function lag({ config, metrics, horizonSeconds }: Input): Finding[] {
  const ageMs = metrics['IteratorAge']?.max ?? 0;
  const allowedMs = tolerableAgeMs + config.maximumBatchingWindowInSeconds * 1000 + config.pollingIntervalMs;
  const hasFailures = (metrics['FailedInvokeEventCount']?.sum ?? 0) > 0;
  if (ageMs <= allowedMs || hasFailures) return [];
  const ageSeconds = Math.round(ageMs / 1000);
  const evidence = [{ series: 'IteratorAge', t0: 0, t1: horizonSeconds, value: ageMs }];
  if (config.batchSize < largeBatch) {
    const to = Math.min(largeBatch, config.batchSize * 5);
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
