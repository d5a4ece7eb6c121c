import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  's3/class-goes-up': ({ from, to }) =>
    `lifecycle rules only move objects to a class further down (Standard, Standard-IA, Intelligent-Tiering, One Zone-IA, Glacier Instant Retrieval, Glacier Flexible Retrieval, Deep Archive); ${to} does not come after ${from}`,
  's3/too-early': ({ days, least, to }) =>
    `objects stay in their first class for at least ${least} days before they go to ${to}, got ${days}`,
  's3/days-reversed': ({ days, before }) =>
    `the archive class follows the first transition, which comes at ${before} days, got ${days}; choose more days`,
  's3/expires-before': ({ days, before }) =>
    `objects would be deleted at ${days} days, before they go to another class at ${before} days; choose more days, or leave the transition out`,
  's3/slow-down': ({ partitions }) =>
    `503 Slow Down: more than 3,500 writes or 5,500 reads a second came to a partition of the keys (the bucket has ${partitions})`,
  's3/slow-down-over': ({ refused }) => `no 503 Slow Down for a minute; ${refused} requests had been refused`,
  's3/partitioned': ({ from, to }) => `S3 has split the keys: partitions ${from} -> ${to}, each takes 3,500 writes/s`,
  's3/kms-throttled': () =>
    'KMS throttles: the requests of the account are above its quota, and those of the bucket fail with them',
  's3/kms-throttled-over': ({ refused }) => `no request was refused by KMS for a minute; ${refused} had been`,
  's3/errors': () => 'PUT requests fail with internal errors',
  's3/errors-over': ({ failed }) => `no PUT has failed for a minute; ${failed} objects had`,
  's3/too-few-partitions': ({ refused, kind, perSecond, prefixes, to }) =>
    `S3 answered 503 Slow Down to ${refused} ${kind} requests: the keys of objects begin with ${Number(prefixes) === 1 ? 'one prefix' : `${prefixes} prefixes`}, and a partition of them takes ${perSecond} a second. Spread the keys over ${to} prefixes, for instance by a hash before the date, and have AWS Support split the bucket in advance; or write fewer, larger objects.`,
  's3/archived-reads': ({ refused, storageClass }) =>
    `${refused} reads failed (403 InvalidObjectState): objects in ${storageClass} must be restored before they can be read. Write what is read into a class that answers at once, such as GLACIER_IR.`,
  's3/small-objects': ({ meanKib, objectsPerDay }) =>
    `Objects are small: ${meanKib} KiB on average, ${objectsPerDay} a day. Every reader pays for each one in time and requests, lifecycle rules leave those below 128 KiB where they are, and infrequent access classes bill them as 128 KiB. Let the writer collect more before it writes, or compact the objects afterwards; analytics works best with 128 MiB and more.`,
  's3/kms-call-per-object': ({ requests }) =>
    `Each of ${requests} PUTs asked KMS for a data key: billed, and counted against the quota of the account. A bucket key takes away up to 99 % of the calls.`,
  's3/before-steady-state': ({ from, to, days, gib }) =>
    `The monthly bill shows the storage of month ${from}. Objects are kept for ${days} days: from month ${to} on the bucket holds about ${gib} GiB all the time. Look at that month for what it will cost in the long run.`,
  's3/storage-grows': ({ gibPerMonth }) =>
    `Nothing expires and nothing moves to a cheaper class: storage grows by ${gibPerMonth} GiB a month, for ever. If objects are rarely read after a month, Standard-IA costs about half for them; set an expiry if they need not be kept.`,
};
