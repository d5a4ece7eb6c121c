import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Driven } from '#schema/deployment-drive.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { caudal } from '#test/harness/command-line.ts';
import { cacheAt, REWRITES } from './adapt-template.ts';
import { type CacheServer, startCache } from './cache-server.ts';
import { Stage } from './deployed.ts';
import { readScenario, synthesized } from './documents.ts';
import { FaultProxy, type Spoiling } from './fault-proxy.ts';
import { quick } from './quick.ts';

const stage = new Stage();
const { skeleton } = stage;
const SKELETON = 'scenarios/walking-skeleton/scenario.caudal.json';
const REAL_TIME = 'scenarios/real-time-80m/scenario.caudal.json';

let proxy: FaultProxy;
let cache: CacheServer;

beforeAll(async () => {
  cache = await startCache();
  proxy = new FaultProxy(stage.emulator.endpoint);
  await proxy.start();
  vi.stubEnv('AWS_ENDPOINT_URL', proxy.endpoint);
});
afterAll(async () => {
  await proxy.stop();
  await cache.stop();
});

const named = ['--stack-name', 'demo'];
const EVERY_CLICK = ['--set', 'nodes.enrich.outputs.orders.emit.selectivity=1'];
const asDocument = { 'caudal:document': 'walking-skeleton', 'caudal:version': '0.0.0-test' };

function everyClickAnOrder(): CaudalDocument {
  const document = readScenario('walking-skeleton');
  const nodes = document.nodes.map((node) => ({
    ...node,
    outputs: node.outputs.map((output) =>
      node.id === 'enrich' ? { ...output, emit: { ...output.emit, selectivity: 1 } } : output,
    ),
  }));
  return { ...document, nodes };
}

async function driven(...more: readonly string[]): Promise<Driven & { code: number; err: string }> {
  const { code, out, err } = await caudal('drive', SKELETON, ...named, '--wait', '60s', '--json', ...more);
  if (!out.startsWith('{"stackName')) throw new Error(out + err);
  return { ...(JSON.parse(out) as Driven), code, err };
}

describe('caudal drive', () => {
  it('sends the arrivals of the simulation to the stream, and finds them in the queue: none lost, none twice', async () => {
    await stage.deployer.deploy('demo', quick(skeleton.template), { tags: asDocument });
    proxy.spoil(() => undefined);
    const { code, drive, sinks, estimatedUsd, err } = await driven('--for', '6s', '--speed', '3');
    expect({ code, ended: drive.ended }).toEqual({ code: 0, ended: 'complete' });
    const [target] = drive.targets;
    // The ramp begins at 200 records/s.
    expect(target?.sent).toBeGreaterThan(1000);
    expect(target).toMatchObject({ node: 'clicks', failed: 0, retriedBy: {}, uncertainCalls: 0 });
    expect(estimatedUsd).toBeGreaterThan(0);
    expect(err).toContain('records sent');
    const [queue] = sinks;
    // Every fifth click becomes an order.
    expect(queue).toMatchObject({ node: 'orders', missing: null, doubled: 0, foreign: 0 });
    expect(queue?.records).toBeGreaterThan(0.15 * (target?.sent ?? 0));
    expect(queue?.records).toBeLessThan(0.25 * (target?.sent ?? 0));
    expect(queue?.latencyMs?.max).toBeLessThan(60_000);

    // What an earlier drive left is told apart by its event time; records already taken away do not come again.
    const capped = await driven('--for', '60s', '--speed', '10', '--max-records', '300');
    expect(capped.drive).toMatchObject({ ended: 'capped', targets: [{ sent: 300 }] });
    const poor = await driven('--for', '60s', '--speed', '10', '--ceiling', '0.00001', '--wait', '0');
    expect(poor.drive.ended).toBe('limited');
    expect(poor.drive.reason).toContain('more than the ceiling of 0.00001 USD');
  });

  it('loses nothing behind throttling, refused records, failing services and lost answers, and doubles only these', async () => {
    const { template } = await synthesized(everyClickAnOrder(), 'demo');
    await stage.deployer.deploy('demo', quick(template), { tags: asDocument });
    const plan: readonly (Spoiling | undefined)[] = [
      { kind: 'partial', code: 'ProvisionedThroughputExceededException', isRefused: (index) => index % 3 === 0 },
      { kind: 'refused', status: 400, code: 'ProvisionedThroughputExceededException' },
      { kind: 'reset' },
      { kind: 'refused', status: 500, code: 'InternalFailure' },
      { kind: 'lost-answer' },
      { kind: 'slow', ms: 300 },
      { kind: 'cut-answer' },
    ];
    proxy.spoil(({ operation, turn }) => (operation === 'PutRecords' ? plan[turn] : undefined));
    const { drive, sinks } = await driven('--for', '4s', '--speed', '4', ...EVERY_CLICK);
    const [target] = drive.targets;
    expect(target).toMatchObject({ failed: 0, uncertainCalls: 4 });
    expect(Object.keys(target?.retriedBy ?? {})).toContain('ProvisionedThroughputExceededException');
    expect(sinks).toMatchObject([{ node: 'orders', missing: 0, doubledUnexplained: 0 }]);
    expect(sinks[0]?.distinct).toBe(target?.sent);
    expect(sinks[0]?.doubled).toBeGreaterThan(0);
    expect(sinks[0]?.doubled).toBeLessThanOrEqual(target?.uncertainRecords ?? 0);
  });

  it('names a sink that cannot be read, and ends with what was sent when a call can never go well', async () => {
    await stage.deployer.deploy('demo', quick(skeleton.template), { tags: asDocument });
    proxy.spoil(({ operation }) =>
      operation === 'ReceiveMessage' ? { kind: 'refused', status: 403, code: 'AccessDeniedException' } : undefined,
    );
    const dark = await driven('--for', '1s', '--wait', '1s');
    expect(dark.code).toBe(3);
    expect(dark.sinks[0]?.unreachable).toContain('denied');
    proxy.spoil(({ operation, turn }) =>
      operation === 'PutRecords' && turn > 2
        ? { kind: 'refused', status: 400, code: 'ExpiredTokenException', message: 'The security token has expired' }
        : undefined,
    );
    const cut = await driven('--for', '60s', '--speed', '10', '--wait', '0');
    expect(cut).toMatchObject({ code: 3, drive: { ended: 'failed' } });
    expect(cut.drive.reason).toContain('expired');
    expect(cut.drive.targets[0]?.sent).toBeGreaterThan(0);
  });

  it('fails for a stack that is missing, of another document, or of another state of this one', async () => {
    proxy.spoil(() => undefined);
    expect((await caudal('drive', SKELETON, ...named)).err).toContain('deploy/no-such-stack');
    await stage.deployer.deploy('demo', quick(skeleton.template), { tags: asDocument });
    expect((await caudal('drive', REAL_TIME, ...named)).err).toContain('deploy/other-document');
    const changed = await caudal('drive', SKELETON, ...named, '--set', 'nodes.clicks.config.shardCount=4');
    expect(changed.code).toBe(2);
    expect(changed.err).toContain('has changed since it was deployed to demo (clicks)');
    expect((await caudal('drive', SKELETON, ...named, '--speed', '0')).err).toContain('cli/not-a-number');
  });

  it('counts the records of real-time-80m in the lake: none lost, none twice', async () => {
    proxy.spoil(() => undefined);
    const tags = { ...asDocument, 'caudal:document': 'real-time-80m' };
    const rewrites = [...REWRITES, cacheAt(cache.port)];
    await stage.deployer.deploy('demo', quick(inject('realTime').template), { rewrites, tags });
    const load = ['--for', '2m', '--speed', '20', '--max-records', '800'];
    const { code, out, err } = await caudal('drive', REAL_TIME, ...named, ...load, '--json');
    expect(code, err).toBe(0);
    const { drive, sinks } = JSON.parse(out) as Driven;
    expect(drive.targets[0]).toMatchObject({ sent: 800, failed: 0 });
    expect(sinks.find(({ node }) => node === 'lake')).toMatchObject({
      records: 800,
      distinct: 800,
      missing: 0,
      doubled: 0,
    });
  }, 120_000);
});
