/**
 * Puts records into a delivery stream, 500 or 4 MiB to a call.
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html (read 2026-11-21)
 */
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { ClientFactory, TargetClient } from '#catalog/models/deployment/client.ts';

const maxEntries = 500;
const maxBytes = 4_194_304;

export const createClient: ClientFactory = (settings): TargetClient => {
  const client = new FirehoseClient(settings);
  return {
    maxEntries,
    maxBytes,
    send: async (address, entries) => {
      const { RequestResponses = [] } = await client.send(
        new PutRecordBatchCommand({
          DeliveryStreamName: address,
          Records: entries.map(({ body }) => ({ Data: Buffer.from(body) })),
        }),
      );
      return RequestResponses.flatMap(({ ErrorCode }, index) =>
        ErrorCode === undefined ? [] : [{ index, code: ErrorCode }],
      );
    },
    close: () => client.destroy(),
  };
};
