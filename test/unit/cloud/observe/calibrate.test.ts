import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applySettings } from '#analysis/set-path.ts';
import { validateDocument } from '#analysis/validate.ts';
import { components, connections } from '#catalog/specs.ts';
import { calibrate, type NodeSeries, parametersOf } from '#cloud/observe/calibrate.ts';
import { buildModel } from '#engine/worker/model.ts';
import { collect, runModel } from '#engine/worker/run.ts';
import type { CaudalDocument } from '#schema/document.ts';

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
