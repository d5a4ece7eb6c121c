import { describe, expect, it } from 'vitest';
import { PartialTrimmer } from '#host/router/partial-trimmer.ts';
import type { RunEvent } from '#schema/rpc.ts';
import { nodeResult, series } from '#test/unit/drawing/result-samples.ts';

type Partial = Extract<RunEvent, { kind: 'partial' }>;

/** Values 1, 2, 3, ... a second, as far as the run has come. */
function partialAt(simulatedSeconds: number, stepSeconds = 1): Partial {
  const points = Array.from({ length: Math.ceil(simulatedSeconds / stepSeconds) }, (_, index) => index + 1);
  const node = nodeResult({}, [{ ...series('m', points), stepSeconds }]);
  const bins = Math.floor(simulatedSeconds / 10);
  const values = new Float32Array(3 * bins).map((_, index) => index % bins);
  return {
    kind: 'partial',
    simulatedSeconds,
    result: { nodes: { a: node }, limits: [], log: logUntil(simulatedSeconds) } as never,
    playback: { binSeconds: 10, fromBin: 0, bins, limitCount: 0, values },
  };
}

/** An entry every ten seconds. */
function logUntil(seconds: number): unknown[] {
  return Array.from({ length: Math.floor(seconds / 10) }, (_, index) => ({ t: 10 * (index + 1) }));
}

function seriesOf({ result }: Partial): { start: number; values: number[] } {
  const found = result.nodes['a']!.series[0]!;
  return { start: found.startSeconds, values: [...found.values] };
}

describe('partial results on their way to a window', () => {
  it('hold each point once, and again only the one that was not over', () => {
    const trimmer = new PartialTrimmer();
    expect(seriesOf(trimmer.trim(partialAt(3.5)))).toEqual({ start: 0, values: [1, 2, 3, 4] });
    expect(seriesOf(trimmer.trim(partialAt(5)))).toEqual({ start: 3, values: [4, 5] });
    expect(seriesOf(trimmer.trim(partialAt(6)))).toEqual({ start: 5, values: [6] });
  });

  it('begin anew once points have become wider', () => {
    const trimmer = new PartialTrimmer();
    trimmer.trim(partialAt(4));
    expect(seriesOf(trimmer.trim(partialAt(8, 2)))).toEqual({ start: 0, values: [1, 2, 3, 4] });
  });

  it('hold each bin of the playback once', () => {
    const trimmer = new PartialTrimmer();
    trimmer.trim(partialAt(20));
    const { playback } = trimmer.trim(partialAt(45));
    expect(playback).toMatchObject({ fromBin: 2, bins: 2 });
    expect([...playback.values]).toEqual([2, 3, 2, 3, 2, 3]);
    expect(trimmer.trim(partialAt(46)).playback).toMatchObject({ fromBin: 4, bins: 0 });
  });

  it('hold each entry of the log once', () => {
    const trimmer = new PartialTrimmer();
    const times = (seconds: number): number[] => trimmer.trim(partialAt(seconds)).result.log.map(({ t }) => t);
    expect([times(25), times(26), times(40)]).toEqual([[10, 20], [], [30, 40]]);
  });

  it('hold, of a large design, only what its cards show, and its limits now and then', () => {
    const trimmer = new PartialTrimmer();
    const lambda = {
      ...nodeResult({}, [series('ConcurrentExecutions', [1]), series('BilledDuration', [1])]),
      type: 'lambda',
    };
    const nodes = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`n${index}`, lambda]));
    const large = { ...partialAt(1), result: { nodes, log: [], limits: [{}] } as never };
    const first = trimmer.trim(large).result;
    expect(first.nodes['n7']!.series.map(({ metric }) => metric)).toEqual(['ConcurrentExecutions']);
    expect(first.limits).toHaveLength(1);
    expect(trimmer.trim(large).result.limits).toHaveLength(0);
  });
});
