import type { AdviceInput, Evidence, Finding, LimitSummary } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Room left above the peak when a number of shards is recommended. Assumption: a rule of thumb. */
const headroom = 1.25;
/** A shard this much above the mean points at uneven keys rather than too few shards. Assumption. */
const unevenRatio = 1.5;
/** A shard that takes less than this share of its limit in its busiest minute, percent, is not too small. Assumption. */
const busyPercent = 75;
/** Share of the retention that iterator age should not pass. https://docs.aws.amazon.com/streams/latest/dev/troubleshooting-consumers.html, read 2026-11-21. */
const ageRatio = 0.5;
/** Busiest second below which shards are too many, and the load they may carry afterwards. Assumption. */
const idleRatio = 0.25;
const fullRatio = 0.6;
const daySeconds = 86_400;

export function advise(input: AdviceInput<Config>): readonly Finding[] {
  return [...writes(input), ...reads(input), ...ages(input), ...idleShards(input)];
}

function writes(input: AdviceInput<Config>): readonly Finding[] {
  const { config, horizonSeconds } = input;
  const limits = [...named(input, 'write-records/'), ...named(input, 'write-bytes/')];
  const refused = limits.reduce((sum, limit) => sum + limit.refused, 0);
  const worst = largest(limits);
  if (refused === 0 || worst === undefined) return [];
  const evidence = [evidenceOf(worst, horizonSeconds)];
  const keyPercent = Math.round(maximum(input, 'HottestKeyLoad'));
  const finding = (code: string, params: Finding['params'], patch: Finding['patch']): Finding => ({
    code: `kinesis-data-streams/${code}`,
    severity: 'critical',
    params: { ...params, refused },
    evidence,
    patch,
  });
  if (keyPercent >= 100) return [finding('hot-key', { keyPercent }, [])];
  const meanPercent = maximum(input, 'WriteUtilization');
  const hottestPercent = maximum(input, 'HottestShardUtilization');
  if (config.streamMode === 'ON_DEMAND') return [finding('on-demand-throttled', {}, [])];
  if (config.shardCount > 1 && hottestPercent > unevenRatio * meanPercent) {
    const params = { hottestPercent: Math.round(hottestPercent), meanPercent: Math.round(meanPercent) };
    return [finding('hot-shard', params, [])];
  }
  if (hottestPercent > 0 && hottestPercent < busyPercent) {
    return [
      { ...finding('refused-in-bursts', { hottestPercent: Math.round(hottestPercent) }, []), severity: 'warning' },
    ];
  }
  const to = shardsFor(input);
  return [
    finding('too-few-shards', { from: config.shardCount, to }, [
      { path: 'config.shardCount', from: config.shardCount, to },
    ]),
  ];
}

/**
 * Shards for the busiest second of what was offered for the first time. Where no minute was measured, from what was taken and
 * refused; that counts retries as load, so not more than twice the present.
 */
function shardsFor(input: AdviceInput<Config>): number {
  const { config, metrics } = input;
  const fewest = config.shardCount + 1;
  const demand = maximum(input, 'ShardDemand');
  if (demand > 0) return Math.max(fewest, Math.ceil(demand * headroom));
  const taken = metrics['IncomingRecords'];
  const perRecord = (metrics['IncomingBytes']?.sum ?? 0) / Math.max(1, taken?.sum ?? 0);
  const recordsPerSecond = (taken?.max ?? 0) + maximum(input, 'WriteProvisionedThroughputExceeded');
  const shards = Math.max(recordsPerSecond / 1000, (recordsPerSecond * perRecord) / 1_048_576);
  return Math.min(config.shardCount * 2, Math.max(fewest, Math.ceil(shards * headroom)));
}

/** Fewer than one refused call a minute are catch-up reads: a poller that comes back finds more than a second's worth. */
function reads(input: AdviceInput<Config>): readonly Finding[] {
  const limits = [...named(input, 'read-calls/'), ...named(input, 'read-bytes/')];
  const refused = limits.reduce((sum, limit) => sum + limit.refused, 0);
  const worst = largest(limits);
  if (worst === undefined || refused * 60 <= input.horizonSeconds) return [];
  return [
    {
      code: 'kinesis-data-streams/read-limit',
      severity: 'warning',
      params: { refused },
      evidence: [evidenceOf(worst, input.horizonSeconds)],
      patch: [],
    },
  ];
}

function ages(input: AdviceInput<Config>): readonly Finding[] {
  const { config, horizonSeconds, log } = input;
  const { retentionPeriodHours } = config;
  const ageHours =
    Math.max(
      maximum(input, 'OldestUnreadAgeMilliseconds'),
      maximum(input, 'GetRecords.IteratorAgeMilliseconds'),
      maximum(input, 'SubscribeToShardEvent.MillisBehindLatest'),
    ) / 3_600_000;
  const isLost = log.some(({ code }) => code === 'kinesis-data-streams/retention-loss');
  if (!isLost && ageHours <= ageRatio * retentionPeriodHours) return [];
  const to = Math.min(8760, Math.max(retentionPeriodHours * 2, Math.ceil((2 * ageHours) / 24) * 24));
  return [
    {
      code: isLost ? 'kinesis-data-streams/records-lost' : 'kinesis-data-streams/iterator-age',
      severity: isLost ? 'critical' : 'warning',
      params: {
        ageHours: Math.round(ageHours * 10) / 10,
        retentionHours: retentionPeriodHours,
        percent: Math.round((100 * ageHours) / retentionPeriodHours),
      },
      evidence: [{ series: 'OldestUnreadAgeMilliseconds', t0: 0, t1: horizonSeconds, value: ageHours * 3_600_000 }],
      patch: to > retentionPeriodHours ? [{ path: 'config.retentionPeriodHours', from: retentionPeriodHours, to }] : [],
    },
  ];
}

function idleShards(input: AdviceInput<Config>): readonly Finding[] {
  const { config, horizonSeconds } = input;
  if (config.streamMode !== 'PROVISIONED' || config.shardCount === 1 || horizonSeconds < daySeconds) return [];
  if (config.reshardTargetShardCount !== undefined) return [];
  const worst = largest([...named(input, 'write-records/'), ...named(input, 'write-bytes/')]);
  if (worst === undefined || worst.refused > 0 || worst.peakRatio === 0 || worst.peakRatio > idleRatio) return [];
  const to = Math.max(1, Math.ceil((config.shardCount * worst.peakRatio) / fullRatio));
  if (to >= config.shardCount) return [];
  return [
    {
      code: 'kinesis-data-streams/over-provisioned',
      severity: 'info',
      params: { from: config.shardCount, to, peakPercent: Math.round(worst.peakRatio * 100) },
      evidence: [evidenceOf(worst, horizonSeconds)],
      patch: [{ path: 'config.shardCount', from: config.shardCount, to }],
    },
  ];
}

function named({ limits }: AdviceInput<Config>, prefix: string): readonly LimitSummary[] {
  return limits.filter(({ id }) => id.startsWith(prefix));
}

/** The meter that refused most, or that was used most. */
function largest(limits: readonly LimitSummary[]): LimitSummary | undefined {
  return [...limits].sort((a, b) => b.refused - a.refused || b.peakRatio - a.peakRatio)[0];
}

function maximum({ metrics }: AdviceInput<Config>, name: string): number {
  return metrics[name]?.max ?? 0;
}

function evidenceOf(limit: LimitSummary, horizonSeconds: number): Evidence {
  const t0 = limit.firstRefusedAt ?? 0;
  const t1 = limit.lastRefusedAt ?? horizonSeconds;
  return { limit: limit.id, t0, t1, value: limit.refused > 0 ? limit.refused : limit.peakRatio };
}
