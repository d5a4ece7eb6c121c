/** Every client of deployed resources, by the protocol that it speaks. Loaded by the driver and by handlers. */
import type { ProtocolId } from '#schema/protocols.ts';
import { createClient as dataFirehose } from './components/data-firehose/client.ts';
import { createAskedClient as elasticache } from './components/elasticache/client.ts';
import {
  createClient as kinesisDataStreams,
  createReader as readStream,
} from './components/kinesis-data-streams/client.ts';
import { createClient as lambda } from './components/lambda/client.ts';
import { createClient as opensearch } from './components/opensearch/client.ts';
import { createClient as s3, createSinkReader as objects } from './components/s3/client.ts';
import { createClient as sns } from './components/sns/client.ts';
import {
  createClient as sqs,
  createReader as readQueue,
  createSinkReader as messages,
} from './components/sqs/client.ts';
import type {
  AskedClientFactory,
  ClientFactory,
  ReaderFactory,
  SinkReaderFactory,
} from './models/deployment/client.ts';

export type {
  AskedClient,
  AskedClientFactory,
  ClientFactory,
  ClientSettings,
  Entry,
  Mark,
  Reader,
  ReaderFactory,
  ReaderInput,
  Reading,
  Refusal,
  SinkLook,
  SinkReader,
  SinkUnit,
  TargetClient,
  WireRecord,
} from './models/deployment/client.ts';

export { parseRecords, wireLine } from './models/deployment/client.ts';

/** Those that send records. */
export const clients: ReadonlyMap<ProtocolId, ClientFactory> = new Map<ProtocolId, ClientFactory>([
  ['kinesis-put', kinesisDataStreams],
  ['sqs-send', sqs],
  ['sns-publish', sns],
  ['firehose-put', dataFirehose],
  ['s3-put', s3],
  ['lambda-invoke', lambda],
  ['opensearch-bulk', opensearch],
]);

/** Those that code asks and waits for. */
export const askedClients: ReadonlyMap<ProtocolId, AskedClientFactory> = new Map<ProtocolId, AskedClientFactory>([
  ['cache-command', elasticache],
]);

/** Those that poll. */
export const readers: ReadonlyMap<ProtocolId, ReaderFactory> = new Map<ProtocolId, ReaderFactory>([
  ['kinesis-get-records', readStream],
  ['sqs-receive', readQueue],
]);

/** Those that look at what has arrived where nothing deployed takes it on, by the protocol in which it comes. */
export const sinkReaders: ReadonlyMap<ProtocolId, SinkReaderFactory> = new Map<ProtocolId, SinkReaderFactory>([
  ['s3-put', objects],
  ['sqs-send', messages],
]);
