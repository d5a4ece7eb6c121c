/**
 * Puts records into a Kinesis data stream with PutRecords over HTTP/1.1, and reads one shard by shard. A call takes 500 records and 10 MiB, keys included:
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html (read 2026-11-21)
 */
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
  type Shard,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type {
  ClientFactory,
  ReaderFactory,
  ReaderInput,
  Reading,
  TargetClient,
} from '#catalog/models/deployment/client.ts';

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

/** How often a reader looks for shards that have come since. */
const LOOK_MS = 30_000;

/**
 * Reads every shard from its oldest record, children after their parents. Checkpoints are in memory only: a process that starts
 * anew reads from the oldest record again.
 */
export const createReader: ReaderFactory = (settings) => {
  const client = new KinesisClient({ ...settings, requestHandler: new NodeHttpHandler() });
  return async (input, reading) => {
    const begun = new Set<string>();
    const underWay = new Map<string, Promise<void>>();
    let fault: Error | undefined;
    while (!reading.isStopped() && fault === undefined) {
      const shards = await shardsOf(client, input.address);
      for (const { ShardId: id = '', ParentShardId: parent = '', AdjacentParentShardId: other = '' } of shards) {
        if (begun.has(id) || underWay.has(parent) || underWay.has(other)) continue;
        begun.add(id);
        const read = readShard(client, id, input, reading)
          .catch((error: unknown) => {
            fault = error as Error;
          })
          .finally(() => underWay.delete(id));
        underWay.set(id, read);
      }
      await Promise.race([reading.wait(LOOK_MS), ...underWay.values()]);
    }
    await Promise.all(underWay.values());
    if (fault !== undefined) throw fault;
  };
};

async function shardsOf(client: KinesisClient, address: string): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let next: string | undefined;
  do {
    const page = await client.send(
      new ListShardsCommand(next === undefined ? { StreamName: address } : { NextToken: next }),
    );
    shards.push(...(page.Shards ?? []));
    next = page.NextToken;
  } while (next !== undefined);
  return shards;
}

async function readShard(client: KinesisClient, id: string, input: ReaderInput, reading: Reading): Promise<void> {
  const place = { StreamName: input.address, ShardId: id };
  let last: string | undefined;
  let iterator: string | undefined;
  while (!reading.isStopped()) {
    try {
      iterator ??= (
        await client.send(
          new GetShardIteratorCommand(
            last === undefined
              ? { ...place, ShardIteratorType: 'TRIM_HORIZON' }
              : { ...place, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: last },
          ),
        )
      ).ShardIterator;
      const reply = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: input.maxEntries }));
      const { Records = [] } = reply;
      if (Records.length > 0) {
        const bodies = Records.map(({ Data }) => Buffer.from(Data ?? '').toString());
        await attempt(bodies, input, reading);
        last = Records.at(-1)?.SequenceNumber;
      }
      iterator = reply.NextShardIterator;
      if (iterator === undefined) return;
    } catch (error) {
      const { name } = error as Error;
      // An iterator lives for five minutes, and five reads a second are for all readers of a shard.
      if (name === 'ExpiredIteratorException') iterator = undefined;
      else if (name !== 'ProvisionedThroughputExceededException') throw error;
    }
    await reading.wait(input.idleMs);
  }
}

/** Works on a batch as often as allowed; then it is skipped, as the client library does. */
async function attempt(bodies: readonly string[], input: ReaderInput, reading: Reading): Promise<void> {
  for (let tries = 1; tries <= input.maxAttempts; tries += 1) {
    try {
      return await reading.work(bodies);
    } catch {
      await reading.wait(input.backoffMs);
    }
  }
}
