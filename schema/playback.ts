/**
 * What pictures of a run at any of its moments are made of: a coarse column of numbers for each node, edge and limit, in bins
 * of equal length. Single precision: for pictures, never for the ledger or a bill.
 */

/** Rows of a node: records that came in or were created, records lost (dropped or expired), records inside at the bin's end. */
export const nodeRows = ['arrived', 'lost', 'inside'] as const;
/** Rows of an edge, as in `EdgeResult`, per bin; of a call or query edge `records` are its requests. */
export const edgeRows = ['records', 'retried', 'refused', 'dropped'] as const;
/** Rows of a limit: mean share of its capacity in use, and units refused in the bin. */
export const limitRows = ['usedRatio', 'refused'] as const;

export interface Playback {
  /** Simulated seconds of one bin; bin `i` begins at `i * binSeconds`. */
  readonly binSeconds: number;
  /** First bin held here: above 0 where the bins before it were sent earlier. */
  readonly fromBin: number;
  /** Bins held; all of them are over. */
  readonly bins: number;
  /** `limitRows` apply to these, in the order of the result's `limits`. */
  readonly limitCount: number;
  /**
   * One row after another, each of `bins` values: the rows of every node in the document's order, then those of every edge,
   * then those of every limit.
   */
  readonly values: Float32Array;
}

/** Row of a node's quantity. */
export function nodeRow(node: number, name: (typeof nodeRows)[number]): number {
  return node * nodeRows.length + nodeRows.indexOf(name);
}

/** Row of an edge's quantity. */
export function edgeRow(nodeCount: number, edge: number, name: (typeof edgeRows)[number]): number {
  return nodeCount * nodeRows.length + edge * edgeRows.length + edgeRows.indexOf(name);
}

/** Row of a limit's quantity. */
export function limitRow(
  nodeCount: number,
  edgeCount: number,
  limit: number,
  name: (typeof limitRows)[number],
): number {
  const before = nodeCount * nodeRows.length + edgeCount * edgeRows.length;
  return before + limit * limitRows.length + limitRows.indexOf(name);
}

/** The same without the bins before `fromBin`, which the reader has. */
export function playbackFrom(playback: Playback, fromBin: number): Playback {
  const skipped = Math.min(playback.bins, Math.max(0, fromBin - playback.fromBin));
  if (skipped === 0) return playback;
  const bins = playback.bins - skipped;
  const rows = playback.bins === 0 ? 0 : playback.values.length / playback.bins;
  const values = new Float32Array(rows * bins);
  for (let row = 0; row < rows; row += 1) {
    const start = row * playback.bins + skipped;
    values.set(playback.values.subarray(start, start + bins), row * bins);
  }
  return { ...playback, fromBin: playback.fromBin + skipped, bins, values };
}
