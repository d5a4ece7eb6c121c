import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applySettings } from '#analysis/set-path.ts';
import { validateDocument } from '#analysis/validate.ts';
import { components, connections } from '#catalog/specs.ts';
import { calibrate, parametersOf } from '#cloud/observe/calibrate.ts';
import { buildModel } from '#engine/worker/model.ts';
import { collect, runModel } from '#engine/worker/run.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { NodeSeries } from '#schema/result.ts';

const HORIZON_SECONDS = 120;
const written: unknown = JSON.parse(readFileSync('scenarios/walking-skeleton/scenario.caudal.json', 'utf8'));

/** The first chain, with more and more records in each batch: what a record takes is told from what an invocation takes. */
function chain(...settings: readonly string[]): CaudalDocument {
  const load = 'workloads.visitors.arrivals';
  const { root } = applySettings(written, [
    `${load}.fromRecordsPerSecond=10`,
    `${load}.toRecordsPerSecond=150`,
    `${load}.startSeconds=0`,
    `${load}.durationSeconds=${HORIZON_SECONDS}`,
    'nodes.enrich.config.coefficientOfVariation=0.1',
    ...settings,
  ]);
  const validated = validateDocument(root, { components, connections });
  if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
  return validated.document;
}

/** Series of a run in this thread. */
function run(document: CaudalDocument, seed = 7): NodeSeries {
  const options = { seed, horizonSeconds: HORIZON_SECONDS, preRollSeconds: 0, fidelity: 'exact' as const };
  const model = buildModel(document, options);
  runModel(model);
  return Object.fromEntries(Object.entries(collect(model, false).nodes).map(([id, { series }]) => [id, series]));
}

const MINUTE_SECONDS = 60;

/** A node's series by their metric, as CloudWatch has them: sums of minutes, or means of what is no count. */
function minutesOf(series: NodeSeries[string] = []): Readonly<Record<string, NodeSeries[string][number]>> {
  return Object.fromEntries(
    series.map((one) => {
      const each = MINUTE_SECONDS / one.stepSeconds;
      const values = Float64Array.from({ length: HORIZON_SECONDS / MINUTE_SECONDS }, (_, minute) => {
        const known = one.values.slice(minute * each, (minute + 1) * each).filter((value) => !Number.isNaN(value));
        const sum = known.reduce((total, value) => total + value, 0);
        return one.maxima === undefined ? sum : sum / known.length;
      });
      return [one.metric, { metric: one.metric, unit: one.unit, startSeconds: 0, stepSeconds: MINUTE_SECONDS, values }];
    }),
  );
}

const enrich = 'nodes.enrich.config';
const put = 'nodes.clicks.config.putLatencyMs';

describe('calibrating to measured series', () => {
  // Driven records are those of the simulation: of the same seed. With another seed everything that chance decides differs too.
  it.each([
    { chance: 'the same', seed: 7, tolerance: 0.01 },
    { chance: 'another', seed: 4711, tolerance: 0.1 },
  ])(
    'finds the settings behind the measurements, by $chance chance, from wrong ones',
    async ({ seed, tolerance }) => {
      const truth = { [`${enrich}.perInvocationMs`]: 100, [`${enrich}.perRecordMs`]: 1.5, [put]: 32 };
      const wrong = chain(`${enrich}.perInvocationMs=40`, `${enrich}.perRecordMs=4`, `${put}=11`);
      const found = await calibrate({
        document: wrong,
        measured: run(chain(...Object.entries(truth).map(([path, value]) => `${path}=${value}`)), seed),
        simulate: (document) => Promise.resolve(run(document)),
        mostRuns: 40,
      });
      const to = Object.fromEntries(found.proposals.map((one) => [one.path, one.to]));
      for (const [path, value] of Object.entries(truth)) {
        expect(Math.abs((to[path] ?? 0) / value - 1), path).toBeLessThan(tolerance);
      }
      expect(found.errorAfter).toBeLessThan(found.errorBefore);
      expect(found.runs).toBeLessThanOrEqual(40);
      expect(found.before).toHaveLength(found.after.length);
    },
    60_000,
  );

  // The stream of two shards takes 2 MiB/s; what goes above at the fuller shard shows how the keys are spread.
  const full = [
    'workloads.visitors.arrivals.fromRecordsPerSecond=80',
    'workloads.visitors.arrivals.toRecordsPerSecond=220',
    'workloads.visitors.recordSize={"kind":"constant","bytes":10000}',
    'nodes.web-app.outputs.clicks.emit.maxAttempts=2',
  ];
  const hot = { kind: 'hotKey', keys: 1000 };
  const zipf = { kind: 'zipf', keys: 1000 };
  it.each([
    // From a share at which a small change shows no effect, but chance.
    { law: hot, field: 'hotShareRatio', truth: 0.4, wrong: 0.02, seed: 7, tolerance: 0.05 },
    { law: hot, field: 'hotShareRatio', truth: 0.4, wrong: 0.2, seed: 4711, tolerance: 0.1 },
    { law: zipf, field: 'exponent', truth: 1.3, wrong: 1.1, seed: 7, tolerance: 0.05 },
    { law: zipf, field: 'exponent', truth: 1.3, wrong: 1.1, seed: 4711, tolerance: 0.1 },
  ])(
    'finds $field $truth behind measured throttles, from $wrong (seed $seed)',
    async ({ law, field, truth, wrong, seed, tolerance }) => {
      const keys = 'workloads.visitors.partitionKey';
      const documentOf = (value: number) => chain(...full, `${keys}=${JSON.stringify({ ...law, [field]: value })}`);
      const { WriteProvisionedThroughputExceeded: throttles } = minutesOf(run(documentOf(truth), seed)['clicks']);
      const found = await calibrate({
        document: documentOf(wrong),
        measured: { clicks: throttles === undefined ? [] : [throttles] },
        simulate: (document) => Promise.resolve(run(document)),
        mostRuns: 40,
      });
      const to = found.proposals.find(({ path }) => path === `${keys}.${field}`)?.to ?? 0;
      expect(Math.abs(to / truth - 1), String(to)).toBeLessThan(tolerance);
      expect(found.errorAfter).toBeLessThan(found.errorBefore);
    },
    60_000,
  );

  it('finds the share of errors and the time of reads from the stream', async () => {
    const often = ['edges.poll.config.batchSize=5', 'edges.poll.config.parallelizationFactor=5'];
    const truth = { [`${enrich}.errorRatio`]: 0.1, 'nodes.clicks.config.getRecordsLatencyMs': 45 };
    const series = run(chain(...often, ...Object.entries(truth).map(([path, value]) => `${path}=${value}`)));
    const errors = minutesOf(series['enrich'])['Errors'];
    const reads = minutesOf(series['clicks'])['GetRecords.Latency'];
    const found = await calibrate({
      document: chain(...often, `${enrich}.errorRatio=0.02`, 'nodes.clicks.config.getRecordsLatencyMs=15'),
      measured: { enrich: errors === undefined ? [] : [errors], clicks: reads === undefined ? [] : [reads] },
      simulate: (document) => Promise.resolve(run(document)),
      mostRuns: 40,
    });
    const to = Object.fromEntries(found.proposals.map((one) => [one.path, one.to]));
    for (const [path, value] of Object.entries(truth)) {
      expect(Math.abs((to[path] ?? 0) / value - 1), `${path}: ${to[path]}`).toBeLessThan(0.05);
    }
  }, 60_000);

  it('leaves right settings alone, but for what chance moves', async () => {
    const truth = chain();
    const { proposals } = await calibrate({
      document: truth,
      measured: run(truth),
      simulate: (document) => Promise.resolve(run(document)),
      mostRuns: 20,
    });
    for (const { from, to } of proposals) expect(Math.abs(to / from - 1)).toBeLessThan(0.01);
  }, 60_000);

  it('fits only what was measured, and nothing without a measurement', async () => {
    const document = chain();
    const series = run(document);
    const duration = series['enrich']?.filter(({ metric }) => metric === 'Duration') ?? [];
    const paths = parametersOf(document, { enrich: duration }).map(({ path }) => path);
    expect(paths).toEqual([`${enrich}.perInvocationMs`, `${enrich}.perRecordMs`]);
    const empty = await calibrate({ document, measured: {}, simulate: () => Promise.resolve(series), mostRuns: 5 });
    expect(empty).toMatchObject({ proposals: [], runs: 1, errorBefore: 0 });
  });
});
