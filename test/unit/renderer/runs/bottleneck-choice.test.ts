import { describe, expect, it } from 'vitest';
import { bottleneckAt } from '#renderer/runs/bottleneck-choice.ts';
import type { AdviceResult, Bottleneck } from '#schema/result.ts';
import { limit } from '#test/unit/drawing/result-samples.ts';

const bottleneck = (t0: number, t1: number, id: string): Bottleneck => ({ t0, t1, node: 'a', limit: id, text: id });
const advice = (id: string, limitId: string, hasPatch: boolean): AdviceResult => ({
  code: id,
  severity: 'warning',
  node: 'a',
  text: id,
  params: {},
  evidence: [{ limit: limitId, t0: 0, t1: 1, value: 1 }],
  patch: hasPatch ? [{ path: 'nodes.a.config.x', from: 1, to: 2 }] : [],
});

const limits = [limit('a', { id: 'calm' }), limit('a', { id: 'strict', refused: 5 })];

describe('the bottleneck that is told', () => {
  it('is the one at the playhead, the one that refuses before the one that only holds up', () => {
    const bottlenecks = [bottleneck(0, 100, 'calm'), bottleneck(10, 20, 'strict')];
    const report = { bottlenecks, limits, advice: [], horizonSeconds: 100 };
    expect(bottleneckAt(report, 15)).toMatchObject({ bottleneck: { limit: 'strict' }, isFailing: true, isNow: true });
    expect(bottleneckAt(report, 50)).toMatchObject({ bottleneck: { limit: 'calm' }, isFailing: false, isNow: true });
  });

  it('is still there at the end of the run where it lasts until then', () => {
    const at = (t1: number): unknown =>
      bottleneckAt({ bottlenecks: [bottleneck(50, t1, 'strict')], limits, advice: [], horizonSeconds: 100 }, 100);
    expect(at(100)).toMatchObject({ isNow: true });
    expect(at(90)).toMatchObject({ isNow: false });
  });

  it('is the worst of the run elsewhere, unless it was short and refused nothing', () => {
    const at = (found: Bottleneck): unknown =>
      bottleneckAt({ bottlenecks: [found], limits, advice: [], horizonSeconds: 1000 }, 900);
    expect(at(bottleneck(0, 10, 'strict'))).toMatchObject({ isNow: false });
    expect(at(bottleneck(0, 100, 'calm'))).toMatchObject({ isNow: false });
    expect(at(bottleneck(0, 10, 'calm'))).toBeUndefined();
  });

  it('comes with the advice that changes something about the very limit, else with what is said of it', () => {
    const found = (list: readonly AdviceResult[]): string | undefined =>
      bottleneckAt({ bottlenecks: [bottleneck(0, 10, 'strict')], limits, advice: [...list], horizonSeconds: 10 }, 5)
        ?.advice?.code;
    expect(found([advice('other', 'calm', true), advice('own', 'strict', true)])).toBe('own');
    expect(found([advice('words', 'strict', false), advice('node', 'calm', true)])).toBe('node');
    expect(found([advice('words', 'strict', false)])).toBe('words');
    expect(found([])).toBeUndefined();
  });
});
