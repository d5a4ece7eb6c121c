/** Clients of targets against a server of our own: what they send, and what they make of refusals. */
import { afterEach, describe, expect, it } from 'vitest';
import { clients } from '#catalog/clients.ts';
import type { Entry } from '#catalog/models/deployment/client.ts';
import type { ProtocolId } from '#schema/protocols.ts';
import { type Answer, AwsServer, type Call } from '#test/unit/catalog/components/aws-server.ts';

const entries: readonly Entry[] = [
  { body: '{"id":"a","t":1}', key: 'k1' },
  { body: '{"id":"b","t":1}\n{"id":"c","t":1}', key: 'k2' },
];

let server: AwsServer | undefined;

async function send(protocol: ProtocolId, address: string, answer: (call: Call) => Answer, sent = entries) {
  server = new AwsServer(answer);
  const client = clients.get(protocol)!(await server.start());
  const target = address.replace('SERVER', server.url);
  const refused = await client.send(target, sent);
  client.close();
  return { refused, calls: server.calls };
}

afterEach(() => server?.stop());

describe('a client', () => {
  it('of a stream puts records by key and names those that were refused', async () => {
    const { refused, calls } = await send('kinesis-put', 'stream', () => ({
      body: { FailedRecordCount: 1, Records: [{ SequenceNumber: '1', ShardId: 's' }, { ErrorCode: 'Throttled' }] },
    }));
    expect(refused).toEqual([{ index: 1, code: 'Throttled' }]);
    expect(calls[0]?.name).toBe('PutRecords');
    const { Records } = calls[0]!.body as unknown as { Records: { PartitionKey: string; Data: string }[] };
    expect(Records.map(({ PartitionKey }) => PartitionKey)).toEqual(['k1', 'k2']);
    expect(Buffer.from(Records[1]!.Data, 'base64').toString()).toBe(entries[1]?.body);
  });

  it('of a queue names what was refused, and gives FIFO messages a group and an identity', async () => {
    const answer = (): Answer => ({
      body: { Successful: [], Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }] },
    });
    const { refused, calls } = await send('sqs-send', 'SERVER/1/orders.fifo', answer);
    expect(refused).toEqual([{ index: 1, code: 'InternalError' }]);
    const { Entries } = calls[0]!.body as unknown as { Entries: Record<string, string>[] };
    expect(Entries.map(({ MessageGroupId }) => MessageGroupId)).toEqual(['k1', 'k2']);
    expect(new Set(Entries.map(({ MessageDeduplicationId }) => MessageDeduplicationId)).size).toBe(2);
  });

  it('of a delivery stream names what was refused', async () => {
    const { refused, calls } = await send('firehose-put', 'delivery', () => ({
      body: { FailedPutCount: 1, RequestResponses: [{ ErrorCode: 'ServiceUnavailableException' }, { RecordId: 'x' }] },
    }));
    expect(refused).toEqual([{ index: 0, code: 'ServiceUnavailableException' }]);
    expect(calls[0]?.name).toBe('PutRecordBatch');
  });

  it('of a topic marks each message with a draw from its text, also in a body of one record', async () => {
    const reply = '<PublishBatchResponse><PublishBatchResult></PublishBatchResult></PublishBatchResponse>';
    const { refused, calls } = await send('sns-publish', 'arn:aws:sns:us-east-1:1:t', () => ({
      body: reply,
      headers: { 'content-type': 'text/xml' },
    }));
    expect(refused).toEqual([]);
    const form = new URLSearchParams(calls[0]?.text);
    const [first, second] = [1, 2].map((i) => ({
      message: form.get(`PublishBatchRequestEntries.member.${i}.Message`) ?? '',
      draw: form.get(`PublishBatchRequestEntries.member.${i}.MessageAttributes.entry.1.Value.StringValue`) ?? '',
    }));
    expect(JSON.parse(first!.message)).toEqual({ draw: Number(first!.draw), id: 'a', t: 1 });
    expect(second!.message).toBe(entries[1]?.body);
    expect(second!.draw).toMatch(/^\d{1,6}$/);
  });

  it('of a bucket writes the same object again for the same records', async () => {
    const keys: string[] = [];
    for (const sent of [[entries[0]!], [entries[0]!], [entries[1]!]]) {
      const { calls } = await send('s3-put', 'bucket', () => ({ body: '' }), sent);
      keys.push(calls[0]!.name);
      server?.stop();
    }
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
  });

  it('of a function invokes it asynchronously, signed, and names a throttle', async () => {
    const throttled = { status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' } };
    const { refused, calls } = await send('lambda-invoke', 'work', () => throttled, [entries[1]!]);
    expect(refused).toEqual([{ index: 0, code: 'TooManyRequestsException' }]);
    expect(calls[0]?.name).toBe('/2015-03-31/functions/work/invocations');
    expect(calls[0]?.headers['x-amz-invocation-type']).toBe('Event');
    expect(calls[0]?.headers.authorization).toContain('/us-east-1/lambda/aws4_request');
    expect(calls[0]?.body).toEqual({ Records: [{ body: entries[1]?.body }] });
  });

  it('of a search domain sends each record as a document, and names the entry of a rejected one', async () => {
    const items = [201, 201, 429].map((status) => ({ index: { status } }));
    const { refused, calls } = await send('opensearch-bulk', 'SERVER/records?rotation=OneDay&ids=true', () => ({
      body: { errors: true, items },
    }));
    expect(refused).toEqual([{ index: 1, code: '429' }]);
    expect(calls[0]?.name).toMatch(/^\/records-\d{4}-\d\d-\d\d\/_bulk$/);
    const lines = calls[0]!.text.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { index: { _id: 'a' } },
      { id: 'a', t: 1 },
      { index: { _id: 'b' } },
      { id: 'b', t: 1 },
      { index: { _id: 'c' } },
      { id: 'c', t: 1 },
    ]);
    expect(calls[0]?.headers.authorization).toContain('/us-east-1/es/aws4_request');
  });

  it('of a search domain refuses every entry of a request that is refused as a whole', async () => {
    const { refused } = await send('opensearch-bulk', 'SERVER/records', () => ({ status: 403 }));
    expect(refused).toEqual([
      { index: 0, code: '403' },
      { index: 1, code: '403' },
    ]);
  });
});
