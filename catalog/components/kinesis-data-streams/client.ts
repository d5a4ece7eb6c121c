/**
 * Puts records into a Kinesis data stream with PutRecords over HTTP/1.1. A call takes 500 records and 10 MiB, keys included:
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html (read 2026-11-21)
 */
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ClientFactory, TargetClient } from '#catalog/models/deployment/client.ts';

const maxEntries = 500;
const maxBytes = 10_485_760;

export const createClient: ClientFactory = (settings): TargetClient => {
  const client = new KinesisClient({ ...settings, requestHandler: new NodeHttpHandler() });
  return {
    maxEntries,
    maxBytes,
    send: async (address, entries) => {
      const { Records = [] } = await client.send(
        new PutRecordsCommand({
          StreamName: address,
          Records: entries.map(({ body, key }) => ({ Data: Buffer.from(body), PartitionKey: key })),
        }),
      );
      return Records.flatMap(({ ErrorCode }, index) => (ErrorCode === undefined ? [] : [{ index, code: ErrorCode }]));
    },
    close: () => client.destroy(),
  };
};
