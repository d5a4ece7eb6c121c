/**
 * Fits settings to measured series. Which settings, and to which metrics, the settings themselves declare. The search needs no
 * derivatives from the engine: damped least squares (Levenberg-Marquardt) on finite differences of runs that share their seeds,
 * so that two runs differ by the setting alone. Settings move by factors, within their own limits; the number of runs is bounded.
 */
import { connectionOfEdge, nodesById } from '#analysis/catalog.ts';
import { compareSeries, pairedPoints } from '#analysis/compare-series.ts';
import { applyPatch } from '#analysis/set-path.ts';
import * as catalog from '#catalog/specs.ts';
import type { MetricDeclaration } from '#schema/component.ts';
import type { Calibration, MetricComparison } from '#schema/deployment-measure.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { fieldMeta, fieldRange, whenHolds } from '#schema/field.ts';
import type { NodeSeries, SeriesData } from '#schema/result.ts';
import { partitionKeySchema } from '#schema/workload.ts';
import { metricsOf } from './deployed-metrics.ts';

/** A setting that may be changed, and the metrics that show it. */
export interface Parameter {
  readonly path: string;
  readonly label: string;
  readonly unit: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly metrics: readonly { readonly node: string; readonly metric: string }[];
}

export interface CalibrateOptions {
  readonly document: CaudalDocument;
  readonly measured: NodeSeries;
  /** Simulates the design with the settings given, by path, and returns its series; the same seeds each time. */
  readonly simulate: (document: CaudalDocument) => Promise<NodeSeries>;
  /** Most simulations. */
  readonly mostRuns: number;
  readonly onRun?: (runs: number, error: number) => void;
}

/** Smallest value that a factor can move. */
const LEAST_MOVED = 1e-3;
/** Step of a finite difference, and largest step of the search, as logarithms of the factor. */
const PROBE = 0.1;
const LARGEST_STEP = 1.5;
/** A change of the error, relative to it, and of all settings, below which the search ends. */
const SAME_ERROR = 1e-3;
const SAME_VALUE = 2e-3;
/** A setting that moves the points by less than this share of its own change is not told by them. */
const LEAST_EFFECT = 0.01;
const DIGITS = 4;
/**
 * Logarithms of the factors that are tried where a setting shows no effect, as a limit that is not reached may be near, or where
 * the search ends far off, in a dip of chance.
 */
const SCOUTED = [0.5, -0.5, 1, -1, 2, 3] as const;
/** An error above which the search has not found the settings. */
const FAR_OFF = 0.2;

/** Settings of a document whose metrics were measured. */
export function parametersOf(document: CaudalDocument, measured: NodeSeries): Parameter[] {
  const nodes = nodesById(document);
  const ofNodes = document.nodes.flatMap(({ id, type, config }) => {
    const schema = catalog.components.get(type)?.declaration.config;
    return fieldsOf(schema?.shape ?? {}, config, `nodes.${id}.config`, [id], measured);
  });
  const ofEdges = document.edges.flatMap((edge) => {
    const schema = connectionOfEdge(catalog, nodes, edge)?.declaration.config;
    return fieldsOf(schema?.shape ?? {}, edge.config, `edges.${edge.id}.config`, [edge.source, edge.target], measured);
  });
  return [...ofNodes, ...ofEdges, ...ofKeys(document, measured)];
}

/** Skew of keys shows where the records of a load arrive first. */
function ofKeys(document: CaudalDocument, measured: NodeSeries): Parameter[] {
  return document.workloads.flatMap(({ id, node, partitionKey }) => {
    const schema = partitionKeySchema.options.find(({ shape }) => shape.kind.value === partitionKey.kind);
    const fed = document.edges.filter(({ source }) => source === node).map(({ target }) => target);
    return fieldsOf(schema?.shape ?? {}, partitionKey, `workloads.${id}.partitionKey`, fed, measured);
  });
}

function fieldsOf(
  shape: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
  path: string,
  owners: readonly string[],
  measured: NodeSeries,
): Parameter[] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    const field = schema as Parameters<typeof fieldMeta>[0];
    const meta = fieldMeta(field);
    const value = config[name];
    if (meta?.fittedTo === undefined || typeof value !== 'number' || !whenHolds(meta.when, config)) return [];
    const metrics = owners.flatMap((node) =>
      (meta.fittedTo ?? [])
        .filter((metric) => measured[node]?.some((one) => one.metric === metric && hasPoints(one)))
        .map((metric) => ({ node, metric })),
    );
    if (metrics.length === 0) return [];
    const { label, unit } = meta;
    return [{ path: `${path}.${name}`, label, unit, value, ...fieldRange(field), metrics }];
  });
}

function hasPoints({ values }: SeriesData): boolean {
  return values.some((value) => !Number.isNaN(value) && value !== 0);
}

export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const search = new Search(options, parametersOf(options.document, options.measured));
  return search.run();
}

/** One point of the search: settings as logarithms, relative errors of all points. */
interface Tried {
  readonly place: readonly number[];
  readonly errors: readonly number[];
  readonly loss: number;
  readonly series: NodeSeries;
}

class Search {
  private runs = 0;
  private readonly options: CalibrateOptions;
  private readonly parameters: readonly Parameter[];

  constructor(options: CalibrateOptions, parameters: readonly Parameter[]) {
    this.options = options;
    this.parameters = parameters;
  }

  async run(): Promise<Calibration> {
    const start = this.parameters.map(({ value, least }) => Math.log(Math.max(value, least, LEAST_MOVED)));
    const first = await this.try(start);
    let best = first;
    let damping = 0.01;
    let slopes: readonly (readonly number[])[] = [];
    let hasScouted = false;
    while (this.parameters.length > 0 && this.runs + this.parameters.length < this.options.mostRuns) {
      slopes = await this.slopesAt(best);
      const isFlat = slopes.some((slope) => lengthOf(slope) < LEAST_EFFECT);
      const { next, damping: left } = isFlat && !hasScouted ? { damping } : await this.step(best, slopes, damping);
      damping = left;
      const gain = next === undefined ? 0 : (best.loss - next.loss) / Math.max(best.loss, 1e-12);
      const moved = Math.max(...(next?.place ?? best.place).map((value, i) => Math.abs(value - (best.place[i] ?? 0))));
      best = next ?? best;
      if (best.loss < SAME_VALUE) break;
      if (gain >= SAME_ERROR && moved >= SAME_VALUE) continue;
      if (hasScouted || (!isFlat && best.loss < FAR_OFF)) break;
      hasScouted = true;
      best = await this.scout(best, slopes);
    }
    return this.result(first, best, slopes);
  }

  private async try(place: readonly number[]): Promise<Tried> {
    const { document, simulate, measured, onRun } = this.options;
    const series = await simulate(this.documentAt(document, place));
    const errors = this.errorsOf(series, measured);
    const count = new Set(this.parameters.flatMap(({ metrics }) => metrics.map(keyOf))).size;
    const loss = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / Math.max(1, count));
    this.runs += 1;
    onRun?.(this.runs, loss);
    return { place, errors, loss, series };
  }

  private documentAt(document: CaudalDocument, place: readonly number[]): CaudalDocument {
    const patch = this.parameters.map(({ path, value }, i) => ({ path, from: value, to: this.valueAt(place, i) }));
    return applyPatch(document, patch).root as CaudalDocument;
  }

  private valueAt(place: readonly number[], i: number): number {
    const { least, most } = this.parameters[i] as Parameter;
    return Math.min(most, Math.max(least, Number(Math.exp(place[i] ?? 0).toPrecision(12))));
  }

  /** Differences of all points, relative to the mean of their metric, which all have the same weight. */
  private errorsOf(simulated: NodeSeries, measured: NodeSeries): number[] {
    const fitted = new Map(this.parameters.flatMap(({ metrics }) => metrics.map((one) => [keyOf(one), one] as const)));
    return [...fitted.values()].flatMap(({ node, metric }) => {
      const declaration = this.declarationOf(node, metric);
      const own = simulated[node]?.find((one) => one.metric === metric);
      const seen = measured[node]?.find((one) => one.metric === metric);
      if (declaration === undefined || own === undefined || seen === undefined) return [];
      const pairs = pairedPoints(declaration, own, seen);
      const mean = pairs.reduce((sum, [, value]) => sum + Math.abs(value), 0) / Math.max(1, pairs.length);
      return pairs.map(([mine, value]) => (mine - value) / Math.max(mean, 1e-12) / Math.sqrt(pairs.length));
    });
  }

  private declarationOf(node: string, metric: string): MetricDeclaration | undefined {
    const type = this.options.document.nodes.find(({ id }) => id === node)?.type;
    return metricsOf(type ?? '').find(({ name }) => name === metric);
  }

  /** Change of every error for a change of each setting. */
  private async slopesAt(at: Tried): Promise<(readonly number[])[]> {
    const slopes: (readonly number[])[] = [];
    for (const [i, { most }] of this.parameters.entries()) {
      const step = (at.place[i] ?? 0) + PROBE > Math.log(most) ? -PROBE : PROBE;
      const probed = await this.try(at.place.map((value, k) => (k === i ? value + step : value)));
      slopes.push(at.errors.map((error, k) => ((probed.errors[k] ?? error) - error) / step));
    }
    return slopes;
  }

  /**
   * Looks further away along each setting, or those whose slope is flat: throttles, for one, depend on skew only where a shard is
   * full. The best place found.
   */
  private async scout(at: Tried, slopes: readonly (readonly number[])[]): Promise<Tried> {
    let best = at;
    for (const [i, { least, most }] of this.parameters.entries()) {
      if (at.loss < FAR_OFF && lengthOf(slopes[i] ?? []) >= LEAST_EFFECT) continue;
      for (const step of SCOUTED) {
        if (this.runs >= this.options.mostRuns) return best;
        const value = (at.place[i] ?? 0) + step;
        if (value > Math.log(most) || value < Math.log(Math.max(least, LEAST_MOVED))) continue;
        const tried = await this.try(best.place.map((kept, k) => (k === i ? value : kept)));
        if (tried.loss < best.loss) best = tried;
      }
    }
    return best;
  }

  /** A step that makes the error smaller; a shorter one is tried while it does not. */
  private async step(
    at: Tried,
    slopes: readonly (readonly number[])[],
    damping: number,
  ): Promise<{ readonly next?: Tried; readonly damping: number }> {
    for (let lambda = damping; this.runs < this.options.mostRuns && lambda < 1e6; lambda *= 10) {
      const change = solve(slopes, at.errors, lambda);
      const place = at.place.map((value, i) => {
        const { least, most } = this.parameters[i] as Parameter;
        const moved = value + Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, change[i] ?? 0));
        return Math.min(Math.log(most), Math.max(Math.log(Math.max(least, LEAST_MOVED)), moved));
      });
      const next = await this.try(place);
      if (next.loss < at.loss) return { next, damping: Math.max(1e-6, lambda / 10) };
    }
    return { damping };
  }

  private result(first: Tried, best: Tried, slopes: readonly (readonly number[])[]): Calibration {
    const { document, measured } = this.options;
    const isTold = this.parameters.map((_, i) => lengthOf(slopes[i] ?? []) >= LEAST_EFFECT);
    const types = new Map(document.nodes.map(({ id, type }) => [id, type]));
    const compared = (series: NodeSeries): MetricComparison[] =>
      compareSeries(series, measured, (node) => metricsOf(types.get(node) ?? ''));
    return {
      proposals: this.parameters.flatMap(({ path, label, unit, value }, i) => {
        const to = Number(this.valueAt(best.place, i).toPrecision(DIGITS));
        return isTold[i] === true && to !== value ? [{ path, label, unit, from: value, to }] : [];
      }),
      untold: this.parameters.flatMap(({ path }, i) => (isTold[i] === true ? [] : [path])),
      errorBefore: first.loss,
      errorAfter: best.loss,
      before: compared(first.series),
      after: compared(best.series),
      runs: this.runs,
    };
  }
}

const keyOf = ({ node, metric }: { readonly node: string; readonly metric: string }): string => `${node}/${metric}`;

function lengthOf(vector: readonly number[]): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

/** The change that makes the errors smallest if they went on in a straight line; `damping` holds it back. */
function solve(slopes: readonly (readonly number[])[], errors: readonly number[], damping: number): number[] {
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
  const rows = slopes.map((slope, i) => [
    ...slopes.map((other, k) => dot(slope, other) + (i === k ? damping * dot(slope, slope) + 1e-9 : 0)),
    -dot(slope, errors),
  ]);
  return eliminated(rows);
}

/** Gauss-Jordan with pivots; the last column is the right side. */
function eliminated(rows: number[][]): number[] {
  for (let i = 0; i < rows.length; i += 1) {
    const pivot = rows.slice(i).reduce((most, row) => (Math.abs(row[i] ?? 0) > Math.abs(most[i] ?? 0) ? row : most));
    rows.splice(rows.indexOf(pivot), 1, rows[i] as number[]);
    rows[i] = pivot;
    const factor = pivot[i] ?? 1;
    pivot.forEach((value, k) => {
      pivot[k] = value / factor;
    });
    for (const row of rows) {
      const share = row === pivot ? 0 : (row[i] ?? 0);
      if (share === 0) continue;
      row.forEach((value, k) => {
        row[k] = value - share * (pivot[k] ?? 0);
      });
    }
  }
  return rows.map((row) => row.at(-1) ?? 0);
}
