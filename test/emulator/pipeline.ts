/** Puts records into a deployed pipeline and takes out what comes of them. */
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import { clients, type Entry } from '#catalog/clients.ts';
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
        if (left.length > 0) await sleep(RETRY_MS);
      }
    }
  } finally {
    client.close();
  }
  return sent;
}

/** Receivers that take from a queue side by side. */
const RECEIVERS = 4;
/** Looks at an empty queue before it counts as empty: what comes twice comes late. */
const MOST_EMPTY_LOOKS = 5;
const LOOK_AGAIN_MS = 200;

/** Takes messages from a queue until so many records have come and no more follow; returns the identities as they came. */
export async function takeAll(
  options: ClientOptions,
  queueUrl: string,
  count: number,
  limitMs = 120_000,
): Promise<string[]> {
  const sqs = new SQSClient({ ...options, useQueueUrlAsEndpoint: false });
  const deadlineMs = performance.now() + limitMs;
  const taken: string[] = [];
  let empties = 0;
  async function receive(): Promise<void> {
    while (performance.now() < deadlineMs && (taken.length < count || empties < MOST_EMPTY_LOOKS)) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
      );
      if (Messages.length === 0) {
        empties += 1;
        await sleep(LOOK_AGAIN_MS);
        continue;
      }
      empties = 0;
      taken.push(...Messages.flatMap(idsOf));
      const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  }
  try {
    await Promise.all(Array.from({ length: RECEIVERS }, receive));
  } finally {
    sqs.destroy();
  }
  return taken;
}

/** Identities of the records of a PutRecords request. */
export function idsIn(body: Buffer): string[] {
  const { Records } = JSON.parse(body.toString()) as { readonly Records: readonly { readonly Data: string }[] };
  return Records.map(({ Data }) => (JSON.parse(Buffer.from(Data, 'base64').toString()) as { readonly id: string }).id);
}

function idsOf({ Body = '' }: Message): string[] {
  return Body.split('\n').map((line) => (JSON.parse(line) as { readonly id: string }).id);
}
