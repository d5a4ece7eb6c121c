import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applySettings } from '#analysis/set-path.ts';
import { validateDocument } from '#analysis/validate.ts';
import { rateTable } from '#catalog/pricing/rates.ts';
import { components, connections } from '#catalog/specs.ts';
import { measuredCost, type MeasuredCostInput } from '#cloud/observe/usage-cost.ts';
import { buildModel } from '#engine/worker/model.ts';
import { collect, runModel } from '#engine/worker/run.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { SeriesData } from '#schema/result.ts';

const written: unknown = JSON.parse(readFileSync('scenarios/walking-skeleton/scenario.caudal.json', 'utf8'));
const SECONDS = 240;

function chain(...settings: readonly string[]): CaudalDocument {
  const { root } = applySettings(written, settings);
  const validated = validateDocument(root, { components, connections });
  if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
  return validated.document;
}

function simulate(document: CaudalDocument, horizonSeconds: number) {
  const model = buildModel(document, { seed: 7, horizonSeconds, preRollSeconds: 0, fidelity: 'exact' });
  runModel(model);
  return collect(model, false);
}

/** Minutes as CloudWatch has them: sums of counters, means of what else is measured. */
function minutes(series: SeriesData, isCounter: boolean): SeriesData {
  const each = 60 / series.stepSeconds;
  const values = Float64Array.from({ length: SECONDS / 60 }, (_, minute) => {
    const known = series.values.slice(minute * each, (minute + 1) * each).filter((value) => !Number.isNaN(value));
    const sum = known.reduce((total, value) => total + value, 0);
    return isCounter ? sum : sum / known.length;
  });
  return { metric: series.metric, unit: series.unit, startSeconds: 0, stepSeconds: 60, values };
}

const document = chain();
const result = simulate(document, SECONDS);
const measured = Object.fromEntries(
  document.nodes.map(({ id, type }) => [
    id,
    (components.get(type)?.metrics ?? []).flatMap(({ name, dimensions, series: kind }) => {
      const found = result.nodes[id]?.series.find(({ metric }) => metric === name);
      return dimensions === undefined || found === undefined ? [] : [minutes(found, kind === 'counter')];
    }),
  ]),
);
const LOGS: SeriesData = {
  metric: 'IncomingBytes',
  unit: 'Bytes',
  startSeconds: 0,
  stepSeconds: 60,
  values: new Float64Array([1024 ** 3, 0, 0, 0]),
};
const deployed = new Set(['clicks', 'enrich', 'orders', 'poll']);

function cost(more: Partial<MeasuredCostInput> = {}) {
  return measuredCost({
    document,
    rates: rateTable('us-east-1'),
    deployed,
    series: { ...measured, enrich: [...(measured['enrich'] ?? []), LOGS] },
    fromSecond: 0,
    toSecond: SECONDS,
    run: { document, usage: result.usage, horizonSeconds: SECONDS },
    ...more,
  });
}

const lineOf = ({ lines }: ReturnType<typeof cost>, node: string, dimension: string) =>
  lines.find((line) => line.node === node && line.dimension === dimension);

describe('the cost of what was measured', () => {
  it('is that of the simulation where its own metrics are measured', () => {
    const found = cost();
    expect(lineOf(found, 'enrich', 'requests')).toMatchObject({ errorRatio: 0, by: 'metrics', note: null });
    expect(lineOf(found, 'clicks', 'putPayloadUnits')?.errorRatio).toBe(0);
    expect(lineOf(found, 'clicks', 'shardHours')).toMatchObject({ errorRatio: 0, by: 'settings' });
    // Init of cold starts is billed, and in no metric.
    const duration = lineOf(found, 'enrich', 'duration');
    expect(Math.abs(duration?.errorRatio ?? 1)).toBeLessThan(0.02);
    expect(duration?.note).toContain('without the init of cold starts');
    expect(duration?.measured?.usd).toBeGreaterThan(0);
  });

  it('prices what was measured, not what was simulated', () => {
    const found = cost();
    expect(lineOf(found, 'enrich', 'logIngestion')?.measured).toEqual({ quantity: 1, usd: 0.5 });
    expect(lineOf(found, 'enrich', 'logIngestion')?.errorRatio).toBeGreaterThan(0.5);
    const sum = found.lines.reduce((total, { measured: one }) => total + (one?.usd ?? 0), 0);
    expect(found.measuredUsd).toBeCloseTo(sum, 12);
  });

  it('names what cannot be measured, and what that costs by the simulation, instead of taking it for nothing', () => {
    const found = cost();
    const requests = lineOf(found, 'orders', 'requests');
    expect(requests).toMatchObject({ measured: null, errorRatio: null, by: 'nothing' });
    expect(requests?.note).toContain('CloudWatch counts messages');
    expect(found.unmeasuredUsd).toBeCloseTo(requests?.simulated?.usd ?? 0, 15);
    expect(found.unmeasuredUsd).toBeGreaterThan(0);
    const without = cost({ series: measured });
    expect(lineOf(without, 'enrich', 'logIngestion')).toMatchObject({
      measured: null,
      note: 'CloudWatch shows no IncomingBytes of it in this time',
    });
    const half = cost({
      series: { ...measured, enrich: (measured['enrich'] ?? []).filter(({ metric }) => metric !== 'Duration') },
    });
    expect(lineOf(half, 'enrich', 'duration')).toMatchObject({
      measured: null,
      note: 'CloudWatch does not show all Duration of it in this time',
    });
    const provisioned = chain('nodes.enrich.config.provisionedConcurrentExecutions=2');
    expect(lineOf(cost({ document: provisioned }), 'enrich', 'duration')?.note).toContain('provisioned concurrency');
  });

  it('without a run lists what is measured, and what is not with its reason', () => {
    const found = cost({ run: undefined });
    expect(found).toMatchObject({ simulatedUsd: null, unmeasuredUsd: null });
    expect(found.unmeasured.map(({ node, label }) => `${node} ${label}`)).toContain('orders API requests');
    expect(lineOf(found, 'enrich', 'requests')).toMatchObject({ simulated: null, errorRatio: null });
  });

  it('brings the simulated run to the measured time, by its arrivals and by time', () => {
    // Twice as long, of a load that does not change: half of all of it.
    const twice = simulate(document, 2 * SECONDS);
    const found = cost({ run: { document, usage: twice.usage, horizonSeconds: 2 * SECONDS } });
    expect(lineOf(found, 'clicks', 'shardHours')?.errorRatio).toBeCloseTo(0, 12);
    expect(Math.abs(lineOf(found, 'clicks', 'putPayloadUnits')?.errorRatio ?? 1)).toBeLessThan(0.01);
  });

  it('leaves out what is not deployed', () => {
    expect(cost({ deployed: new Set(['clicks']) }).lines.every(({ node }) => node === 'clicks')).toBe(true);
  });
});
