import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'opensearch/no-such-volume': ({ instanceType, volumeType }) =>
    `${instanceType} takes no ${volumeType} volume; choose another volume type or a newer data node type`,
  'opensearch/volume-too-large': ({ volumeSizeGiB, largest, instanceType, volumeType }) =>
    `a ${volumeType} volume of ${instanceType} holds at most ${largest} GiB, got ${volumeSizeGiB} GiB; take more or larger data nodes`,
  'opensearch/master-count': ({ count }) => `a domain has 0, 3 or 5 dedicated masters, got ${count}; 3 are advised`,
  'opensearch/rejecting': ({ nodes }) =>
    `the ${nodes} data nodes have more bulk requests in work than they take: documents are rejected (429) and must be sent again`,
  'opensearch/rejecting-ended': ({ documents }) =>
    `no document was rejected for a minute; ${documents} had been, repeated attempts included`,
  'opensearch/payload-too-large': ({ most, instanceType }) =>
    `bulk requests are larger than the ${most} MiB that ${instanceType} takes (413): they fail as a whole, however often they are sent`,
  'opensearch/payload-too-large-ended': ({ requests }) =>
    `no request was too large for a minute; ${requests} had been, repeated attempts included`,
  'opensearch/searches-rejected': () =>
    'more searches wait than the queues of the data nodes hold: searches are rejected (429)',
  'opensearch/searches-rejected-ended': ({ searches }) => `no search was rejected for a minute; ${searches} had been`,
  'opensearch/writes-blocked': ({ freeGiB }) =>
    `only ${freeGiB} GiB are free on a data node: writes are blocked (403) until old indexes are deleted or volumes grow`,
  'opensearch/writes-free': ({ documents }) =>
    `writes are no longer blocked; ${documents} documents had been refused, repeated attempts included`,
  'opensearch/too-many-shards': ({ shards, nodes }) =>
    `${shards} shards lie on ${nodes} data nodes, more than 1,000 on each: the domain cannot create further indexes`,
  'opensearch/cpu-busy': ({ cpuPercent, nodes, to, aimPercent }) =>
    `The processors of the ${nodes} data nodes were ${cpuPercent} % busy. With ${to} data nodes they would be about ${aimPercent} % busy.`,
  'opensearch/rejected': ({ rejected, nodes, to }) =>
    `${rejected} documents were rejected, repeated attempts included: more bulk requests came at once than ${nodes} data nodes take. Use ${to} data nodes, or let the sender wait longer between attempts.`,
  'opensearch/storage-short': ({ usedPercent, volumeSizeGiB, to }) =>
    `Indexes filled ${usedPercent} % of what the volumes hold before writes are blocked. Volumes of ${to} GiB in place of ${volumeSizeGiB} GiB leave a third free.`,
  'opensearch/shards-uneven': ({ shards, nodes, to }) =>
    `${shards} shards of an index, copies included, do not divide evenly among ${nodes} data nodes: some idle while others are full. Use ${to} primary shards.`,
  'opensearch/shards-large': ({ shardGiB, to }) =>
    `A shard grew to ${shardGiB} GiB; up to 50 GiB is advised. Use ${to} primary shards, or a new index more often.`,
  'opensearch/no-copy': () =>
    'An index without replicas loses the data of a node that fails. Keep at least one replica, which doubles storage and indexing work.',
  'opensearch/copies-without-node': ({ replicas, nodes }) =>
    `${replicas} replicas need ${Number(replicas) + 1} data nodes, there are ${nodes}: the missing copies are not kept (cluster status yellow).`,
  'opensearch/small-bulks': ({ documents }) =>
    `A bulk request carried only ${documents} documents in the mean. Larger ones (3 to 5 MiB are advised to begin with) cost fewer round trips.`,
};
