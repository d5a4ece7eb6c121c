import type { AdviceInput, Finding } from '#schema/component.ts';
import { type Config, readsPerPartition, writesPerPartition } from './config.ts';

type Input = AdviceInput<Config>;

/** Room left above the peak when a number of prefixes is recommended. Assumption: a rule of thumb. */
const headroom = 1.25;
const mostPrefixes = 100_000;
/** Objects below this stay where they are and are billed as this large elsewhere. https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html (read 2026-11-21). */
const smallBytes = 131_072;
/** Objects from which their size is worth a word. Assumption. */
const manyObjects = 100;
/** Growth from which a lifecycle is worth a word, GiB a month. Assumption. */
const muchPerMonth = 100;
const daySeconds = 86_400;
const monthSeconds = 730 * 3600;
const daysPerMonth = 730 / 24;
const gibibyte = 1_073_741_824;

export function advise(input: Input): readonly Finding[] {
  return [
    ...partitions(input),
    ...archivedReads(input),
    ...smallObjects(input),
    ...kmsCalls(input),
    ...growth(input),
    ...month(input),
  ];
}

const kinds = [
  { id: 'put-requests', metric: 'PutRequests', kind: 'write', perSecond: writesPerPartition.perSecond },
  { id: 'get-requests', metric: 'GetRequests', kind: 'read', perSecond: readsPerPartition.perSecond },
] as const;

function partitions({ config, limits, metrics, horizonSeconds }: Input): readonly Finding[] {
  return kinds.flatMap(({ id, metric, kind, perSecond }): readonly Finding[] => {
    const limit = limits.find((candidate) => candidate.id === id);
    if (limit === undefined || limit.refused === 0) return [];
    const peak = metrics[metric]?.max ?? 0;
    const needed = Math.max(config.keyPrefixCount + 1, Math.ceil((peak * headroom) / perSecond));
    const to = Math.min(mostPrefixes, Math.max(needed, config.initialPartitions));
    const { refused, firstRefusedAt: t0 = 0, lastRefusedAt: t1 = horizonSeconds } = limit;
    return [
      {
        code: 's3/too-few-partitions',
        severity: 'critical',
        params: { refused, kind, perSecond, prefixes: config.keyPrefixCount, to },
        evidence: [{ limit: id, t0, t1, value: refused }],
        patch: [
          { path: 'config.keyPrefixCount', from: config.keyPrefixCount, to },
          { path: 'config.initialPartitions', from: config.initialPartitions, to },
        ],
      },
    ];
  });
}

function archivedReads({ config, metrics, horizonSeconds }: Input): readonly Finding[] {
  const refused = metrics['4xxErrors']?.sum ?? 0;
  if (refused === 0) return [];
  const { storageClass } = config;
  return [
    {
      code: 's3/archived-reads',
      severity: 'critical',
      params: { refused, storageClass },
      evidence: [{ series: '4xxErrors', t0: 0, t1: horizonSeconds, value: refused }],
      patch: [{ path: 'config.storageClass', from: storageClass, to: 'GLACIER_IR' }],
    },
  ];
}

/** The size of objects is the writer's to mend. */
function smallObjects({ metrics, horizonSeconds }: Input): readonly Finding[] {
  const objects = metrics['ObjectsWritten']?.sum ?? 0;
  const mean = metrics['ObjectSize']?.mean ?? 0;
  if (objects < manyObjects || mean >= smallBytes) return [];
  return [
    {
      code: 's3/small-objects',
      severity: 'warning',
      params: {
        meanKib: Math.max(0.1, Math.round((10 * mean) / 1024) / 10),
        objectsPerDay: Math.round((objects * daySeconds) / horizonSeconds),
      },
      evidence: [{ series: 'ObjectSize', t0: 0, t1: horizonSeconds, value: mean }],
      patch: [],
    },
  ];
}

function kmsCalls({ config, metrics, horizonSeconds }: Input): readonly Finding[] {
  const requests = metrics['ObjectsWritten']?.sum ?? 0;
  if (config.encryption !== 'aws:kms' || config.bucketKeyEnabled || requests < manyObjects) return [];
  return [
    {
      code: 's3/kms-call-per-object',
      severity: 'info',
      params: { requests },
      evidence: [{ series: 'ObjectsWritten', t0: 0, t1: horizonSeconds, value: requests }],
      patch: [{ path: 'config.bucketKeyEnabled', from: false, to: true }],
    },
  ];
}

/** Storage by the load of this run, GiB a month. */
function writtenPerMonth({ metrics, horizonSeconds }: Input): number {
  return ((metrics['BytesUploaded']?.sum ?? 0) * monthSeconds) / horizonSeconds / gibibyte;
}

/** The bill shows a month before the first objects expire. */
function month(input: Input): readonly Finding[] {
  const { config, metrics, horizonSeconds } = input;
  const { expirationDays: days, billedMonth: from } = config;
  if (days === undefined || writtenPerMonth(input) < muchPerMonth) return [];
  const to = Math.min(1200, Math.ceil((days + 0.5) / daysPerMonth) + 1);
  if (from >= to) return [];
  return [
    {
      code: 's3/before-steady-state',
      severity: 'info',
      params: { from, to, days, gib: Math.round((writtenPerMonth(input) * days) / daysPerMonth) },
      evidence: [{ series: 'BytesUploaded', t0: 0, t1: horizonSeconds, value: metrics['BytesUploaded']?.sum ?? 0 }],
      patch: [{ path: 'config.billedMonth', from, to }],
    },
  ];
}

function growth(input: Input): readonly Finding[] {
  const { config, metrics, horizonSeconds } = input;
  const { storageClass, transitionDays, archiveDays, expirationDays } = config;
  if (transitionDays !== undefined || archiveDays !== undefined || expirationDays !== undefined) return [];
  const bytes = metrics['BytesUploaded']?.sum ?? 0;
  const perMonth = writtenPerMonth(input);
  if (storageClass !== 'STANDARD' || perMonth < muchPerMonth) return [];
  const isMovable = (metrics['ObjectSize']?.mean ?? 0) >= smallBytes;
  return [
    {
      code: 's3/storage-grows',
      severity: 'info',
      params: { gibPerMonth: Math.round(perMonth) },
      evidence: [{ series: 'BytesUploaded', t0: 0, t1: horizonSeconds, value: bytes }],
      patch: isMovable ? [{ path: 'config.transitionDays', from: null, to: 30 }] : [],
    },
  ];
}
