import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';

/** A model in which every event schedules up to two others and now and then cancels one: the trace of (time, argument). */
function trace(seed: number, sliceEnds: readonly number[]): number[] {
  const kernel = new Kernel();
  const draws = new DrawStream(seed, 'model', 'choices');
  const seen: number[] = [];
  let pending = -1;
  let next = 1;
  const handler = kernel.register((a) => {
    seen.push(kernel.nowUs, a);
    for (let child = 0; child < 2; child += 1) {
      const u = draws.uniformPair(a, child);
      if (next < 2000 && u < 0.8) {
        pending = kernel.after(Math.floor(u * 50), handler, next, 0, Math.floor(u * 4));
        next += 1;
      }
    }
    if (draws.uniformPair(a, 2) < 0.1) kernel.cancel(pending);
  });
  for (let i = 0; i < 5; i += 1) kernel.at(i, handler, -i);
  for (const end of sliceEnds) kernel.run(end);
  return seen;
}

describe('Kernel', () => {
  it('never lets the clock go back', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const seen = trace(seed, [1e6]);
        for (let i = 2; i < seen.length; i += 2) expect(seen[i]).toBeGreaterThanOrEqual(seen[i - 2] ?? 0);
      }),
      { numRuns: 50, seed: 20261121 },
    );
  });

  it('runs the same however a run is cut into pieces', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 10 });
    fc.assert(
      fc.property(fc.nat(), cuts, (seed, ends) => {
        const pieces = [...ends.toSorted((x, y) => x - y), 1e6];
        expect(trace(seed, pieces)).toEqual(trace(seed, [1e6]));
      }),
      { numRuns: 50, seed: 20261121 },
    );
  });
});
