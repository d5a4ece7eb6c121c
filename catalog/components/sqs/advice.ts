import type { AdviceInput, Finding, LimitSummary } from '#schema/component.ts';
import type { Config } from './config.ts';

type Input = AdviceInput<Config>;

/** Receives of one message after which it deserves a dead-letter queue. Assumption: a rule of thumb. */
const manyReceives = 5;
/** Share of the retention period above which data are in danger. Assumption: AWS advises an alarm at half for streams. */
const ageRatio = 0.5;
const longestVisibilitySeconds = 43_200;
const longestRetentionSeconds = 1_209_600;

export function advise(input: Input): readonly Finding[] {
  return [
    ...visibilityAdvice(input),
    ...deadLetterAdvice(input),
    ...retentionAdvice(input),
    ...backlogAdvice(input),
    ...limitAdvice(input),
    ...pollingAdvice(input),
  ];
}

function visibilityAdvice({ config, metrics, horizonSeconds }: Input): readonly Finding[] {
  const returned = metrics['MessagesReturned']?.sum ?? 0;
  const holdSeconds = (metrics['HoldTime']?.p99 ?? 0) / 1000;
  const from = config.visibilityTimeoutSeconds;
  if (returned === 0 || holdSeconds <= from || from >= longestVisibilitySeconds) return [];
  const to = Math.min(longestVisibilitySeconds, Math.max(from + 1, Math.ceil(holdSeconds * 2)));
  return [
    {
      code: 'sqs/visibility-timeout-too-short',
      severity: 'critical',
      params: { timeoutSeconds: from, holdSeconds: round(holdSeconds), returned, to },
      evidence: [
        { series: 'HoldTime', t0: 0, t1: horizonSeconds, value: metrics['HoldTime']?.p99 ?? 0 },
        { series: 'ReceiveCount', t0: 0, t1: horizonSeconds, value: metrics['ReceiveCount']?.max ?? 0 },
      ],
      patch: [{ path: 'config.visibilityTimeoutSeconds', from, to }],
    },
  ];
}

function deadLetterAdvice({ log, metrics, horizonSeconds }: Input): readonly Finding[] {
  const first = log.find(({ code }) => code === 'sqs/received-often');
  const receives = metrics['ReceiveCount']?.max ?? 0;
  if (first === undefined || receives <= manyReceives) return [];
  return [
    {
      code: 'sqs/no-dead-letter-queue',
      severity: 'warning',
      params: { receives },
      evidence: [{ series: 'ReceiveCount', t0: first.t, t1: horizonSeconds, value: receives }],
      patch: [],
    },
  ];
}

function retentionAdvice({ config, metrics, horizonSeconds }: Input): readonly Finding[] {
  const from = config.messageRetentionPeriodSeconds;
  const expired = metrics['MessagesExpired']?.sum ?? 0;
  const ageSeconds = metrics['ApproximateAgeOfOldestMessage']?.max ?? 0;
  if (expired === 0 && ageSeconds < ageRatio * from) return [];
  const to = Math.min(longestRetentionSeconds, from * 4);
  return [
    {
      code: expired > 0 ? 'sqs/retention-exceeded' : 'sqs/retention-near',
      severity: expired > 0 ? 'critical' : 'warning',
      params: { messages: expired, ageSeconds: Math.round(ageSeconds), retentionSeconds: from, to },
      evidence: [{ series: 'ApproximateAgeOfOldestMessage', t0: 0, t1: horizonSeconds, value: ageSeconds }],
      patch: to > from ? [{ path: 'config.messageRetentionPeriodSeconds', from, to }] : [],
    },
  ];
}

/** A backlog that was not worked off; not where the limit of messages in flight holds the consumers back. */
function backlogAdvice({ config, limits, log, metrics, horizonSeconds }: Input): readonly Finding[] {
  const last = log.findLast(({ code }) => code === 'sqs/backlog-grows' || code === 'sqs/backlog-drained');
  if (last?.code !== 'sqs/backlog-grows' || limits.some(isInFlightFull)) return [];
  const peak = metrics['ApproximateNumberOfMessagesVisible']?.max ?? 0;
  const sent = metrics['NumberOfMessagesSent']?.sum ?? 0;
  const deleted = metrics['NumberOfMessagesDeleted']?.sum ?? 0;
  return [
    {
      code: config.fifoQueue ? 'sqs/fifo-consumers-too-slow' : 'sqs/consumers-too-slow',
      severity: 'warning',
      params: { peak, sent, deleted },
      evidence: [{ series: 'ApproximateNumberOfMessagesVisible', t0: last.t, t1: horizonSeconds, value: peak }],
      patch: [],
    },
  ];
}

function limitAdvice({ config, limits, horizonSeconds }: Input): readonly Finding[] {
  const findings: Finding[] = [];
  const inFlight = limits.find(isInFlightFull);
  if (inFlight !== undefined) {
    findings.push({
      code: 'sqs/in-flight-limit-reached',
      severity: 'critical',
      params: { limit: inFlight.capacity },
      evidence: [limitEvidence(inFlight, horizonSeconds)],
      patch: [],
    });
  }
  const calls = limits.filter(({ id, refused }) => id.endsWith('-calls') && refused > 0);
  if (calls.length > 0) {
    const isRaised = config.fifoThroughputLimit === 'perMessageGroupId';
    findings.push({
      code: 'sqs/fifo-calls-exceeded',
      severity: 'critical',
      params: { refused: calls.reduce((sum, { refused }) => sum + refused, 0) },
      evidence: calls.map((limit) => limitEvidence(limit, horizonSeconds)),
      patch: isRaised
        ? []
        : [
            { path: 'config.deduplicationScope', from: config.deduplicationScope, to: 'messageGroup' },
            { path: 'config.fifoThroughputLimit', from: config.fifoThroughputLimit, to: 'perMessageGroupId' },
          ],
    });
  }
  const partitions = limits.find(({ id }) => id === 'group-partition');
  if (partitions !== undefined && partitions.refused > 0) {
    findings.push({
      code: 'sqs/fifo-group-throttled',
      severity: 'critical',
      params: { refused: partitions.refused },
      evidence: [limitEvidence(partitions, horizonSeconds)],
      patch: [],
    });
  }
  return findings;
}

function pollingAdvice({ config, metrics, horizonSeconds }: Input): readonly Finding[] {
  const empty = metrics['NumberOfEmptyReceives']?.sum ?? 0;
  const received = metrics['NumberOfMessagesReceived']?.sum ?? 0;
  const from = config.receiveMessageWaitTimeSeconds;
  // A long poll of 20 s is empty at most 3 times a minute; more than one a second comes from short polling.
  if (from > 0 || empty <= received || empty <= horizonSeconds) return [];
  return [
    {
      code: 'sqs/short-polling',
      severity: 'info',
      params: { empty, received },
      evidence: [{ series: 'NumberOfEmptyReceives', t0: 0, t1: horizonSeconds, value: empty }],
      patch: [{ path: 'config.receiveMessageWaitTimeSeconds', from, to: 20 }],
    },
  ];
}

/** Receives that wait at the limit find it open in time, or come back empty: refused. */
function isInFlightFull({ id, peakRatio, refused }: LimitSummary): boolean {
  return id === 'in-flight' && (refused > 0 || peakRatio >= 1);
}

function limitEvidence(limit: LimitSummary, horizonSeconds: number) {
  const { id, firstRefusedAt: t0 = 0, lastRefusedAt: t1 = horizonSeconds, refused, peakRatio } = limit;
  return { limit: id, t0, t1, value: refused > 0 ? refused : peakRatio };
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
