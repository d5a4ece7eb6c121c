/** Puts records into a deployed pipeline and takes out what comes of them. */
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clients } from '#catalog/clients.ts';
import type { Entry } from '#catalog/clients.ts';
import type { ClientOptions } from './emulator.ts';

/** Full jitter between attempts would make a test long. */
const RETRY_MS = 5;
const MOST_ATTEMPTS = 20;

/** Entries whose records have the identities given, alternately on a hundred keys. */
export function entries(ids: readonly string[]): Entry[] {
  return ids.map((id, i) => {
    const key = `key-${i % 100}`;
    return { key, body: JSON.stringify({ id, t: Date.now(), k: key, p: 'x'.repeat(200) }) };
  });
}

export function identities(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `r${i}`);
}

/** How a sending went: entries stored, and calls whose answer never came, so that what they held was sent again. */
export interface Sent {
  readonly calls: number;
  readonly refused: number;
  readonly failedCalls: number;
}

/** Sends with the client of the product; only what was refused, or what may not have arrived, is sent again. */
export async function sendAll(
  options: ClientOptions,
  stream: string,
  all: readonly Entry[],
  batchSize = 500,
): Promise<Sent> {
  const create = clients.get('kinesis-put');
  if (create === undefined) throw new Error('no client for Kinesis');
  const { region, endpoint, credentials } = options;
  const client = create({ region, endpoint, credentials: () => Promise.resolve(credentials) });
  const sent = { calls: 0, refused: 0, failedCalls: 0 };
  try {
    for (let i = 0; i < all.length; i += batchSize) {
      let left = all.slice(i, i + batchSize);
      for (let attempt = 0; left.length > 0; attempt += 1) {
        if (attempt === MOST_ATTEMPTS) throw new Error(`${left.length} entries were refused ${MOST_ATTEMPTS} times`);
        sent.calls += 1;
        try {
          const refusals = await client.send(stream, left);
          sent.refused += refusals.length;
          left = refusals.flatMap(({ index }) => left[index] ?? []);
        } catch {
          sent.failedCalls += 1;
        }
        if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  } finally {
    client.close();
  }
  return sent;
}

/** Takes messages from a queue until so many records have come and no more follow; returns the identities as they came. */
export async function takeAll(
  options: ClientOptions,
  queueUrl: string,
  count: number,
  limitMs = 45_000,
): Promise<string[]> {
  const sqs = new SQSClient({ ...options, useQueueUrlAsEndpoint: false });
  const deadlineMs = performance.now() + limitMs;
  const taken: string[] = [];
  let empties = 0;
  try {
    // A few looks more: what comes twice comes late.
    while (performance.now() < deadlineMs && (taken.length < count || empties < 3)) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
      );
      empties = Messages.length === 0 ? empties + 1 : 0;
      if (Messages.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        continue;
      }
      taken.push(...Messages.flatMap(idsOf));
      const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  } finally {
    sqs.destroy();
  }
  return taken;
}

function idsOf({ Body = '' }: Message): string[] {
  return Body.split('\n').map((line) => (JSON.parse(line) as { readonly id: string }).id);
}
