import { describe, expect, it } from 'vitest';
import { build } from '#catalog/components/s3/behavior/behavior.ts';
import { type Config, config as schema } from '#catalog/components/s3/config.ts';
import {
  ANSWER_DONE,
  ANSWER_FAILED,
  ANSWER_REFUSED,
  type Callee,
  type CallReply,
  newCallReply,
  newCallRequest,
} from '#engine/flow/ports.ts';
import { type BuiltNode, World } from '#test/harness/behavior.ts';

function bucket(settings: Partial<Config> = {}): { world: World; node: BuiltNode } {
  const world = new World();
  const config = schema.parse({ firstByteLatencyMs: 0, downloadMegabytesPerSecond: 10_000, ...settings });
  const node = world.add('bucket', build, config);
  world.run(0);
  return { world, node };
}

/** `calls` reads about as many records, or all in one call. */
function read(world: World, node: BuiltNode, records: number, calls = records): CallReply {
  const request = { ...newCallRequest(), records: new Int32Array(records), count: records, calls };
  for (let i = 0; i < records; i++) request.records[i] = world.record();
  const reply = { ...newCallReply(), answers: new Uint8Array(records) };
  (node.behavior.inputs['reads'] as Callee).call(request, reply);
  return reply;
}

describe('reads of a bucket', () => {
  it('take the time of the first byte and of the download', () => {
    const { world, node } = bucket({
      firstByteLatencyMs: 40,
      latencyVariation: 0,
      readKibibytes: 1000,
      downloadMegabytesPerSecond: 10.24,
    });
    const reply = read(world, node, 1);
    expect(reply.latencyUs).toBeCloseTo(140_000, 6);
    expect(reply.answers[0]).toBe(ANSWER_DONE);
    expect(reply.bytes).toBe(1_024_000);
    expect(node.counters.get('GetRequests')?.sum).toBe(1);
    expect(node.counters.get('BytesDownloaded')?.sum).toBe(1_024_000);
    expect(node.usage.get('getRequests')?.total).toBe(1);
  });

  it('count the requests of a call, not the records it is about', () => {
    const { world, node } = bucket();
    read(world, node, 20, 1);
    expect(node.usage.get('getRequests')?.total).toBe(1);
    read(world, node, 20, 20);
    expect(node.usage.get('getRequests')?.total).toBe(21);
  });

  it('are refused above 5,500 a second for each partition, apart from writes', () => {
    const { world, node } = bucket();
    for (let i = 0; i < 11; i++) expect(read(world, node, 500).refused).toBe(0);
    const reply = read(world, node, 500);
    expect(reply.refused).toBe(500);
    expect(reply.answers[0]).toBe(ANSWER_REFUSED);
    expect(node.limits.get('get-requests')?.refused).toBe(500);
    expect(node.limits.get('put-requests')?.refused).toBe(0);
    expect(node.counters.get('5xxErrors')?.sum).toBe(500);
  });

  it.each([
    ['STANDARD_IA', 'standardIaRetrievedGibibytes'],
    ['ONEZONE_IA', 'oneZoneIaRetrievedGibibytes'],
    ['GLACIER_IR', 'glacierInstantRetrievedGibibytes'],
  ] as const)('from %s are billed by the GB', (storageClass, usage) => {
    const { world, node } = bucket({ storageClass, readKibibytes: 1024 });
    read(world, node, 1024);
    expect(node.usage.get(usage)?.total).toBeCloseTo(1, 12);
  });

  it('fail for archived objects, which are not restored', () => {
    const { world, node } = bucket({ storageClass: 'GLACIER' });
    const reply = read(world, node, 3);
    expect(reply).toMatchObject({ failed: 3, refused: 0 });
    expect(reply.answers[2]).toBe(ANSWER_FAILED);
    expect(node.counters.get('4xxErrors')?.sum).toBe(3);
    expect(node.usage.get('getRequests')?.total).toBe(0);
  });

  it('ask KMS once each', () => {
    const { world, node } = bucket({ encryption: 'aws:kms' });
    read(world, node, 30);
    expect(node.usage.get('kmsRequests')?.total).toBe(30);
  });

  it('fail by the share that a fault names', () => {
    const { world, node } = bucket();
    world.setFaults(node, { recordErrorRatio: 1 });
    expect(read(world, node, 4)).toMatchObject({ failed: 4, latencyUs: 0 });
    expect(node.counters.get('5xxErrors')?.sum).toBe(4);
  });
});
