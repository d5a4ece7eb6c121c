/** The measured run that is set beside the simulated one, outside React: its columns stay where they are. */
import { useSyncExternalStore } from 'react';
import type { MeasuredCost, MeasuredPercentiles } from '#schema/deployment-measure.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { NodeSeries, SeriesData } from '#schema/result.ts';

export type MeasuredSource =
  | {
      readonly kind: 'cloudwatch';
      readonly stackName: string;
      readonly region: string;
      /** First and last moment measured, ISO. */
      readonly since: string;
      readonly until: string;
      /** Asked for beyond what CloudWatch shows so far, seconds. */
      readonly lagSeconds: number;
      /** Metrics that CloudWatch has no point of. */
      readonly silent: readonly { readonly node: string; readonly metric: string }[];
    }
  | { readonly kind: 'file'; readonly name: string; readonly engineVersion: string };

export interface MeasuredRun {
  /** Names it to `run.save` and `aws.calibrate`. */
  readonly runId: string;
  readonly source: MeasuredSource;
  readonly nodes: NodeSeries;
  /** Of all samples of the time measured. */
  readonly percentiles: readonly Omit<MeasuredPercentiles, 'samples' | 'periods'>[];
  /** What the measured time cost; null for a run from a file. */
  readonly cost: MeasuredCost | null;
}

let measured: MeasuredRun | undefined;
const listeners = new Set<() => void>();

/** Takes the place of the one before; undefined for none. */
export function takeMeasured(next: MeasuredRun | undefined): void {
  if (measured === next) return;
  measured = next;
  for (const listener of listeners) listener();
}

export function currentMeasured(): MeasuredRun | undefined {
  return measured;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useMeasured(): MeasuredRun | undefined {
  return useSyncExternalStore(subscribe, currentMeasured);
}

/** One metric of one node. */
export function measuredSeries(run: MeasuredRun | undefined, node: string, metric: string): SeriesData | undefined {
  return run?.nodes[node]?.find((series) => series.metric === metric);
}

/** Simulated seconds between which something was measured; undefined where nothing was. */
export function measuredSpan({ nodes }: Pick<MeasuredRun, 'nodes'>): readonly [number, number] | undefined {
  const all = Object.values(nodes).flat();
  if (all.length === 0) return undefined;
  const from = Math.min(...all.map(({ startSeconds }) => startSeconds));
  const until = Math.max(
    ...all.map(({ startSeconds, stepSeconds, values }) => startSeconds + stepSeconds * values.length),
  );
  return [from, until];
}

/** Each node of the design was measured as a node of the same type: settings may have changed since. */
export function measuredFits(
  document: Pick<CaudalDocument, 'nodes'> | undefined,
  { report }: { readonly report: { readonly nodes: Readonly<Record<string, { readonly type: string }>> } },
): boolean {
  return document !== undefined && document.nodes.every(({ id, type }) => report.nodes[id]?.type === type);
}
