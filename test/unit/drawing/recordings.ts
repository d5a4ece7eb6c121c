/** Recordings as a run leaves them, made of a few numbers a test cares about. */
import { type Moment, momentAt, type Recording, recorded } from '#drawing/recording.ts';
import type { LimitSummary } from '#schema/component.ts';
import type { DocumentEdge } from '#schema/document.ts';
import type { FaultSpec } from '#schema/faults.ts';
import { edgeRow, limitRow, nodeRow, type Playback } from '#schema/playback.ts';
import type { NodeResult } from '#schema/result.ts';
import { nodeResult } from './result-samples.ts';

type Column = readonly number[];
/** What the document says of an edge. */
type Link = Partial<Pick<DocumentEdge, 'kind' | 'source' | 'target'>>;

export interface Sketch {
  /** By node id; a value per bin. */
  readonly nodes?: Readonly<
    Record<string, { readonly arrived?: Column; readonly lost?: Column; readonly inside?: Column }>
  >;
  readonly edges?: Readonly<
    Record<
      string,
      { readonly records?: Column; readonly retried?: Column; readonly dropped?: Column; readonly link?: Link }
    >
  >;
  readonly limits?: readonly { readonly limit: LimitSummary; readonly usedRatio?: Column; readonly refused?: Column }[];
  readonly results?: Readonly<Record<string, NodeResult>>;
  readonly faults?: readonly FaultSpec[];
  readonly binSeconds?: number;
  readonly bins: number;
}

/** The sketch as it crosses from the host. */
export function playbackOf(sketch: Sketch): Playback {
  const { nodes = {}, edges = {}, limits = [], bins, binSeconds = 10 } = sketch;
  const nodeCount = Object.keys(nodes).length;
  const edgeCount = Object.keys(edges).length;
  const rows = limitRow(nodeCount, edgeCount, limits.length, 'usedRatio');
  const values = new Float32Array(rows * bins);
  const put = (row: number, column: Column = []): void => values.set(column, row * bins);
  Object.values(nodes).forEach(({ arrived, lost, inside }, index) => {
    put(nodeRow(index, 'arrived'), arrived);
    put(nodeRow(index, 'lost'), lost);
    put(nodeRow(index, 'inside'), inside);
  });
  Object.values(edges).forEach(({ records, retried, dropped }, index) => {
    put(edgeRow(nodeCount, index, 'records'), records);
    put(edgeRow(nodeCount, index, 'retried'), retried);
    put(edgeRow(nodeCount, index, 'dropped'), dropped);
  });
  limits.forEach(({ usedRatio, refused }, index) => {
    put(limitRow(nodeCount, edgeCount, index, 'usedRatio'), usedRatio);
    put(limitRow(nodeCount, edgeCount, index, 'refused'), refused);
  });
  return { binSeconds, fromBin: 0, bins, limitCount: limits.length, values };
}

export function recordingOf(sketch: Sketch): Recording {
  const { nodes = {}, edges = {}, limits = [], faults = [], results, bins, binSeconds = 10 } = sketch;
  const items = (own: object): never => Object.entries(own).map(([id, { link }]) => ({ id, ...link })) as never;
  return recorded(
    undefined,
    { nodes: items(nodes), edges: items(edges), faults: [...faults] },
    {
      nodes: results ?? Object.fromEntries(Object.keys(nodes).map((id) => [id, nodeResult({})])),
      limits: limits.map(({ limit }) => limit),
      horizonSeconds: bins * binSeconds,
    },
    playbackOf(sketch),
  );
}

/** The last moment of a sketch. */
export function momentOf(sketch: Sketch): Moment {
  const moment = momentAt(recordingOf(sketch), Number.MAX_SAFE_INTEGER);
  if (moment === undefined) throw new Error('the sketch has no bins');
  return moment;
}
