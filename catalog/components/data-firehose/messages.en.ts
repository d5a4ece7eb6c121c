import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'data-firehose/two-destinations': () =>
    'a delivery stream has one destination: link S3 or OpenSearch, and give the other a stream of its own',
  'data-firehose/no-destination': () =>
    'a delivery stream needs a destination: link its port s3 to a bucket or its port opensearch to a domain',
  'data-firehose/two-sources': () =>
    'a delivery stream has one source: either a Kinesis stream or Direct PUT; link only one',
  'data-firehose/opensearch-buffer': ({ size, most }) =>
    `the buffer for OpenSearch may be up to ${most} MiB, got ${size} MiB; choose less`,
  'data-firehose/conversion-for-s3': ({ formatConversion }) =>
    `records are converted to ${formatConversion} for S3 only; choose none, or deliver to a bucket`,
  'data-firehose/conversion-buffer': ({ size, least }) =>
    `with format conversion the buffer is at least ${least} MiB, got ${size} MiB; AWS takes 128 when nothing is given`,
  'data-firehose/conversion-compression': ({ compressionFormat }) =>
    `format conversion compresses by its own serializer; set compressionFormat to UNCOMPRESSED instead of ${compressionFormat}`,
  'data-firehose/partitioning-for-s3': () =>
    'dynamic partitioning is for deliveries to S3 only; switch it off, or deliver to a bucket',
  'data-firehose/partition-buffer': ({ size, least }) =>
    `with dynamic partitioning the buffer is at least ${least} MiB, got ${size} MiB; choose ${least} or more`,
  'data-firehose/retry-waits-reversed': ({ base, max }) =>
    `the first retry wait of ${base} s is longer than the longest of ${max} s; choose a shorter one`,
  'data-firehose/throttled': () =>
    'Direct PUT is above the quotas of the stream: records are refused (ServiceUnavailableException), the senders must send them again',
  'data-firehose/throttling-over': ({ records }) => `no record was refused for a minute; ${records} had been`,
  'data-firehose/quota-raised': ({ times }) =>
    `Firehose has raised the Direct PUT quotas of the stream to ${times} times what they were`,
  'data-firehose/record-too-large': ({ bytes }) =>
    `a record of ${bytes} bytes was refused: a record holds at most 1,000 KiB (1,024,000 bytes)`,
  'data-firehose/call-too-large': ({ records, bytes }) =>
    `a PutRecordBatch with ${records} records and ${bytes} bytes was refused as a whole: it takes at most 500 records and 4 MiB`,
  'data-firehose/delivery-failing': () =>
    'the destination does not take what is delivered: it is tried again while the buffers fill',
  'data-firehose/delivery-recovered': ({ attempts }) => `deliveries are taken again; ${attempts} attempts had failed`,
  'data-firehose/records-failed': ({ reason }) =>
    `records are given up (${String(reason).replaceAll('-', ' ')}): they go to the failed records’ bucket, or are lost if none is linked`,
  'data-firehose/records-failed-over': ({ records }) => `no record was given up for a minute; ${records} had been`,
  'data-firehose/records-expired': () =>
    'the destination has failed for so long that the oldest records are deleted: data is lost',
  'data-firehose/records-expired-over': ({ records }) => `no record has expired for a minute; ${records} had`,
  'data-firehose/transform-failing': () => 'invocations of the transform are throttled or fail, and are repeated',
  'data-firehose/transform-recovered': ({ invocations }) =>
    `no invocation of the transform has failed for a minute; ${invocations} had`,
  'data-firehose/quota-too-low': ({ refused, limit, times }) =>
    `Direct PUT refused ${refused} (${limit}), retries included. Ask for ${times} times the quotas; they are raised together. Fewer, larger calls (PutRecordBatch takes 500 records) spare the quota of requests; a Kinesis stream in front has no such quotas.`,
  'data-firehose/buffer-above-objective': ({ objective, target, measured, wait, to }) =>
    `Objective ${objective} allows ${target} s and ${measured} s were measured; records wait up to ${wait} s in the buffers of this stream. With ${to} s they would be in time, in more and smaller deliveries.`,
  'data-firehose/too-many-partitions': ({ refused, from, to }) =>
    `${refused} records failed because more than ${from} values of the partition key were active at once. Ask for a quota of ${to} active partitions, choose a key with fewer values, or a shorter buffer interval, after which a value is no longer active.`,
  'data-firehose/transform-fails': ({ percent, failed }) =>
    `${percent} % of the invocations of the transform were throttled or failed, and ${failed} records were given up. Look at the function: its concurrency, its timeout (at most 5 minutes count) and its errors.`,
  'data-firehose/records-given-up': ({ failed }) =>
    `${failed} records were given up. They are in the bucket linked to the port failed, and lost without one. Find the cause before they are sent in again.`,
  'data-firehose/retry-too-short': ({ failed, from, to }) =>
    `${failed} records were given up because OpenSearch did not take them within ${from} s. A retry duration of ${to} s bridges longer troubles.`,
  'data-firehose/records-too-old': ({ expired }) =>
    `${expired} records were deleted before the destination took them: Direct PUT keeps them for 24 h, a Kinesis stream in front for as long as its retention, up to 365 days.`,
  'data-firehose/delivery-slow': ({ age, interval }) =>
    `The oldest record was ${age} s old although the buffer interval is ${interval} s: the destination takes less than what comes in, or did not answer for a time.`,
  'data-firehose/small-deliveries': ({ kib, perDay, toMebibytes, toSeconds }) =>
    `Deliveries are small: ${kib} KiB on average, ${perDay} objects a day. Each is a request to S3 and a file to open for whoever reads. Hints of ${toMebibytes} MiB and ${toSeconds} s make them larger; records then arrive later.`,
};
