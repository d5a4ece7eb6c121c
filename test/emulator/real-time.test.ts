import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { fraction } from '#catalog/models/deployment/client.ts';
import { destroyStack } from '#cloud/deploy/destroy.ts';
import { cacheAt, INDEXED_PREFIX, REWRITES } from './adapt-template.ts';
import { type CacheServer, startCache } from './cache-server.ts';
import { fastClock, Stage } from './deployed.ts';
import { entries, identities, sendAll } from './pipeline.ts';
import { quick } from './quick.ts';

const stage = new Stage();
const { template } = inject('realTime');

let cache: CacheServer;

beforeAll(async () => {
  cache = await startCache();
});
afterAll(() => cache.stop());

/** Identities of the records in the objects under a prefix. */
async function stored(bucket: string, prefix: string): Promise<string[]> {
  const { s3 } = stage.account.clients;
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
  }
  const found: string[] = [];
  for (let i = 0; i < keys.length; i += 20) {
    const texts = await Promise.all(
      keys.slice(i, i + 20).map(async (Key) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        return (await Body?.transformToString()) ?? '';
      }),
    );
    const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
    found.push(...lines.map((line) => (JSON.parse(line) as { readonly id: string }).id));
  }
  return found;
}

/** Waits until so many objects are there. */
async function awaitObjects(bucket: string, prefix: string, count: number): Promise<void> {
  const deadlineMs = performance.now() + 120_000;
  while (performance.now() < deadlineMs) {
    let objects = 0;
    const pages = paginateListObjectsV2({ client: stage.account.clients.s3 }, { Bucket: bucket, Prefix: prefix });
    for await (const { KeyCount = 0 } of pages) objects += KeyCount;
    if (objects >= count) return;
    await sleep(500);
  }
}

describe('the scenario real-time-80m', () => {
  it('runs on the emulator: what is put in reaches the lake and the index, none lost, none twice', async () => {
    const outcome = await stage.deployer.deploy('real-time', quick(template), {
      rewrites: [...REWRITES, cacheAt(cache.port)],
    });
    expect(outcome).toMatchObject({ kind: 'done', failures: [] });
    const ids = identities(1000);
    await sendAll(stage.emulator.options, outcome.outputs['AtLogs'] ?? '', entries(ids));
    const lake = outcome.outputs['AtLake'] ?? '';
    const index = outcome.outputs['AtFailed'] ?? '';
    // The second output of the first function lets half a percent through, by the record's identity.
    const warnings = ids.filter((id) => fraction(`fan-out/1/${id}`) < 0.005);
    expect(warnings.length).toBeGreaterThan(0);
    await awaitObjects(index, INDEXED_PREFIX, warnings.length);
    await awaitObjects(lake, 'records/', ids.length);
    expect((await stored(index, INDEXED_PREFIX)).toSorted()).toEqual(warnings.toSorted());
    expect((await stored(lake, 'records/')).toSorted()).toEqual(ids.toSorted());

    const destroyed = await destroyStack({
      account: stage.account,
      stackName: 'real-time',
      confirmation: 'real-time',
      clock: fastClock,
    });
    expect(destroyed).toMatchObject({ kind: 'done', failures: [] });
    expect(destroyed.remaining.map(({ type }) => type)).toEqual(['AWS::S3::Bucket', 'AWS::S3::Bucket']);
    expect(new Set(destroyed.buckets.map(({ owner }) => owner))).toEqual(new Set(['lake', 'failed']));
    expect(destroyed.buckets.find(({ bucket }) => bucket === lake)?.objects).toBe(1000);
  }, 240_000);
});
