/**
 * Leaves out of partial results what the window has had before, so that a long run sends each point and each log entry once,
 * and of a large design what is not looked at while it runs: its report at the end has everything.
 */
import { components } from '#catalog/specs.ts';
import { playbackFrom } from '#schema/playback.ts';
import type { NodeResult, SeriesData } from '#schema/result.ts';
import type { RunEvent } from '#schema/rpc.ts';

type Partial = Extract<RunEvent, { kind: 'partial' }>;

/** Designs with more nodes than this send only the metrics that cards show, and their limits now and then. */
const LARGE_NODES = 40;
/** Of a large design, every so many partial results hold the limits. */
const LIMITS_EVERY = 8;

export class PartialTrimmer {
  private sentBins = 0;
  private sentLog = 0;
  private sentPartials = 0;
  private sentLimits = 0;
  /** By node and metric: the width of a point and how many were final when last sent. */
  private readonly sent = new Map<string, { readonly stepSeconds: number; readonly points: number }>();

  /** Call it with every partial result that is sent, in order. */
  trim(partial: Partial): Partial {
    const { result, playback, simulatedSeconds } = partial;
    const isLarge = Object.keys(result.nodes).length > LARGE_NODES;
    const nodes: Record<string, NodeResult> = {};
    for (const [id, node] of Object.entries(result.nodes)) {
      const kept = isLarge ? liveNode(node) : node;
      nodes[id] = { ...kept, series: kept.series.map((series) => this.rest(id, series, simulatedSeconds)) };
    }
    const rest = playbackFrom(playback, this.sentBins);
    this.sentBins = playback.fromBin + playback.bins;
    const log = result.log.slice(this.sentLog);
    this.sentLog = result.log.length;
    const hasLimits = !isLarge || this.sentPartials % LIMITS_EVERY === 0 || result.limits.length !== this.sentLimits;
    this.sentPartials += 1;
    this.sentLimits = result.limits.length;
    return { ...partial, result: { ...result, nodes, log, limits: hasLimits ? result.limits : [] }, playback: rest };
  }

  /** From the first point that was not yet over when it was last sent; everything once points have become wider. */
  private rest(node: string, series: SeriesData, simulatedSeconds: number): SeriesData {
    const { metric, stepSeconds, startSeconds } = series;
    const key = `${node} ${metric}`;
    const before = this.sent.get(key);
    const over = Math.max(
      0,
      Math.min(series.values.length, Math.floor((simulatedSeconds - startSeconds) / stepSeconds)),
    );
    this.sent.set(key, { stepSeconds, points: over });
    if (before === undefined || before.stepSeconds !== stepSeconds || before.points === 0) return series;
    return {
      ...series,
      startSeconds: startSeconds + before.points * stepSeconds,
      values: series.values.subarray(before.points),
      ...(series.maxima === undefined ? {} : { maxima: series.maxima.subarray(before.points) }),
    };
  }
}

const live = new Map<string, ReadonlySet<string>>();

/** Metrics that a card shows: its face, its badges, its throughput. */
function liveMetrics(type: string): ReadonlySet<string> {
  const known = live.get(type);
  if (known !== undefined) return known;
  const spec = components.get(type);
  const flow = spec?.metrics.find(({ series, unit }) => series === 'counter' && unit === 'Count');
  const badges = spec?.metrics.filter(({ badge }) => badge !== undefined) ?? [];
  const names = new Set([spec?.declaration.face.fill ?? '', flow?.name ?? '', ...badges.map(({ name }) => name)]);
  live.set(type, names);
  return names;
}

function liveNode(node: NodeResult): NodeResult {
  const names = liveMetrics(node.type);
  return {
    ...node,
    metrics: Object.fromEntries(Object.entries(node.metrics).filter(([name]) => names.has(name))),
    series: node.series.filter(({ metric }) => names.has(metric)),
  };
}
