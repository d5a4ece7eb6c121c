/**
 * What a deployment cost, from what CloudWatch measured of it, through the same prices as the bill of a run: line by line beside
 * the simulated one. What cannot be measured is listed with its reason, never taken for nothing.
 */
import { billOf, loadFactorsBetween, type Payer, payersOf } from '#analysis/bill.ts';
import type { RateTable } from '#catalog/pricing/rates.ts';
import * as catalog from '#catalog/specs.ts';
import type { MeasuredTotals, RatesView, UsageDeclaration } from '#schema/component.ts';
import type { MeasuredCost, MeasuredCostLine } from '#schema/deployment-measure.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { CostLine, NodeSeries, RawResult, SeriesData } from '#schema/result.ts';
import { ratio } from '#analysis/compare-series.ts';
import { deployedMetrics } from './deployed-metrics.ts';
import type { MeasuredMetric } from './metric-data.ts';

type Usage = RawResult['usage'];

/** A run that the measurement is compared with: what it used in how many simulated seconds. */
export interface ComparedRun {
  readonly document: CaudalDocument;
  readonly usage: Usage;
  readonly horizonSeconds: number;
}

export interface MeasuredCostInput {
  readonly document: CaudalDocument;
  readonly rates: RateTable;
  /** Nodes and edges of which something is deployed. */
  readonly deployed: ReadonlySet<string>;
  readonly series: NodeSeries;
  /** First and last simulated second that was measured. */
  readonly fromSecond: number;
  readonly toSecond: number;
  readonly run?: ComparedRun | undefined;
}

/** Metrics that only bills need. */
export function usageMetrics(
  document: CaudalDocument,
  resources: Parameters<typeof deployedMetrics>[1],
  stackId: string,
): MeasuredMetric[] {
  return deployedMetrics(document, resources, stackId, (type) =>
    (catalog.components.get(type)?.usage ?? []).flatMap(({ measured }) =>
      typeof measured === 'string' ? [] : (measured.metrics ?? []),
    ),
  );
}

/** The bill of what was measured. */
export function measuredCost(input: MeasuredCostInput): MeasuredCost {
  const { document, rates, fromSecond, toSecond, run, deployed } = input;
  const seconds = toSecond - fromSecond;
  const payers = payersOf({ document, catalog }).filter(({ id }) => deployed.has(id));
  const readings = payers.flatMap((payer) => payer.usage.map((usage) => read(payer, usage, input)));
  const billed = (usage: Usage): CostLine[] =>
    billOf({ document, catalog, rates, usage, horizonSeconds: seconds }).lines;
  const seen = billed(usageOf(readings));
  const own = run === undefined ? [] : billed(broughtTo(run, payers, fromSecond, toSecond));
  const sources = linesOfUsage(payers, readings);
  const keys = [...new Set([...own, ...seen].map(keyOf))];
  const lines = keys.map((key) => {
    const [simulated, measured] = [own, seen].map((lists) => lists.find((line) => keyOf(line) === key));
    return lineOf(simulated, measured, sources.get(key));
  });
  const known = lines.filter(({ by }) => by !== 'nothing');
  const sum = (of: readonly MeasuredCostLine[], side: 'measured' | 'simulated'): number =>
    of.reduce((total, line) => total + (line[side]?.usd ?? 0), 0);
  return {
    currency: 'USD',
    hours: seconds / 3600,
    lines,
    unmeasured:
      run !== undefined
        ? []
        : readings.flatMap(({ node, label, quantity, note }) =>
            quantity === undefined ? [{ node, label, reason: note ?? '' }] : [],
          ),
    measuredUsd: sum(known, 'measured'),
    simulatedUsd: run === undefined ? null : sum(known, 'simulated'),
    unmeasuredUsd: run === undefined ? null : sum(lines, 'simulated') - sum(known, 'simulated'),
    oldestRateDate: lines.map(({ rateDate }) => rateDate).sort()[0] ?? null,
  };
}

/** What is known of one quantity. */
interface Reading {
  readonly node: string;
  readonly usage: string;
  readonly label: string;
  readonly quantity: number | undefined;
  readonly by: MeasuredCostLine['by'];
  readonly note: string | null;
}

function read({ id, config }: Payer, { id: usage, label, measured }: UsageDeclaration, input: MeasuredCostInput) {
  const none = (note: string): Reading => ({ node: id, usage, label, quantity: undefined, by: 'nothing', note });
  if (typeof measured === 'string') return none(measured);
  const { by, metrics = [], quantity: quantityOf, approximates = null, unknown } = measured;
  const series = input.series[id] ?? [];
  const missing = metrics.find(({ name }) => !series.some(({ metric }) => metric === name));
  if (by === 'metrics' && series.length === 0) return none('CloudWatch shows nothing of it in this time');
  if (missing !== undefined) return none(`CloudWatch shows no ${missing.name} of it in this time`);
  const hours = (input.toSecond - input.fromSecond) / 3600;
  const partial = new Set<string>();
  const quantity = quantityOf(totalsOf(series, hours, partial), config as never);
  if (quantity === undefined) return none(unknown ?? '');
  if (Number.isNaN(quantity)) return none(`CloudWatch does not show all ${[...partial].join(', ')} of it in this time`);
  return { node: id, usage, label, quantity, by, note: quantity === 0 ? null : approximates } satisfies Reading;
}

/** `partial`: takes the names of metrics of which points are missing. */
function totalsOf(series: readonly SeriesData[], hours: number, partial: Set<string>): MeasuredTotals {
  const pointsOf = (name: string): Float64Array => series.find(({ metric }) => metric === name)?.values ?? NO_POINTS;
  return {
    hours,
    sum: (name) => pointsOf(name).reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0),
    total: (sample, counter) => {
      const means = pointsOf(sample);
      const sum = pointsOf(counter).reduce(
        (total, count, i) => (count > 0 ? total + count * (means[i] ?? Number.NaN) : total),
        0,
      );
      if (Number.isNaN(sum)) partial.add(sample);
      return sum;
    },
  };
}

const NO_POINTS = new Float64Array(0);

function usageOf(readings: readonly Reading[]): Usage {
  const usage: Record<string, Record<string, number>> = {};
  for (const { node, usage: id, quantity = 0 } of readings) (usage[node] ??= {})[id] = quantity;
  return usage;
}

/** What the run used, as if it had been run over the measured time: by the arrivals, or by the time. */
function broughtTo(run: ComparedRun, payers: readonly Payer[], fromSecond: number, toSecond: number): Usage {
  const byLoad = loadFactorsBetween(run.document, run.horizonSeconds, fromSecond, toSecond);
  const byTime = (toSecond - fromSecond) / run.horizonSeconds;
  return Object.fromEntries(
    payers.map(({ id, node, usage }) => [
      id,
      Object.fromEntries(
        usage.map(({ id: name, scalesWith }) => {
          const factor = scalesWith === 'load' ? (byLoad.get(node) ?? byTime) : byTime;
          return [name, (run.usage[id]?.[name] ?? 0) * factor];
        }),
      ),
    ]),
  );
}

/** Which quantity each line of a bill is of: the lines that one more of it adds to. */
function linesOfUsage(payers: readonly Payer[], readings: readonly Reading[]): ReadonlyMap<string, Reading> {
  const found = new Map<string, Reading>();
  for (const payer of payers) {
    const priced = (quantities: Readonly<Record<string, number>>) => {
      const view: RatesView = {
        price: (dimension, rateId, quantity) => ({
          dimension,
          rateId,
          quantity,
          usd: 0,
          unit: '',
          rateDate: '',
          confidence: 'D',
        }),
      };
      return payer.price({ quantities, horizonHours: 1 }, payer.config as never, view);
    };
    const zeros = Object.fromEntries(payer.usage.map(({ id }) => [id, 0]));
    const before = new Map(priced(zeros).map((line) => [line.dimension, line.quantity]));
    for (const { id } of payer.usage) {
      const reading = readings.find(({ node, usage }) => node === payer.id && usage === id);
      if (reading === undefined) continue;
      for (const { dimension, rateId, quantity } of priced({ ...zeros, [id]: 1 })) {
        if (quantity > (before.get(dimension) ?? 0)) found.set(keyOf({ node: payer.id, dimension, rateId }), reading);
      }
    }
  }
  return found;
}

const keyOf = ({ node, dimension, rateId }: Pick<CostLine, 'node' | 'dimension' | 'rateId'>): string =>
  `${node}\0${dimension}\0${rateId}`;

/** A line without a quantity of its own, such as what is committed and not used, follows from the settings. */
function lineOf(
  simulated: CostLine | undefined,
  measured: CostLine | undefined,
  reading: Reading | undefined,
): MeasuredCostLine {
  const { node, dimension, unit, rateId, rateDate } = (simulated ?? measured) as CostLine;
  const isUnknown = reading?.by === 'nothing';
  const amount = (line: CostLine | undefined) => ({ quantity: line?.quantity ?? 0, usd: line?.usdRun ?? 0 });
  const seen = amount(measured);
  return {
    node,
    dimension,
    unit,
    rateId,
    rateDate,
    simulated: simulated === undefined ? null : amount(simulated),
    measured: isUnknown ? null : seen,
    errorRatio: isUnknown || simulated === undefined ? null : ratio(seen.usd - simulated.usdRun, seen.usd),
    by: reading?.by ?? 'settings',
    note: reading?.note ?? null,
  };
}
