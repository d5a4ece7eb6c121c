/**
 * Publishes messages to a topic, ten to a call. Each carries a number drawn from its text, by which filter policies let a share of
 * the messages pass. https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html (read 2026-11-21)
 */
import { createHash } from 'node:crypto';
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import type { ClientFactory, TargetClient } from '#catalog/models/deployment/client.ts';

const maxEntries = 10;
const maxBytes = 262_144;
/** See `catalog/models/topic-subscription/stack.ts`. */
const DRAWS = 1_000_000;
const UINT32 = 4_294_967_296;

export const createClient: ClientFactory = (settings): TargetClient => {
  const client = new SNSClient(settings);
  return {
    maxEntries,
    // Leaves room for the draws.
    maxBytes: maxBytes - maxEntries * 100,
    send: async (address, entries) => {
      const { Failed = [] } = await client.send(
        new PublishBatchCommand({
          TopicArn: address,
          PublishBatchRequestEntries: entries.map(({ body }, i) => {
            const draw = String(drawOf(body));
            return {
              Id: String(i),
              Message: withDraw(body, draw),
              MessageAttributes: { draw: { DataType: 'Number', StringValue: draw } },
            };
          }),
        }),
      );
      return Failed.map(({ Id, Code }) => ({ index: Number(Id), code: Code ?? 'Unknown' }));
    },
    close: () => client.destroy(),
  };
};

/** Uniform in [0, DRAWS), the same for the same text. */
function drawOf(body: string): number {
  return Math.floor((createHash('sha256').update(body).digest().readUInt32BE(0) / UINT32) * DRAWS);
}

/** A filter on the body reads the number there: in a body of one record, which is one JSON object. */
function withDraw(body: string, draw: string): string {
  return body.startsWith('{"') && !body.includes('\n') ? `{"draw":${draw},${body.slice(1)}` : body;
}
