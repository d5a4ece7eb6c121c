import type { AdviceInput, Evidence, Finding, LimitSummary, PatchStep } from '#schema/component.ts';
import type { Config } from './config.ts';

type Input = AdviceInput<Config>;

/** Room left above the peak when quotas are recommended. Assumption: a rule of thumb. */
const headroom = 1.25;
const mostTimes = 10;
/** Share of the room under an objective that the buffers are given. Assumption. */
const shareOfRoom = 0.9;
/** Freshness above this many intervals is not the buffer's doing. Assumption. */
const slowRatio = 2;
/** Deliveries from which, and size below which, they count as small. Assumption. */
const manyDeliveries = 20;
const smallBytes = 1_048_576;
const largestHint = { mebibytes: 128, seconds: 900 } as const;
const longestRetrySeconds = 7200;
const daySeconds = 86_400;

export function advise(input: Input): readonly Finding[] {
  return [
    ...quotas(input),
    ...partitions(input),
    ...buffers(input),
    ...failures(input),
    ...ages(input),
    ...deliveries(input),
  ];
}

/** What was refused counts retries, so the peak is that of the seconds in which something was. */
function quotas({ config, limits, horizonSeconds }: Input): readonly Finding[] {
  const refusing = limits.filter(({ id, refused }) => id.startsWith('put-') && refused > 0);
  const worst = [...refusing].sort((a, b) => timesOf(b) - timesOf(a))[0];
  if (worst === undefined) return [];
  const times = Math.min(mostTimes, Math.max(2, Math.ceil(timesOf(worst) * headroom)));
  const step = (name: 'recordsPerSecondQuota' | 'requestsPerSecondQuota' | 'mebibytesPerSecondQuota'): PatchStep => ({
    path: `config.${name}`,
    from: config[name],
    to: config[name] * times,
  });
  return [
    {
      code: 'data-firehose/quota-too-low',
      severity: 'critical',
      params: { refused: `${worst.refused} ${worst.unit.replace('/s', '')}`, limit: worst.name, times },
      evidence: [limitEvidence(worst, horizonSeconds)],
      patch:
        config.mebibytesPerSecondQuota * times <= 50
          ? [step('recordsPerSecondQuota'), step('requestsPerSecondQuota'), step('mebibytesPerSecondQuota')]
          : [],
    },
  ];
}

/** Demand in the time of refusals over the quota. */
function timesOf({ capacity, refused, firstRefusedAt = 0, lastRefusedAt = 0 }: LimitSummary): number {
  return 1 + refused / (capacity * (1 + lastRefusedAt - firstRefusedAt));
}

function partitions({ config, limits, horizonSeconds }: Input): readonly Finding[] {
  const limit = limits.find(({ id }) => id === 'active-partitions');
  if (limit === undefined || limit.refused === 0) return [];
  const from = config.activePartitionsQuota;
  const to = Math.max(from + 1, config.partitionValues);
  return [
    {
      code: 'data-firehose/too-many-partitions',
      severity: 'critical',
      params: { refused: limit.refused, from, to },
      evidence: [limitEvidence(limit, horizonSeconds)],
      patch: [{ path: 'config.activePartitionsQuota', from, to }],
    },
  ];
}

/** The buffers' wait against objectives downstream that were missed. */
function buffers({ config, metrics, horizonSeconds, objectives = [] }: Input): readonly Finding[] {
  const [series, age] = freshness(metrics);
  const isTransformed = (metrics['ExecuteProcessing.Duration']?.max ?? 0) > 0;
  const own = config.bufferIntervalSeconds;
  const before = isTransformed ? config.transformBufferIntervalSeconds : 0;
  const wait = own + before;
  const missed = objectives
    .filter(({ kind, metric }) => kind === 'latency' || metric?.endsWith('.DataFreshness') === true)
    .filter(({ target, measured }) => measured !== null && measured > target)
    .sort((a, b) => a.target - b.target)[0];
  if (missed === undefined || missed.measured === null || wait === 0) return [];
  const rest = Math.max(0, missed.measured - wait);
  const to = Math.floor(Math.max(0, missed.target - rest) * shareOfRoom);
  if (to >= wait) return [];
  const toOwn = Math.floor((to * own) / wait);
  const toBefore = to - toOwn;
  return [
    {
      code: 'data-firehose/buffer-above-objective',
      severity: 'warning',
      params: { objective: missed.id, target: missed.target, measured: Math.round(missed.measured), wait, to },
      evidence: [{ series, t0: 0, t1: horizonSeconds, value: age }],
      patch: [
        ...(own === toOwn ? [] : [{ path: 'config.bufferIntervalSeconds', from: own, to: toOwn }]),
        ...(before === 0 || before === toBefore
          ? []
          : [{ path: 'config.transformBufferIntervalSeconds', from: before, to: toBefore }]),
      ],
    },
  ];
}

function failures({ config, log, metrics, horizonSeconds }: Input): readonly Finding[] {
  const failed = metrics['FailedRecords']?.sum ?? 0;
  const first = log.find(({ code }) => code === 'data-firehose/records-failed');
  const evidence: Evidence[] = [{ series: 'FailedRecords', t0: first?.t ?? 0, t1: horizonSeconds, value: failed }];
  const findings: Finding[] = [];
  const isFailing = log.some(({ code }) => code === 'data-firehose/transform-failing');
  if (isFailing) {
    const success = metrics['ExecuteProcessing.Success']?.mean ?? 0;
    findings.push({
      code: 'data-firehose/transform-fails',
      severity: failed > 0 ? 'critical' : 'warning',
      params: { percent: Math.round(100 * (1 - success)), failed },
      evidence: [{ series: 'ExecuteProcessing.Success', t0: 0, t1: horizonSeconds, value: success }],
      patch: [],
    });
  }
  if (failed === 0) return findings;
  if (first?.params['reason'] === 'delivery-retries-exhausted' && config.retryDurationSeconds < longestRetrySeconds) {
    const from = config.retryDurationSeconds;
    const to = Math.min(longestRetrySeconds, Math.max(3600, 2 * from));
    findings.push({
      code: 'data-firehose/retry-too-short',
      severity: 'critical',
      params: { failed, from, to },
      evidence,
      patch: [{ path: 'config.retryDurationSeconds', from, to }],
    });
  } else if (!isFailing) {
    const code = 'data-firehose/records-given-up';
    findings.push({ code, severity: 'warning', params: { failed }, evidence, patch: [] });
  }
  return findings;
}

function ages({ config, metrics, horizonSeconds }: Input): readonly Finding[] {
  const expired = metrics['ExpiredRecords']?.sum ?? 0;
  if (expired > 0) {
    return [
      {
        code: 'data-firehose/records-too-old',
        severity: 'critical',
        params: { expired },
        evidence: [{ series: 'ExpiredRecords', t0: 0, t1: horizonSeconds, value: expired }],
        patch: [],
      },
    ];
  }
  const [series, age] = freshness(metrics);
  const interval = config.bufferIntervalSeconds;
  const isTransformed = (metrics['ExecuteProcessing.Duration']?.max ?? 0) > 0;
  const expected = Math.max(60, interval + (isTransformed ? config.transformBufferIntervalSeconds : 0));
  if (age <= slowRatio * expected) return [];
  return [
    {
      code: 'data-firehose/delivery-slow',
      severity: 'warning',
      params: { age: Math.round(age), interval },
      evidence: [{ series, t0: 0, t1: horizonSeconds, value: age }],
      patch: [],
    },
  ];
}

/** Small objects, where no objective asks for speed. */
function deliveries({ config, metrics, objectives = [], horizonSeconds }: Input): readonly Finding[] {
  const objects = metrics['DeliveryToS3.ObjectCount']?.sum ?? 0;
  const mean = metrics['DeliverySize']?.mean ?? 0;
  const { bufferIntervalSeconds: interval, bufferSizeMebibytes: size } = config;
  if (objects < manyDeliveries || mean >= smallBytes || objectives.length > 0) return [];
  if (interval === largestHint.seconds) return [];
  return [
    {
      code: 'data-firehose/small-deliveries',
      severity: 'info',
      params: {
        kib: Math.round(mean / 1024),
        perDay: Math.round((objects * daySeconds) / horizonSeconds),
        toMebibytes: largestHint.mebibytes,
        toSeconds: largestHint.seconds,
      },
      evidence: [{ series: 'DeliverySize', t0: 0, t1: horizonSeconds, value: mean }],
      patch: [
        { path: 'config.bufferIntervalSeconds', from: interval, to: largestHint.seconds },
        ...(size === largestHint.mebibytes
          ? []
          : [{ path: 'config.bufferSizeMebibytes', from: size, to: largestHint.mebibytes }]),
      ],
    },
  ];
}

function freshness(metrics: Input['metrics']): readonly [string, number] {
  const names = ['DeliveryToS3.DataFreshness', 'DeliveryToAmazonOpenSearchService.DataFreshness'];
  const [name = '', age = 0] =
    names.map((series) => [series, metrics[series]?.max ?? 0] as const).sort((a, b) => b[1] - a[1])[0] ?? [];
  return [name, age];
}

function limitEvidence(limit: LimitSummary, horizonSeconds: number): Evidence {
  const { id, refused, firstRefusedAt = 0, lastRefusedAt = horizonSeconds } = limit;
  return { limit: id, t0: firstRefusedAt, t1: lastRefusedAt, value: refused };
}
