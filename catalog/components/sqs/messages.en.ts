import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'sqs/throughput-limit-without-group-scope': ({ deduplicationScope }) =>
    `fifoThroughputLimit perMessageGroupId needs deduplicationScope messageGroup, got ${deduplicationScope}; set both or neither`,

  'sqs/backlog-grows': ({ messages: count, ageSeconds }) =>
    `backlog grows: ${count} messages wait, the oldest for ${ageSeconds} s; the consumers take less than is sent`,
  'sqs/backlog-drained': ({ peak, minutes }) =>
    `backlog drained after ${minutes} min; at its peak ${peak} messages waited`,
  'sqs/dead-lettering': ({ receives }) =>
    `messages go to the dead-letter queue: received ${receives} times and not deleted`,
  'sqs/dead-lettering-ended': ({ messages: count }) =>
    `${count} messages have gone to the dead-letter queue; no more now`,
  'sqs/retention-loss': ({ retentionSeconds }) =>
    `messages are lost: older than the retention period of ${retentionSeconds} s`,
  'sqs/retention-loss-ended': ({ messages: count }) => `${count} messages were lost by retention; no more now`,
  'sqs/in-flight-limit': ({ limit }) => `receives return nothing: ${limit} messages are in flight, the limit`,
  'sqs/in-flight-limit-ended': ({ receives }) =>
    `messages are received again; ${receives} receives had returned nothing`,
  'sqs/throttled': ({ callsPerSecond }) => `calls are throttled: more than ${callsPerSecond} a second per action`,
  'sqs/recovered': ({ refused }) => `no calls throttled any more; ${refused} were`,
  'sqs/message-too-large': ({ bytes, limit }) => `a message of ${bytes} bytes is refused; the queue takes ${limit}`,
  'sqs/received-often': ({ receives }) =>
    `a message was received ${receives} times without being deleted, and there is no dead-letter queue`,

  'sqs/visibility-timeout-too-short': ({ timeoutSeconds, holdSeconds, returned, to }) =>
    `Consumers hold a message up to ${holdSeconds} s (p99) but its visibility timeout is ${timeoutSeconds} s: ${returned} times a message came back while it was worked on, or after a failure, and was processed twice. With ${to} s it stays hidden until it is done.`,
  'sqs/no-dead-letter-queue': ({ receives }) =>
    `A message was received ${receives} times without success. Link a dead-letter queue, so that it stops taking the consumers' time and can be looked at.`,
  'sqs/retention-near': ({ ageSeconds, retentionSeconds, to }) =>
    `The oldest message reached ${ageSeconds} s of a retention period of ${retentionSeconds} s; beyond it messages are lost. ${to} s leave time to recover.`,
  'sqs/retention-exceeded': ({ messages: count, retentionSeconds, to }) =>
    `${count} messages were lost because they grew older than the retention period of ${retentionSeconds} s. Keep them for ${to} s and give the queue more consumers.`,
  'sqs/consumers-too-slow': ({ peak, sent, deleted }) =>
    `The backlog grew to ${peak} messages and was not worked off: ${sent} were sent, ${deleted} deleted. Give the queue more or faster consumers, or larger batches.`,
  'sqs/fifo-consumers-too-slow': ({ peak, sent, deleted }) =>
    `The backlog grew to ${peak} messages and was not worked off: ${sent} were sent, ${deleted} deleted. A message group is worked on by one consumer at a time: more consumers help only if there are more groups, shorter work per message always does.`,
  'sqs/in-flight-limit-reached': ({ limit }) =>
    `The limit of ${limit} messages in flight was reached: receives waited or returned nothing although there were messages. Delete faster, shorten the visibility timeout, or ask for a higher quota.`,
  'sqs/fifo-calls-exceeded': ({ refused }) =>
    `${refused} calls were throttled by the FIFO quota of calls per second. High throughput mode raises it; batches of 10 need a tenth of the calls.`,
  'sqs/fifo-group-throttled': ({ refused }) =>
    `${refused} messages were throttled because the groups of one partition exceed 300 calls a second. Send batches of 10 or use more message groups.`,
  'sqs/short-polling': ({ empty, received }) =>
    `${empty} receives found nothing, beside ${received} messages received; each is billed. Long polling of 20 s waits for a message instead.`,
};
