import { describe, expect, it } from 'vitest';
import { Kernel } from '#engine/kernel/kernel.ts';
import { Episode } from '#engine/stations/episode.ts';

describe('episode', () => {
  it('begins with the first mark and ends once, a quiet time after the last', () => {
    const kernel = new Kernel();
    const told: (string | number)[][] = [];
    const episode = new Episode(kernel, 60, {
      onBegan: () => told.push(['began', kernel.nowUs]),
      onEnded: (amount, lastedUs) => told.push(['ended', kernel.nowUs, amount, lastedUs]),
    });
    const mark = kernel.register((amount) => episode.mark(amount));
    for (const at of [10, 50, 100, 300]) kernel.at(at, mark, 2);
    kernel.run(1000);
    expect(told).toEqual([
      ['began', 10],
      ['ended', 160, 6, 90],
      ['began', 300],
      ['ended', 360, 2, 0],
    ]);
    expect(episode.isOpen).toBe(false);
  });
});
