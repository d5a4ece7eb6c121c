/** Latency from event time to delivery, per source and sink. */
import type { Flow } from '#engine/flow/flow.ts';
import { FLAG_DUPLICATE } from '#engine/flow/parcels.ts';
import { LogHistogram } from '#engine/stats/histogram.ts';
import type { LatencySummary, PathResult } from '#schema/result.ts';

const SECOND_US = 1_000_000;

export class PathLatencies {
  private readonly histograms: (LogHistogram | undefined)[] = [];
  private readonly nodeCount: number;
  private readonly sourceOfLoad: readonly number[];

  /** `sourceOfLoad`: node index of the node that each workload is attached to. */
  constructor(nodeCount: number, sourceOfLoad: readonly number[]) {
    this.nodeCount = nodeCount;
    this.sourceOfLoad = sourceOfLoad;
  }

  /** Books one delivery. Nothing is recorded before time zero; duplicates are not part of a path's latency. */
  add(flow: Flow, parcel: number, node: number, nowUs: number): void {
    const { store } = flow;
    if (nowUs < 0 || (store.flags[parcel]! & FLAG_DUPLICATE) !== 0) return;
    const index = this.sourceOfLoad[store.load[parcel]!]! * this.nodeCount + node;
    const histogram = (this.histograms[index] ??= new LogHistogram());
    const records = store.records[parcel]!;
    const e0 = store.e0[parcel]!;
    // Several records were created over the interval; one that was made of several is as old as the first of them.
    if (records > 1) histogram.addSpread(nowUs - store.e1[parcel]!, nowUs - e0, records);
    else histogram.add(nowUs - e0, records);
  }

  /** One row per source and sink that has deliveries, in the document's order. */
  rows(nodeIds: readonly string[]): PathResult[] {
    const rows: PathResult[] = [];
    nodeIds.forEach((source, from) => {
      nodeIds.forEach((sink, node) => {
        const histogram = this.histograms[from * this.nodeCount + node];
        if (histogram !== undefined && histogram.count > 0) {
          rows.push({ source, sink, count: histogram.count, latencySeconds: latencyOf(histogram) });
        }
      });
    });
    return rows;
  }
}

function latencyOf(histogram: LogHistogram): LatencySummary {
  const at = (p: number): number => histogram.quantile(p) / SECOND_US;
  return {
    mean: histogram.mean / SECOND_US,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: histogram.max / SECOND_US,
  };
}
