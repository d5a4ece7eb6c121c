import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Observed } from '#schema/deployment-measure.ts';
import { caudal } from '#test/harness/command-line.ts';
import { seedMetrics } from '#test/harness/seeded-metrics.ts';
import { Stage } from './deployed.ts';
import { quick } from './quick.ts';

const stage = new Stage();
const folder = mkdtempSync(join(tmpdir(), 'caudal-observe-'));
const SKELETON = 'scenarios/walking-skeleton/scenario.caudal.json';
const MINUTE_MS = 60_000;
const MINUTES = 4;
const PUT = 'nodes.clicks.config.putLatencyMs';
const SHORT = ['--horizon', '4m', '--pre-roll', '0s', '--set', 'workloads.visitors.arrivals.fromRecordsPerSecond=60'];
/** Left out, so that one setting is to be found, and in few runs. */
const UNSEEN = ['Duration', 'GetRecords.Latency'];
const named = ['--stack-name', 'demo'];

beforeAll(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', stage.emulator.endpoint);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What AWS would have measured, had the put latency been another one. */
function seed(start: Date): Promise<void> {
  return seedMetrics(stage.account, {
    stackName: 'demo',
    file: SKELETON,
    settings: [`${PUT}=30`, 'workloads.visitors.arrivals.fromRecordsPerSecond=60'],
    start,
    minutes: MINUTES,
    unseen: UNSEEN,
  });
}

describe('caudal observe and calibrate', () => {
  it('set what was measured beside the simulation, save it, and find the settings behind it', async () => {
    const tags = { 'caudal:document': 'walking-skeleton', 'caudal:version': '0.0.0-test' };
    await stage.deployer.deploy('demo', quick(stage.skeleton.template), { tags });
    const nothing = await caudal('observe', SKELETON, ...named, '--since', '10m');
    expect(nothing.out).toContain('CloudWatch shows nothing since');
    expect(nothing.out).toContain('metrics come some minutes late');

    const start = new Date(Math.floor(Date.now() / MINUTE_MS - 15) * MINUTE_MS);
    await seed(start);
    const simulated = join(folder, 'simulated.caudal-run');
    const measured = join(folder, 'measured.caudal-run');
    expect((await caudal('run', SKELETON, ...SHORT, '--save', simulated, '--json')).code).toBe(0);
    const since = ['--since', start.toISOString()];
    const text = await caudal('observe', SKELETON, ...named, ...since, '--against', simulated, '--save', measured);
    expect(text.code, text.err).toBe(0);
    expect(text.out).toMatch(/The last 1\d min are not there yet/);
    expect(text.out).toMatch(/clicks +IncomingRecords +sum/);
    expect(text.out).toContain('enrich Duration');
    const json = await caudal('observe', SKELETON, ...named, ...since, '--against', simulated, '--json');
    const { comparison, until, percentiles, cost } = JSON.parse(json.out) as Observed;
    expect(until).toBe(new Date(start.getTime() + MINUTES * MINUTE_MS).toISOString());
    const latency = comparison.find(({ metric }) => metric === 'PutRecords.Latency');
    // Simulated with 20 ms, measured with 30.
    expect(latency?.errorRatio).toBeCloseTo(1 / 3, 1);
    expect(comparison.find(({ metric }) => metric === 'Invocations')?.measured).toBeGreaterThan(0);
    const [latencies] = percentiles.filter(({ metric }) => metric === 'PutRecords.Latency');
    expect(latencies).toMatchObject({ node: 'clicks', samples: MINUTES });
    expect(latencies?.p50).toBeCloseTo(latency?.measured ?? 0, 0);
    const p99 = comparison.find(({ metric, statistic }) => metric === 'PutRecords.Latency' && statistic === 'p99');
    expect(p99).toMatchObject({ measured: latencies?.p99, shapeErrorRatio: null, simulatedSeconds: 240 });
    expect(text.out).toContain('p50 and p99 are of all samples: simulated of 4 min, measured of 4 min');

    const lineOf = (node: string, dimension: string) =>
      cost?.lines.find((line) => line.node === node && line.dimension === dimension);
    // The same load, driven by another seed.
    expect(Math.abs(lineOf('clicks', 'putPayloadUnits')?.errorRatio ?? 1)).toBeLessThan(0.05);
    expect(lineOf('enrich', 'requests')?.measured?.quantity).toBeGreaterThan(0);
    expect(lineOf('orders', 'requests')).toMatchObject({ measured: null, by: 'nothing' });
    expect(lineOf('enrich', 'logIngestion')?.note).toContain('CloudWatch shows no IncomingBytes');
    expect(cost?.unmeasuredUsd).toBeGreaterThan(0);
    expect(lineOf('enrich', 'duration')?.note).toContain('CloudWatch does not show all Duration');
    expect(text.out).toMatch(/Cost of this time in USD, with prices of 20/);
    expect(text.out).toContain('CloudWatch counts messages, and a billed call holds up to ten of them');
    const alone = await caudal('observe', SKELETON, ...named, ...since);
    expect(alone.out).toContain('Of all samples');
    expect(alone.out).toContain('orders: CloudWatch counts messages');
    const csv = await caudal('observe', SKELETON, ...named, ...since, '--csv');
    expect(csv.out).toMatch(/^node,metric,unit,second,value\nclicks,IncomingRecords,Count,0,\d+\n/);

    expect((await caudal('show', measured)).out).toContain('Measured run of');
    const copy = join(folder, 'chain.caudal.json');
    cpSync(SKELETON, copy);
    const load = 'workloads.visitors.arrivals.fromRecordsPerSecond=60';
    const same = ['--set', load, '--set', 'run.preRollSeconds=0'];
    const few = ['--seeds', '1', '--runs', '6'];
    const fitted = await caudal('calibrate', copy, '--against', measured, ...same, ...few, '--apply');
    expect(fitted.code, fitted.err).toBe(0);
    expect(fitted.out).toContain(PUT);
    const { nodes } = JSON.parse(readFileSync(copy, 'utf8')) as {
      nodes: { id: string; config: { putLatencyMs?: number } }[];
    };
    const found = nodes.find(({ id }) => id === 'clicks')?.config.putLatencyMs ?? 0;
    expect(Math.abs(found / 30 - 1)).toBeLessThan(0.05);
    const wrong = await caudal('calibrate', copy, '--against', simulated);
    expect(wrong.err).toContain('calibrate/not-measured');
  }, 120_000);
});
