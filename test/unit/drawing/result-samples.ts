import type { ComponentSpec, LimitSummary } from '#schema/component.ts';
import { type EdgeResult, emptyLedger, type NodeLedger, type NodeResult, type SeriesData } from '#schema/result.ts';

export function ledger(counts: Partial<NodeLedger>): NodeLedger {
  return { ...emptyLedger, in: 0, out: 0, ...counts };
}

export function nodeResult(counts: Partial<NodeLedger>, series: readonly SeriesData[] = []): NodeResult {
  return { type: 'any', ledger: ledger(counts), metrics: {}, series: [...series], duplicatesDelivered: 0 };
}

export function edgeResult(counts: Partial<EdgeResult>): EdgeResult {
  return { records: 0, units: 0, requests: 0, bytes: 0, retried: 0, refused: 0, dropped: 0, ...counts };
}

export function limit(node: string, values: Partial<LimitSummary>): LimitSummary {
  const fixed = { id: 'limit', name: 'a limit', unit: 'records/s', source: '', raisable: false };
  return { ...fixed, node, capacity: 1000, peakRatio: 0, refused: 0, waiting: 0, ...values };
}

export function series(metric: string, values: readonly number[], unit = 'Count'): SeriesData {
  return { metric, unit, startSeconds: 0, stepSeconds: 1, values: new Float64Array(values) };
}

/** A component that only has a face and a counter. */
export function spec(face: ComponentSpec['declaration']['face']): ComponentSpec {
  const counter = { name: 'Records', namespace: 'Test', unit: 'Count', statistic: 'Sum', series: 'counter' } as const;
  return { declaration: { face }, metrics: [counter] } as unknown as ComponentSpec;
}
