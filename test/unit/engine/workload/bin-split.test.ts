import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { SplitTree } from '#engine/workload/bin-split.ts';

describe('split of a bin over its cells', () => {
  it('adds up to the count of the bin whatever the number of cells', () => {
    const stream = new DrawStream(4, 'clicks', 'bins');
    for (const cells of [1, 2, 3, 7, 60, 300, 3600]) {
      const tree = new SplitTree(stream, cells);
      for (const count of [0, 1, 5, 1000]) {
        let sum = 0;
        for (let cell = 0; cell < cells; cell += 1) sum += tree.countAt(cells, count, cell);
        expect(sum).toBe(count);
      }
    }
  });

  it('favours no cell: the mean of each is its even share', () => {
    const tree = new SplitTree(new DrawStream(4, 'clicks', 'bins'), 5);
    const bins = 4000;
    const count = 20;
    const sums = new Float64Array(5);
    for (let bin = 0; bin < bins; bin += 1) {
      for (let cell = 0; cell < 5; cell += 1) sums[cell]! += tree.countAt(bin, count, cell);
    }
    // Each sum is binomial (80,000 trials, 1/5); 4.9 standard deviations: false alarm 1e-6 a cell.
    for (const sum of sums) expect(Math.abs(sum - (bins * count) / 5)).toBeLessThan(4.9 * Math.sqrt(80_000 * 0.16));
  });
});
