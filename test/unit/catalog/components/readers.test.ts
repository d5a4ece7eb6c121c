/** Readers of a queue and of a stream against a server of our own: what they take, delete, skip and read again. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { readers } from '#catalog/clients.ts';
import type { ReaderInput } from '#catalog/models/deployment/client.ts';
import type { ProtocolId } from '#schema/protocols.ts';
import { type Answer, AwsServer, type Call } from '#test/unit/catalog/components/aws-server.ts';

const input: ReaderInput = {
  address: 'stream',
  maxEntries: 10,
  waitSeconds: 0,
  idleMs: 0,
  readers: 1,
  maxAttempts: 2,
  backoffMs: 7,
};

let server: AwsServer | undefined;

afterEach(() => server?.stop());

/** Reads until `enough` bodies were worked on; `fails` says which body fails how often. */
async function read(
  protocol: ProtocolId,
  answer: (call: Call) => Answer,
  enough: number,
  fails: Record<string, number> = {},
) {
  server = new AwsServer(answer);
  const reader = readers.get(protocol)!(await server.start());
  const tries: string[] = [];
  const waits: number[] = [];
  await reader(
    { ...input, address: protocol === 'sqs-receive' ? `${server.url}/1/queue` : 'stream' },
    {
      isStopped: () => tries.length >= enough,
      wait: (ms) => {
        waits.push(ms);
        return new Promise((resolve) => setTimeout(resolve, 1));
      },
      work: (bodies) => {
        tries.push(bodies.join('+'));
        const left = fails[bodies.join('+')] ?? 0;
        fails[bodies.join('+')] = left - 1;
        return left > 0 ? Promise.reject(new Error('failed')) : Promise.resolve();
      },
    },
  );
  return { tries, waits, calls: server.calls };
}

describe('the reader of a queue', () => {
  it('deletes what was worked on and leaves what failed', async () => {
    const Messages = ['a', 'b', 'c'].map((Body) => ({
      Body,
      MessageId: Body,
      ReceiptHandle: `handle-${Body}`,
      MD5OfBody: createHash('md5').update(Body).digest('hex'),
    }));
    const answer = ({ name }: Call): Answer => ({ body: name === 'ReceiveMessage' ? { Messages } : {} });
    const { tries, calls } = await read('sqs-receive', answer, 3, { b: 9 });
    expect(tries).toEqual(['a', 'b', 'c']);
    const deleted = calls.filter(({ name }) => name === 'DeleteMessageBatch');
    const { Entries } = deleted[0]!.body as unknown as { Entries: { ReceiptHandle: string }[] };
    expect(Entries.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(['handle-a', 'handle-c']);
  });

  it('fails when the queue is not there', async () => {
    const gone = { status: 400, body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'gone' } };
    await expect(read('sqs-receive', () => gone, 1)).rejects.toThrow(/gone/);
  });
});

/** A stream whose shard `old` was split into `left` and `right`, each with one batch. */
function splitStream(batches: Record<string, string[]>): (call: Call) => Answer {
  const shards = [
    { ShardId: 'old' },
    { ShardId: 'left', ParentShardId: 'old' },
    { ShardId: 'right', ParentShardId: 'old' },
  ].filter(({ ShardId }) => ShardId in batches);
  return ({ name, body }) => {
    const { ShardId, ShardIterator } = body as unknown as { ShardId: string; ShardIterator: string };
    if (name === 'ListShards') return { body: { Shards: shards } };
    if (name === 'GetShardIterator') return { body: { ShardIterator: `${ShardId}/0` } };
    const [shard = '', at = '0'] = ShardIterator.split('/');
    const Records = (batches[shard]?.[Number(at)] ?? '')
      .split(',')
      .filter((text) => text !== '')
      .map((text) => ({ Data: Buffer.from(text).toString('base64'), SequenceNumber: text, PartitionKey: 'k' }));
    const isEnd = Number(at) + 1 >= (batches[shard]?.length ?? 0);
    return { body: { Records, ...(isEnd ? {} : { NextShardIterator: `${shard}/${Number(at) + 1}` }) } };
  };
}

describe('the reader of a stream', () => {
  it('reads every shard from its oldest record, children after their parents', async () => {
    const { tries } = await read(
      'kinesis-get-records',
      splitStream({ old: ['a,b', 'c'], left: ['d'], right: ['e'] }),
      4,
    );
    expect(tries.slice(0, 2)).toEqual(['a+b', 'c']);
    expect(tries.slice(2).sort()).toEqual(['d', 'e']);
  });

  it('repeats a batch that failed, and skips it when its attempts are used up', async () => {
    const { tries, waits } = await read('kinesis-get-records', splitStream({ old: ['a', 'b'] }), 3, { a: 9 });
    expect(tries).toEqual(['a', 'a', 'b']);
    expect(waits.filter((ms) => ms === input.backoffMs)).toHaveLength(2);
  });

  it('asks for a new iterator when the old one has expired, behind the last record', async () => {
    let expired = false;
    const stream = splitStream({ old: ['a', 'b'] });
    const answer = (call: Call): Answer => {
      if (call.name === 'GetShardIterator') {
        const isAfter = String(call.body['ShardIteratorType']) === 'AFTER_SEQUENCE_NUMBER';
        return { body: { ShardIterator: isAfter ? 'old/1' : 'old/0' } };
      }
      if (call.name === 'GetRecords' && String(call.body['ShardIterator']) === 'old/1' && !expired) {
        expired = true;
        return { status: 400, body: { __type: 'ExpiredIteratorException', message: 'expired' } };
      }
      return stream(call);
    };
    const { tries } = await read('kinesis-get-records', answer, 2);
    expect(tries).toEqual(['a', 'b']);
  });

  it('fails when the stream is not there', async () => {
    const gone = { status: 400, body: { __type: 'ResourceNotFoundException', message: 'no stream' } };
    await expect(read('kinesis-get-records', () => gone, 1)).rejects.toThrow(/no stream/);
  });
});
