import type { AdviceInput, Finding } from '#schema/component.ts';
import { type Config, publishQuota } from './config.ts';

type Input = AdviceInput<Config>;

const largestMessageBytes = 1_048_576;
/** Notifications that wait from which advice is given. Assumption: a rule of thumb. */
const manyWaiting = 100;

export function advise(input: Input): readonly Finding[] {
  return [lost(input), waiting(input), quota(input), size(input)].flat();
}

function lost({ metrics, horizonSeconds }: Input): Finding[] {
  const failed = metrics['NumberOfNotificationsFailed']?.sum ?? 0;
  const redriven = metrics['NumberOfNotificationsRedrivenToDlq']?.sum ?? 0;
  const refused = metrics['NumberOfNotificationsFailedToRedriveToDlq']?.sum ?? 0;
  const gone = failed - redriven;
  if (gone <= 0) return [];
  const code = refused > 0 ? 'sns/dead-letters-refused' : 'sns/no-dead-letter-queue';
  return [
    {
      code,
      severity: 'critical',
      params: { lost: gone },
      evidence: [{ series: 'NumberOfNotificationsFailed', t0: 0, t1: horizonSeconds, value: failed }],
      patch: [],
    },
  ];
}

function waiting({ metrics, horizonSeconds }: Input): Finding[] {
  const retries = metrics['DeliveryRetries']?.sum ?? 0;
  const most = metrics['NotificationsWaiting']?.max ?? 0;
  if (retries === 0 || most < manyWaiting) return [];
  return [
    {
      code: 'sns/subscriber-not-taking',
      severity: 'warning',
      params: { waiting: most, retries },
      evidence: [{ series: 'NotificationsWaiting', t0: 0, t1: horizonSeconds, value: most }],
      patch: [],
    },
  ];
}

/** The quota is the account's: named where this topic was throttled itself. */
function quota({ limits, log, horizonSeconds }: Input): Finding[] {
  const limit = limits.find(({ id }) => id === publishQuota.id);
  const isThrottled = log.some(({ code }) => code === 'sns/publish-throttled');
  if (limit === undefined || limit.refused === 0 || !isThrottled) return [];
  const { refused, capacity, firstRefusedAt: t0 = 0, lastRefusedAt: t1 = horizonSeconds } = limit;
  return [
    {
      code: 'sns/publish-quota-reached',
      severity: 'warning',
      params: { refused, capacity },
      evidence: [{ limit: limit.id, t0, t1, value: refused }],
      patch: [],
    },
  ];
}

function size({ config, log, horizonSeconds }: Input): Finding[] {
  const refusals = log.filter(({ code }) => code.startsWith('sns/message-too-large'));
  const bytes = Math.max(0, ...refusals.map(({ params }) => Number(params['largest'] ?? params['bytes'])));
  const from = config.maximumMessageSizeBytes;
  if (bytes <= from) return [];
  // The log names the first message of an episode, or the largest when it is over: room for others like it.
  const to = Math.min(largestMessageBytes, 2 ** Math.ceil(Math.log2(2 * bytes)));
  return [
    {
      code: 'sns/raise-message-size',
      severity: 'critical',
      params: { bytes, from, to },
      evidence: [{ series: 'PublishSize', t0: refusals[0]?.t ?? 0, t1: horizonSeconds, value: bytes }],
      patch: to > from && bytes <= to ? [{ path: 'config.maximumMessageSizeBytes', from, to }] : [],
    },
  ];
}
