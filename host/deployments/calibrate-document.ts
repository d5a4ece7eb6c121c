/** Calibrates a design to a measured run, and writes what is proposed into the document. */
import { applyPatch } from '#analysis/set-path.ts';
import { calibrate } from '#cloud/observe/calibrate.ts';
import { openDocument } from '#host/files/open.ts';
import { saveDocument } from '#host/files/save.ts';
import { startWorkerRun } from '#host/runs/worker-run.ts';
import type { KeptRun } from '#host/saved-runs/run-files.ts';
import type { Calibration } from '#schema/deployment-measure.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { EnvironmentError, InputError } from '#schema/errors.ts';
import type { NodeSeries } from '#schema/result.ts';
import { seriesOfRun } from './observe-document.ts';

export interface CalibrateSettings {
  /** Seeds of each trial: the document's and those after it. */
  readonly seeds: number;
  readonly mostRuns: number;
  readonly signal?: AbortSignal | undefined;
  readonly onRun?: (runs: number, error: number) => void;
}

/** `document`: valid and complete, with its traces inlined. */
export async function calibrateDocument(
  document: CaudalDocument,
  measured: KeptRun,
  { seeds, mostRuns, signal, onRun }: CalibrateSettings,
): Promise<Calibration> {
  refuseOther(document, measured);
  const { horizonSeconds } = measured.run.report;
  return calibrate({
    document,
    measured: seriesOfRun(measured),
    mostRuns,
    ...(onRun === undefined ? {} : { onRun }),
    simulate: (changed) => simulated(changed, horizonSeconds, seeds, signal),
  });
}

/** The mean of runs with several seeds. */
async function simulated(
  document: CaudalDocument,
  horizonSeconds: number,
  seeds: number,
  signal: AbortSignal | undefined,
): Promise<NodeSeries> {
  const runs: NodeSeries[] = [];
  for (let i = 0; i < seeds; i += 1) {
    if (signal?.aborted === true) throw new EnvironmentError('run/cancelled', 'the calibration was cancelled');
    const { preRollSeconds, fidelity, seed } = document.run;
    const options = { seed: seed + i, horizonSeconds, preRollSeconds, fidelity };
    const { result } = await startWorkerRun(document, options).finished;
    runs.push(Object.fromEntries(Object.entries(result.nodes).map(([id, { series }]) => [id, series])));
  }
  return meanOf(runs);
}

function meanOf(runs: readonly NodeSeries[]): NodeSeries {
  const [first = {}] = runs;
  return Object.fromEntries(
    Object.entries(first).map(([id, series]) => [
      id,
      series.map((one) => {
        const same = runs.flatMap((run) => run[id]?.find(({ metric }) => metric === one.metric) ?? []);
        const column = (of: 'values' | 'maxima'): Float64Array =>
          (one[of] ?? one.values).map((_, k) => meanValue(same.map((run) => (run[of] ?? run.values)[k] ?? Number.NaN)));
        return { ...one, values: column('values'), ...(one.maxima === undefined ? {} : { maxima: column('maxima') }) };
      }),
    ]),
  );
}

function meanValue(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? Number.NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function refuseOther(document: CaudalDocument, { document: measured, origin }: KeptRun): void {
  if (origin.origin !== 'measured') {
    const message = 'is a simulated run; save a measured one with caudal observe --save';
    throw new InputError([{ code: 'calibrate/not-measured', path: '--against', message }]);
  }
  const types = new Map(measured.nodes.map(({ id, type }) => [id, type]));
  const missing = document.nodes.filter(({ id, type }) => types.get(id) !== type).map(({ id }) => id);
  if (missing.length === 0) return;
  const message = `the measured run is of another design: it has no ${missing.join(', ')}`;
  throw new InputError([{ code: 'calibrate/other-design', path: '--against', message }]);
}

/** Writes the proposals into the document in `from`, to `to`. */
export async function applyCalibration(from: string, to: string, proposals: Calibration['proposals']): Promise<void> {
  const { written } = await openDocument(from);
  const { root, faults } = applyPatch(written, proposals);
  if (faults.length > 0) throw new InputError(faults);
  await saveDocument(to, root as Readonly<Record<string, unknown>>);
}
