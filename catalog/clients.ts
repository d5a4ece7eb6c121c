/** Every client that can send records to a deployed resource, by the protocol of the port that takes them. Loaded by the driver and by handlers. */
import type { ProtocolId } from '#schema/protocols.ts';
import { createClient as kinesisDataStreams } from './components/kinesis-data-streams/client.ts';
import { createClient as sqs } from './components/sqs/client.ts';
import type { ClientFactory } from './models/deployment/client.ts';

export type {
  AskedClient,
  ClientFactory,
  ClientSettings,
  Entry,
  Refusal,
  TargetClient,
} from './models/deployment/client.ts';

export const clients: ReadonlyMap<ProtocolId, ClientFactory> = new Map<ProtocolId, ClientFactory>([
  ['kinesis-put', kinesisDataStreams],
  ['sqs-send', sqs],
]);
