/** Samples, as the run goes on, what pictures of its moments need: see schema/playback.ts. Reads only: the run is the same without it. */
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import { edgeRows, limitRows, nodeRows, type Playback } from '#schema/playback.ts';
import type { Model } from './model.ts';

/** Bins over the horizon: those of the limit meters. */
const BINS = 480;
const SECOND_US = 1_000_000;

export class PlaybackRecorder {
  private readonly model: Model;
  readonly binUs: number;
  /** One column for each row, in the order of schema/playback.ts; limits in columns of their own, because they may grow. */
  private readonly fixed: readonly Float32Array[];
  private readonly limits: Float32Array[] = [];
  /** Totals of counted rows at the end of the last bin. */
  private readonly totals: Float64Array;
  /** By edge: whether requests go along it, and are answered, instead of records. */
  private readonly isAsked: readonly boolean[];
  private bins = 0;

  constructor(model: Model) {
    this.model = model;
    this.isAsked = model.document.edges.map(({ kind }) => kind === 'query' || kind === 'call');
    this.binUs = Math.max(1, Math.ceil(model.horizonUs / BINS));
    const rows = model.document.nodes.length * nodeRows.length + model.edges.length * edgeRows.length;
    this.fixed = Array.from({ length: rows }, () => new Float32Array(BINS));
    this.totals = new Float64Array(rows);
  }

  /** Ends of the bins still to come, microseconds; the last is the horizon. */
  get nextEdgeUs(): number {
    return Math.min(this.model.horizonUs, (this.bins + 1) * this.binUs);
  }

  /** Takes the bin that is over now. */
  take(): void {
    const { bins, model } = this;
    if (bins >= BINS) return;
    this.takeNodes(bins);
    this.takeEdges(bins);
    model.recorder.limits.forEach((limit, index) => this.takeLimit(limit, index, bins));
    this.bins = bins + 1;
  }

  read(): Playback {
    const { bins } = this;
    const columns = [...this.fixed, ...this.limits];
    const values = new Float32Array(columns.length * bins);
    columns.forEach((column, row) => values.set(column.subarray(0, bins), row * bins));
    const limitCount = this.limits.length / limitRows.length;
    return { binSeconds: this.binUs / SECOND_US, fromBin: 0, bins, limitCount, values };
  }

  private takeNodes(bin: number): void {
    const { counts } = this.model.flow.ledger;
    for (let node = 0; node < this.model.document.nodes.length; node += 1) {
      const row = node * nodeRows.length;
      const arrived = counts.in[node]! + counts.created[node]!;
      const lost = counts.dropped[node]! + counts.expired[node]!;
      const incoming = arrived + counts.carriedIn[node]! + counts.copied[node]! + counts.replayed[node]!;
      const gone = counts.out[node]! + counts.delivered[node]! + counts.filtered[node]! + counts.absorbed[node]! + lost;
      this.count(row, bin, arrived);
      this.count(row + 1, bin, lost);
      this.fixed[row + 2]![bin] = incoming + counts.emitted[node]! - gone;
    }
  }

  private takeEdges(bin: number): void {
    const first = this.model.document.nodes.length * nodeRows.length;
    this.model.edges.forEach(({ totals }, edge) => {
      const row = first + edge * edgeRows.length;
      this.count(row, bin, this.isAsked[edge]! ? totals.requests : totals.records);
      this.count(row + 1, bin, totals.retried);
      this.count(row + 2, bin, totals.refused);
      this.count(row + 3, bin, totals.dropped);
    });
  }

  private takeLimit(limit: LimitMeter, index: number, bin: number): void {
    while (this.limits.length < (index + 1) * limitRows.length) this.limits.push(new Float32Array(BINS));
    const use = limit.useIn(bin);
    this.limits[index * limitRows.length]![bin] = use.meanRatio;
    this.limits[index * limitRows.length + 1]![bin] = use.refused;
  }

  /** Books how much a total has grown since the bin before. */
  private count(row: number, bin: number, total: number): void {
    this.fixed[row]![bin] = total - this.totals[row]!;
    this.totals[row] = total;
  }
}

/** Runs to the horizon bin by bin, which processes the same events in the same order; false when `onSlice` ended it. */
export function runRecorded(
  model: Model,
  playback: PlaybackRecorder,
  onSlice: ((nowUs: number) => boolean) | undefined,
): boolean {
  const { kernel, horizonUs } = model;
  while (playback.nextEdgeUs < horizonUs) {
    // What happens on the edge belongs to the later bin, as everywhere.
    if (kernel.run(playback.nextEdgeUs - 1, onSlice).kind === 'cancelled') return false;
    playback.take();
    if (onSlice?.(kernel.nowUs) === false) return false;
  }
  if (kernel.run(horizonUs, onSlice).kind === 'cancelled') return false;
  playback.take();
  return true;
}
