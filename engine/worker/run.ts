/** Runs a model: pre-roll, recorded horizon, and the collection of results. */
import { imbalance, nodeImbalance } from '#engine/flow/ledger.ts';
import { components } from '#catalog/specs.ts';
import { invariant } from '#schema/errors.ts';
import type { EdgeResult, MetricSummary, NodeResult, RawResult, SeriesData } from '#schema/result.ts';
import type { LimitColumns } from '#schema/worker-messages.ts';
import { CELL_SECONDS, type Model } from './model.ts';
import { type PlaybackRecorder, runRecorded } from './playback.ts';

/** Called between slices of events; false stops the run. */
export type SliceListener = (nowUs: number) => boolean;

/** Runs to the horizon, or until `onSlice` answers false; returns whether it was cancelled. */
export function runModel(model: Model, onSlice?: SliceListener, playback?: PlaybackRecorder): { cancelled: boolean } {
  const { kernel, flow, recorder, parts, horizonUs } = model;
  for (const part of parts) part.start?.();
  if (kernel.nowUs < 0 && kernel.run(-1, onSlice).kind === 'cancelled') {
    flow.startRecording();
    return { cancelled: true };
  }
  // Nothing is due between the last microsecond of the pre-roll and time zero, where recording starts.
  kernel.nowUs = 0;
  flow.startRecording();
  recorder.startRecording();
  for (const part of parts) part.startRecording?.();
  const isComplete =
    playback === undefined ? kernel.run(horizonUs, onSlice).kind === 'complete' : runRecorded(model, playback, onSlice);
  for (const part of parts) part.finish?.();
  recorder.finish();
  return { cancelled: !isComplete };
}

/** Collects the results; checks that the ledger balances, for the run and for every node. */
export function collect(model: Model, cancelled: boolean): RawResult {
  const { document, options, flow, recorder } = model;
  const inside = flow.countInside();
  const sum = (of: (found: (typeof inside)[number]) => number): number => inside.reduce((n, found) => n + of(found), 0);
  const ledger = flow.ledger.run(
    sum((found) => found.inside),
    sum((found) => found.deadLettered),
    sum((found) => found.duplicates),
  );
  invariant(imbalance(ledger) === 0, `the ledger is out of balance by ${imbalance(ledger)} records`);
  const { made, delivered, removed, inside: duplicatesInside } = ledger.duplicates;
  invariant(made === delivered + removed + duplicatesInside, 'the duplicates are out of balance');
  const nodes: Record<string, NodeResult> = {};
  document.nodes.forEach((node, index) => {
    const found = inside[index]!;
    const own = flow.ledger.node(index, found.inside, found.deadLettered);
    invariant(nodeImbalance(own) === 0, `node ${node.id} is out of balance by ${nodeImbalance(own)} records`);
    const duplicatesDelivered = flow.ledger.duplicatesDeliveredAt[index]!;
    nodes[node.id] = { type: node.type, ledger: own, duplicatesDelivered, ...metricsOf(model, index, node.type) };
  });
  const edges: Record<string, EdgeResult> = {};
  document.edges.forEach((edge, index) => {
    edges[edge.id] = model.edges[index]!.totals;
  });
  return {
    scenario: document.name,
    seed: options.seed,
    horizonSeconds: options.horizonSeconds,
    preRollSeconds: options.preRollSeconds,
    fidelity: {
      mode: options.fidelity,
      quantumSeconds: flow.runs.hasAny ? CELL_SECONDS * (options.quantumFactor ?? 1) : 0,
      warnings: [...recorder.warnings].sort(),
    },
    ledger,
    nodes,
    edges,
    paths: model.latencies.rows(document.nodes.map(({ id }) => id)),
    usage: usageOf(model),
    limits: recorder.limits.map((limit) => limit.summary()),
    log: recorder.entries,
    logDropped: recorder.entriesDropped,
    cancelled,
  };
}

/** Columns of all limits, for `explain`. */
export function limitColumnsOf(model: Model): LimitColumns[] {
  return model.recorder.limits.map((limit) => ({
    id: limit.declaration.id,
    node: limit.node,
    ...limit.columns(),
  }));
}

function metricsOf(model: Model, index: number, type: string): Pick<NodeResult, 'metrics' | 'series'> {
  const declared = components.get(type)?.metrics ?? [];
  const recorded = model.recorder.metrics[index]!;
  // Of a run that is still going on, or was cancelled, only what it has covered.
  const untilUs = model.kernel.nowUs > 0 ? model.kernel.nowUs : model.horizonUs;
  const metrics: Record<string, MetricSummary> = {};
  const series: SeriesData[] = [];
  for (const { name, unit } of declared) {
    const metric = recorded.get(name);
    if (metric === undefined) continue;
    metrics[name] = metric.summary(unit, untilUs);
    series.push(metric.data(name, unit));
  }
  return { metrics, series };
}

function usageOf(model: Model): RawResult['usage'] {
  const usage: RawResult['usage'] = {};
  for (const [owner, own] of model.recorder.usages) {
    usage[owner] = Object.fromEntries([...own].map(([id, counter]) => [id, counter.total]));
  }
  return usage;
}
