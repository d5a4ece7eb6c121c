/** Sends messages to an SQS queue, ten to a call, and polls one. Quotas: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html (read 2026-11-21) */
import { createHash } from 'node:crypto';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type {
  ClientFactory,
  ClientSettings,
  ReaderFactory,
  Reading,
  SinkReaderFactory,
  TargetClient,
} from '#catalog/models/deployment/client.ts';

const maxEntries = 10;
const maxBytes = 1_048_576;

/** A queue's URL is where it is reached, unless an endpoint is set. */
function connect(settings: ClientSettings): SQSClient {
  const hasEndpoint = settings.endpoint !== undefined || process.env['AWS_ENDPOINT_URL'] !== undefined;
  return new SQSClient({ ...settings, useQueueUrlAsEndpoint: !hasEndpoint });
}

export const createClient: ClientFactory = (settings): TargetClient => {
  const client = connect(settings);
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
            ...(isFifo ? { MessageGroupId: key, MessageDeduplicationId: sameFor(body) } : {}),
          })),
        }),
      );
      return Failed.map(({ Id, Code }) => ({ index: Number(Id), code: Code ?? 'Unknown' }));
    },
    close: () => client.destroy(),
  };
};

/** The same text sent again within five minutes is the same message. */
function sameFor(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Receives, works on the messages side by side, and deletes those that went well; the others come back by themselves. */
export const createReader: ReaderFactory = (settings) => {
  const client = connect(settings);
  return async ({ address, maxEntries: most, waitSeconds, readers }, reading) => {
    const poll = async (): Promise<void> => {
      while (!reading.isStopped()) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({
            QueueUrl: address,
            MaxNumberOfMessages: Math.min(most, maxEntries),
            WaitTimeSeconds: waitSeconds,
          }),
        );
        const done = await workOn(Messages, reading);
        if (done.length > 0) {
          await client.send(new DeleteMessageBatchCommand({ QueueUrl: address, Entries: done }));
        }
      }
    };
    await Promise.all(Array.from({ length: readers }, poll));
  };
};

async function workOn(messages: readonly Message[], reading: Reading) {
  const done = await Promise.all(
    messages.map(async ({ Body = '', ReceiptHandle }, i) => {
      try {
        await reading.work([Body]);
        return [{ Id: String(i), ReceiptHandle }];
      } catch {
        // Its visibility timeout brings it back.
        return [];
      }
    }),
  );
  return done.flat();
}

/** Receivers side by side, and empty answers after which a look ends: short polls ask only some of the servers. */
const RECEIVERS = 4;
const EMPTY_ANSWERS = 2;
/** While a message that stays is out of sight, seconds. Nothing is given twice for it: the message's own id tells. */
const HIDDEN_SECONDS = 120;

/** Receives what is there, and deletes it where it is to be taken away. */
export const createSinkReader: SinkReaderFactory = (settings, { address, sinceMs, removes }) => {
  const client = connect(settings);
  const seen = new Set<string>();
  const receive = async (give: Parameters<ReturnType<SinkReaderFactory>['look']>[0]): Promise<void> => {
    let empty = 0;
    while (empty < EMPTY_ANSWERS) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: address,
          MaxNumberOfMessages: maxEntries,
          WaitTimeSeconds: 0,
          MessageSystemAttributeNames: ['SentTimestamp'],
          ...(removes ? {} : { VisibilityTimeout: HIDDEN_SECONDS }),
        }),
      );
      empty = Messages.length === 0 ? empty + 1 : 0;
      for (const { MessageId = '', Body = '', Attributes } of Messages) {
        const arrivedMs = Number(Attributes?.SentTimestamp ?? 0);
        if (seen.has(MessageId) || arrivedMs < sinceMs) continue;
        seen.add(MessageId);
        give({ body: Body, arrivedMs });
      }
      if (removes && Messages.length > 0) {
        const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
        await client.send(new DeleteMessageBatchCommand({ QueueUrl: address, Entries }));
      }
    }
  };
  return {
    look: async (give) => {
      await Promise.all(Array.from({ length: RECEIVERS }, () => receive(give)));
    },
    close: () => client.destroy(),
  };
};
