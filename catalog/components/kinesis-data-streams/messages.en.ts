import type { Messages } from '#schema/component.ts';

type Value = string | number | undefined;

const isOne = (count: Value): boolean => String(count) === '1';
const shards = (count: Value): string => `${count} ${isOne(count) ? 'shard' : 'shards'}`;

export const messages: Messages = {
  'kinesis-data-streams/reshard-incomplete': ({ missing }) =>
    `${missing} is missing: a reshard needs both the minute at which it begins and the number of shards`,
  'kinesis-data-streams/reshard-too-far': ({ target, shardCount, least, most }) =>
    `reshardTargetShardCount must be ${least} to ${most} (half to twice the ${shardCount} shards), got ${target}; AWS's UpdateShardCount refuses more`,
  'kinesis-data-streams/throttled': ({ shard, shardCount, sharePercent }) =>
    `${shard} (of ${shards(shardCount)}) refuses records: its write limit is used up` +
    (sharePercent === undefined ? '' : `; ${sharePercent} % of its records carry one key, which stays in one shard`),
  'kinesis-data-streams/recovered': ({ shard, refused }) =>
    `${shard} takes all records again; it had refused ${refused}`,
  'kinesis-data-streams/reads-throttled': ({ shard, consumers }) =>
    `${shard} refuses GetRecords calls: ${isOne(consumers) ? 'its consumer asks' : `${consumers} shared consumers ask`} for more than 5 calls/s or 2 MiB/s`,
  'kinesis-data-streams/reads-recovered': ({ shard, calls }) =>
    `${shard} answers all GetRecords calls again; it had refused ${calls}`,
  'kinesis-data-streams/retention-loss': ({ consumer, retentionHours }) =>
    `consumer ${consumer} loses records: it had not read them after ${retentionHours} h of retention`,
  'kinesis-data-streams/retention-loss-over': ({ consumer, records }) =>
    `consumer ${consumer} loses no more records; ${records} had outlived their retention unread`,
  'kinesis-data-streams/record-too-large': ({ bytes, largestBytes }) =>
    `a record of ${bytes} bytes with its key is larger than the stream takes (${largestBytes} bytes); such records fail`,
  'kinesis-data-streams/call-too-large': ({ records, bytes }) =>
    `a PutRecords call with ${records} records and ${bytes} bytes is refused: 500 records and 10 MiB at most`,
  'kinesis-data-streams/reshard-begun': ({ from, to }) => `reshard from ${from} to ${shards(to)} has begun`,
  'kinesis-data-streams/reshard-done': ({ from, to }) =>
    `reshard from ${from} to ${shards(to)} is done; consumers read the old shards to their end first`,
  'kinesis-data-streams/scaling-begun': ({ from, to }) => `on-demand scaling from ${from} to ${to} shards has begun`,
  'kinesis-data-streams/scaling-done': ({ from, to }) => `on-demand scaling: ${from} shards have become ${to}`,
  'kinesis-data-streams/too-many-fan-out-consumers': () =>
    'the stream has more enhanced fan-out consumers than AWS allows (20, with On-demand Advantage 50)',
  'kinesis-data-streams/hot-key': ({ keyPercent, refused }) =>
    `One partition key asks for ${keyPercent} % of what a shard can take, and ${refused} writes were refused, retries included. More shards will not help: a key stays in one shard. Change the key, for instance by adding a suffix.`,
  'kinesis-data-streams/hot-shard': ({ hottestPercent, meanPercent, refused }) =>
    `The busiest shard took ${hottestPercent} % of its write limit while the stream as a whole took ${meanPercent} %; ${refused} writes were refused, retries included. The keys are spread unevenly: choose a key with more values.`,
  'kinesis-data-streams/too-few-shards': ({ from, to, refused }) =>
    `${refused} writes were refused, retries included: ${shards(from)} ${isOne(from) ? 'is' : 'are'} too few at the peak. ${shards(to)} would take it.`,
  'kinesis-data-streams/refused-in-bursts': ({ hottestPercent, refused }) =>
    `${refused} writes were refused, retries included, although the busiest shard took no more than ${hottestPercent} % of its write limit over a minute: either its capacity was reduced for a time, or records come in bursts that are larger than what a shard takes in a second. Spread the sends, or let retries last longer.`,
  'kinesis-data-streams/on-demand-throttled': ({ refused }) =>
    `${refused} writes were refused, retries included, before on-demand mode had scaled. It follows twice the earlier peak within 15 minutes; use warm throughput (On-demand Advantage) or provisioned shards for sudden peaks.`,
  'kinesis-data-streams/iterator-age': ({ ageHours, retentionHours, percent }) =>
    `A consumer was ${ageHours} h behind, ${percent} % of the retention of ${retentionHours} h: records that are not read in time are lost. Speed the consumer up, or keep records longer.`,
  'kinesis-data-streams/records-lost': ({ retentionHours }) =>
    `Records were lost: a consumer had not read them within ${retentionHours} h.`,
  'kinesis-data-streams/read-limit': ({ refused }) =>
    `${refused} GetRecords calls were refused: the shared consumers of a shard have 5 calls/s and 2 MiB/s together. Give a consumer enhanced fan-out (2 MiB/s of its own), or read less often.`,
  'kinesis-data-streams/over-provisioned': ({ from, to, peakPercent }) =>
    `The busiest second took ${peakPercent} % of a shard's write limit. ${shards(to)} instead of ${from} would do, and cost less.`,
};
