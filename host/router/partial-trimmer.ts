/** Leaves out of partial results what the window has had before, so that a long run sends each point of a series once. */
import { playbackFrom } from '#schema/playback.ts';
import type { NodeResult, SeriesData } from '#schema/result.ts';
import type { RunEvent } from '#schema/rpc.ts';

type Partial = Extract<RunEvent, { kind: 'partial' }>;

export class PartialTrimmer {
  private sentBins = 0;
  /** By node and metric: the width of a point and how many were final when last sent. */
  private readonly sent = new Map<string, { readonly stepSeconds: number; readonly points: number }>();

  /** Call it with every partial result that is sent, in order. */
  trim(partial: Partial): Partial {
    const { result, playback, simulatedSeconds } = partial;
    const nodes: Record<string, NodeResult> = {};
    for (const [id, node] of Object.entries(result.nodes)) {
      nodes[id] = { ...node, series: node.series.map((series) => this.rest(id, series, simulatedSeconds)) };
    }
    const rest = playbackFrom(playback, this.sentBins);
    this.sentBins = playback.fromBin + playback.bins;
    return { ...partial, result: { ...result, nodes }, playback: rest };
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
