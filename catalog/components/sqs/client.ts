/** Sends messages to an SQS queue, ten to a call. Quotas: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html (read 2026-11-21) */
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ClientFactory, TargetClient } from '#catalog/models/deployment/client.ts';

const maxEntries = 10;
const maxBytes = 1_048_576;

export const createClient: ClientFactory = (settings): TargetClient => {
  const client = new SQSClient({ ...settings, useQueueUrlAsEndpoint: settings.endpoint === undefined });
  return {
    maxEntries,
    maxBytes,
    send: async (address, entries) => {
      const isFifo = address.endsWith('.fifo');
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: address,
          Entries: entries.map(({ body, key }, i) => ({
            Id: String(i),
            MessageBody: body,
            ...(isFifo ? { MessageGroupId: key } : {}),
          })),
        }),
      );
      return Failed.map(({ Id, Code }) => ({ index: Number(Id), code: Code ?? 'Unknown' }));
    },
    close: () => client.destroy(),
  };
};
