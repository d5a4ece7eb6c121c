/**
 * The languages that ports speak. A link is legal when kind and protocol agree; each protocol carries the sentence
 * shown when a link is refused and what would make it legal.
 */

export type EdgeKind = 'data' | 'call' | 'query' | 'trigger';

/** How the two ends of an edge of this protocol meet in the engine. */
export type Meeting = 'push' | 'log' | 'queue' | 'call' | 'invoke' | 'query';

export interface Protocol {
  readonly kind: EdgeKind;
  readonly meeting: Meeting;
  /** What the receiving port takes, completing "this port takes ...". */
  readonly takes: string;
  /** What would make a refused link legal. */
  readonly remedy: string;
}

export const protocols = {
  'kinesis-put': {
    kind: 'data',
    meeting: 'push',
    takes: 'records put by a producer (PutRecord, PutRecords)',
    remedy: 'Link an output of an application, a function or a traffic source to it.',
  },
  'kinesis-get-records': {
    kind: 'data',
    meeting: 'log',
    takes: 'records read from a stream (GetRecords or enhanced fan-out)',
    remedy: 'Link the consumers port of a Kinesis data stream to it.',
  },
  'sqs-send': {
    kind: 'data',
    meeting: 'push',
    takes: 'messages sent to a queue',
    remedy: 'Link an output of an application, a function, a topic or an on-failure port to it.',
  },
  'sqs-receive': {
    kind: 'data',
    meeting: 'queue',
    takes: 'messages received from a queue',
    remedy: 'Link the consumers port of an SQS queue to it.',
  },
  'lambda-invoke': {
    kind: 'data',
    meeting: 'push',
    takes: 'events that invoke a function asynchronously',
    remedy: 'Link a topic, a rule or another producer of events to it.',
  },
  'service-request': {
    kind: 'data',
    meeting: 'push',
    takes: 'requests handed to a service',
    remedy: 'Link an output of an application, a function or a traffic source to it.',
  },
  's3-put': {
    kind: 'data',
    meeting: 'push',
    takes: 'objects put into a bucket, each holding one record or many',
    remedy: 'Link an output of an application or a function, or the destination of a delivery stream, to it.',
  },
  'firehose-put': {
    kind: 'data',
    meeting: 'push',
    takes: 'records put into a delivery stream (PutRecord, PutRecordBatch)',
    remedy: 'Link an output of an application, a function, a topic or a traffic source to it.',
  },
  'lambda-request': {
    kind: 'call',
    meeting: 'invoke',
    takes: 'batches that a service sends to a function and waits for (RequestResponse)',
    remedy: 'Link the transform port of a delivery stream to it.',
  },
  'sns-publish': {
    kind: 'data',
    meeting: 'push',
    takes: 'messages published to a topic',
    remedy: 'Link an output of an application, a function or a traffic source to it.',
  },
  'cache-command': {
    kind: 'call',
    meeting: 'call',
    takes: 'commands of a cache (GET, SET) from code that waits for the answer',
    remedy: 'Link an output of the calls port of a function to it.',
  },
  's3-get': {
    kind: 'call',
    meeting: 'call',
    takes: 'reads of objects (GetObject) by code that waits for them',
    remedy: 'Link an output of the calls port of a function to it.',
  },
  'opensearch-bulk': {
    kind: 'data',
    meeting: 'push',
    takes: 'documents indexed in bulk requests',
    remedy: 'Link an output of an application or a function, or a Firehose stream, to it.',
  },
  'opensearch-search': {
    kind: 'query',
    meeting: 'query',
    takes: 'answers to searches of a domain (OpenSearch Dashboards)',
    remedy: 'Link the searches port of an OpenSearch domain to it.',
  },
  'application-delivery': {
    kind: 'data',
    meeting: 'push',
    takes: 'records delivered to an application',
    remedy: 'Link an output of an application, a function or a service to it.',
  },
} as const satisfies Record<string, Protocol>;

export type ProtocolId = keyof typeof protocols;

/** Protocols by which a sender hands records over: what every emitting port speaks. */
export const pushProtocols: readonly ProtocolId[] = (Object.keys(protocols) as ProtocolId[]).filter(
  (id) => protocols[id].meeting === 'push',
);
