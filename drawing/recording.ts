/** A run as pictures read it at any of its moments, as far as it has come. Columns stay typed arrays; nothing is copied to read. */
import type { LimitSummary } from '#schema/component.ts';
import type { CaudalDocument, DocumentEdge } from '#schema/document.ts';
import type { FaultSpec } from '#schema/faults.ts';
import { edgeRow, edgeRows, limitRow, limitRows, nodeRow, nodeRows, type Playback } from '#schema/playback.ts';
import type { RawResult, SeriesData } from '#schema/result.ts';

export type RecordedDocument = Pick<CaudalDocument, 'nodes' | 'edges' | 'faults'>;

export interface Recording {
  readonly horizonSeconds: number;
  readonly binSeconds: number;
  /** Bins that are over: pictures can be made of these. */
  readonly bins: number;
  /** Room for bins in a row of `values`. */
  readonly stride: number;
  readonly values: Float32Array;
  /** Positions in the document that was run. */
  readonly nodes: ReadonlyMap<string, number>;
  readonly edges: ReadonlyMap<string, number>;
  /** The edges into a node that is only asked, and gets no records, by its id: a cache, a function that is called. */
  readonly askedBy: ReadonlyMap<string, readonly string[]>;
  readonly limits: readonly LimitSummary[];
  /** Positions in `limits`, by node or edge id. */
  readonly limitsOf: ReadonlyMap<string, readonly number[]>;
  readonly results: RawResult['nodes'];
  readonly faults: readonly FaultSpec[];
}

/** A moment of a run: the bins whose mean a picture shows. */
export interface Moment {
  readonly recording: Recording;
  readonly fromBin: number;
  /** Behind the last bin shown. */
  readonly toBin: number;
}

/** Rates are means over at least so many simulated seconds: a shorter stretch would flicker. */
const SHOWN_SECONDS = 5;

/** Simulated seconds that can be shown. */
export function reachedSeconds({ bins, binSeconds, horizonSeconds }: Recording): number {
  return Math.min(horizonSeconds, bins * binSeconds);
}

/** Undefined before the first bin is over. */
export function momentAt(recording: Recording, seconds: number): Moment | undefined {
  if (recording.bins === 0) return undefined;
  const bin = Math.min(recording.bins - 1, Math.max(0, Math.floor(seconds / recording.binSeconds)));
  const shown = Math.max(1, Math.round(SHOWN_SECONDS / recording.binSeconds));
  return { recording, fromBin: Math.max(0, bin + 1 - shown), toBin: bin + 1 };
}

/** Length of the stretch that a moment shows, seconds. */
export function momentSeconds({ recording, fromBin, toBin }: Moment): number {
  return (toBin - fromBin) * recording.binSeconds;
}

/** Simulated seconds at the end of what a moment shows. */
export function momentEnd({ recording, toBin }: Moment): number {
  return Math.min(recording.horizonSeconds, toBin * recording.binSeconds);
}

export function nodeTotal(moment: Moment, id: string, name: (typeof nodeRows)[number]): number {
  const node = moment.recording.nodes.get(id);
  return node === undefined ? 0 : sum(moment, nodeRow(node, name));
}

/** Records inside a node at the end of the moment. */
export function insideAt({ recording, toBin }: Moment, id: string): number {
  const node = recording.nodes.get(id);
  return node === undefined ? 0 : (recording.values[nodeRow(node, 'inside') * recording.stride + toBin - 1] ?? 0);
}

export function edgeTotal(moment: Moment, id: string, name: (typeof edgeRows)[number]): number {
  const { nodes, edges } = moment.recording;
  const edge = edges.get(id);
  return edge === undefined ? 0 : sum(moment, edgeRow(nodes.size, edge, name));
}

export interface LimitUse {
  readonly limit: LimitSummary;
  /** Mean share of the capacity over the moment. */
  readonly usedRatio: number;
  readonly refused: number;
}

/** The limits of a node or connection, with their use. */
export function limitUses(moment: Moment, owner: string): LimitUse[] {
  const { nodes, edges, limits, limitsOf } = moment.recording;
  return (limitsOf.get(owner) ?? []).flatMap((index) => {
    const limit = limits[index];
    if (limit === undefined) return [];
    const row = (name: (typeof limitRows)[number]): number => limitRow(nodes.size, edges.size, index, name);
    const bins = moment.toBin - moment.fromBin;
    return [{ limit, usedRatio: sum(moment, row('usedRatio')) / bins, refused: sum(moment, row('refused')) }];
  });
}

/** What came in at a node: records, or the requests to one that is only asked. */
export function arrivedAt(moment: Moment, id: string): number {
  const edges = moment.recording.askedBy.get(id);
  if (edges === undefined) return nodeTotal(moment, id, 'arrived');
  return edges.reduce((total, edge) => total + edgeTotal(moment, edge, 'records'), 0);
}

/** The same per bin, for its curve; may be a view, valid until more is recorded. */
export function arrivals({ nodes, edges, askedBy, values, stride, bins }: Recording, id: string): Float32Array {
  const node = nodes.get(id);
  if (node === undefined) return new Float32Array();
  const row = (index: number): Float32Array => values.subarray(index * stride, index * stride + bins);
  const asking = askedBy.get(id)?.map((edge) => row(edgeRow(nodes.size, edges.get(edge) ?? 0, 'records')));
  if (asking === undefined) return row(nodeRow(node, 'arrived'));
  return asking.reduce((sum, column) => sum.map((value, bin) => value + (column[bin] ?? 0)));
}

/** The point of a series that covers a moment; undefined where there is none. */
export function seriesAt(series: SeriesData | undefined, seconds: number): number | undefined {
  if (series === undefined || series.values.length === 0) return undefined;
  const index = Math.floor((seconds - series.startSeconds) / series.stepSeconds - 1e-9);
  return series.values[Math.min(series.values.length - 1, Math.max(0, index))];
}

function sum({ recording, fromBin, toBin }: Moment, row: number): number {
  const { values, stride } = recording;
  let total = 0;
  for (let bin = fromBin; bin < toBin; bin += 1) total += values[row * stride + bin] ?? 0;
  return total;
}

/** Adds what has come to what was recorded; `before` is taken over and must not be used afterwards. */
export function recorded(
  before: Recording | undefined,
  document: RecordedDocument,
  result: Pick<RawResult, 'nodes' | 'limits' | 'horizonSeconds'>,
  playback: Playback,
): Recording {
  const { binSeconds, fromBin, bins } = playback;
  const known = before?.binSeconds === binSeconds ? before : undefined;
  const nodes = known?.nodes ?? positions(document.nodes);
  const edges = known?.edges ?? positions(document.edges);
  const rows = nodes.size * nodeRows.length + edges.size * edgeRows.length + playback.limitCount * limitRows.length;
  const stride = Math.max(Math.ceil(result.horizonSeconds / binSeconds - 1e-9), fromBin + bins, 1);
  const values = roomFor(known, rows, stride);
  // Limits are not sent anew with every part.
  const limits = result.limits.length === 0 ? (known?.limits ?? []) : result.limits;
  for (let row = 0; row < rows && bins > 0; row += 1) {
    values.set(playback.values.subarray(row * bins, (row + 1) * bins), row * stride + fromBin);
  }
  return {
    horizonSeconds: result.horizonSeconds,
    binSeconds,
    bins: fromBin + bins,
    stride,
    values,
    nodes,
    edges,
    askedBy: known?.askedBy ?? askedBy(document.edges),
    limits,
    limitsOf: known?.limits.length === limits.length ? known.limitsOf : ownersOf(limits),
    results: joined(known?.results, result.nodes),
    faults: document.faults,
  };
}

/** Limits may be added while a run goes on (a shard that was split off): rows are added at the end. */
function roomFor(known: Recording | undefined, rows: number, stride: number): Float32Array {
  if (known?.stride === stride && known.values.length >= rows * stride) return known.values;
  const values = new Float32Array(rows * stride);
  if (known?.stride === stride) values.set(known.values);
  return values;
}

function positions(items: readonly { readonly id: string }[]): ReadonlyMap<string, number> {
  return new Map(items.map(({ id }, index) => [id, index]));
}

function askedBy(edges: RecordedDocument['edges']): ReadonlyMap<string, readonly string[]> {
  const isAsked = ({ kind }: DocumentEdge): boolean => kind === 'call' || kind === 'query';
  const fed = new Set(edges.filter((edge) => !isAsked(edge)).map(({ target }) => target));
  const asking = new Map<string, string[]>();
  for (const edge of edges) {
    if (!isAsked(edge) || fed.has(edge.target)) continue;
    asking.set(edge.target, [...(asking.get(edge.target) ?? []), edge.id]);
  }
  return asking;
}

function ownersOf(limits: readonly LimitSummary[]): ReadonlyMap<string, readonly number[]> {
  const owners = new Map<string, number[]>();
  limits.forEach(({ node }, index) => {
    if (node === null) return;
    const own = owners.get(node);
    if (own === undefined) owners.set(node, [index]);
    else own.push(index);
  });
  return owners;
}

function joined(before: RawResult['nodes'] | undefined, after: RawResult['nodes']): RawResult['nodes'] {
  if (before === undefined) return after;
  return Object.fromEntries(
    Object.entries(after).map(([id, node]) => {
      const known = new Map(before[id]?.series.map((series) => [series.metric, series]));
      return [id, { ...node, series: node.series.map((series) => joinedSeries(known.get(series.metric), series)) }];
    }),
  );
}

/** A series that begins later continues the one before, from its first point on. */
export function joinedSeries(before: SeriesData | undefined, after: SeriesData): SeriesData {
  if (before === undefined || before.stepSeconds !== after.stepSeconds) return after;
  const from = Math.round((after.startSeconds - before.startSeconds) / after.stepSeconds);
  if (from <= 0) return after;
  const values = continued(before.values, after.values, from);
  const { startSeconds } = before;
  if (after.maxima === undefined) return { ...after, startSeconds, values };
  return { ...after, startSeconds, values, maxima: continued(before.maxima ?? before.values, after.maxima, from) };
}

/** Written into the room behind the earlier points where there is some: they belong to no one else. */
function continued(before: Float64Array, after: Float64Array, from: number): Float64Array {
  const length = from + after.length;
  const start = before.byteOffset / Float64Array.BYTES_PER_ELEMENT;
  const isOurs = start === 0 && before.buffer.byteLength >= length * Float64Array.BYTES_PER_ELEMENT;
  const room = isOurs ? new Float64Array(before.buffer) : new Float64Array(2 * length);
  if (!isOurs) room.set(before.subarray(0, from));
  room.set(after, from);
  return room.subarray(0, length);
}
