import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'kinesis-data-streams--lambda/retry-waits-reversed': ({ base, max }) =>
    `retryBaseMs (${base}) must not exceed retryMaxMs (${max})`,
  'kinesis-data-streams--lambda/lane-blocked': ({ shard, lane, tries, errors }) =>
    `shard ${shard}, lane ${lane} is blocked: ${tries} tries in a row without success, ${errors} of them errors of the function; records behind them wait`,
  'kinesis-data-streams--lambda/lanes-go-on': () => 'no lane is blocked any more',
  'kinesis-data-streams--lambda/records-given-up': ({ reason, shard }) =>
    `records are given up, first on shard ${shard}: ${reason}`,
  'kinesis-data-streams--lambda/records-given-up-over': ({ records }) =>
    `no more records are given up; ${records} were`,
  'kinesis-data-streams--lambda/records-expire': () =>
    'records reach the end of the stream’s retention before the function has taken them: they are lost',
  'kinesis-data-streams--lambda/records-expire-over': ({ records }) => `no more records expire; ${records} were lost`,
  'kinesis-data-streams--lambda/batch-too-small': ({ batchSize, to, ageSeconds }) =>
    `Batches of ${batchSize} do not keep up: records are up to ${ageSeconds} s old when they reach the function. Most of the function's time goes into invocations rather than records: batches of ${to} need fewer.`,
  'kinesis-data-streams--lambda/too-few-lanes': ({ lanes, to, ageSeconds }) =>
    `Batches do not keep up, ${lanes} at a time per shard: records are up to ${ageSeconds} s old when they reach the function. Try ${to}, if its concurrency allows them, or a faster function.`,
  'kinesis-data-streams--lambda/failures-block-the-shard': ({ failed }) =>
    `${failed} records were in failed batches, and a batch that never succeeds blocks its shard until its records expire. Split batches on error, limit the retries, and link the on-failure port to a queue.`,
  'kinesis-data-streams--lambda/age-near-retention': ({ ageSeconds, retentionHours }) =>
    `Records were up to ${ageSeconds} s old, more than half of the retention of ${retentionHours} h: what grows older is lost.`,
};
