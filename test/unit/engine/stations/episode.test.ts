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

  it('begins anew at time zero when it began in the pre-roll, and counts from there', () => {
    const kernel = new Kernel(-100);
    const told: (string | number)[][] = [];
    const episode = new Episode(kernel, 60, {
      onBegan: () => told.push(['began', kernel.nowUs]),
      onEnded: (amount, lastedUs) => told.push(['ended', kernel.nowUs, amount, lastedUs]),
    });
    const mark = kernel.register((amount) => episode.mark(amount));
    for (const at of [-50, -10, 20, 70]) kernel.at(at, mark, 2);
    kernel.run(1000);
    expect(told).toEqual([
      ['began', -50],
      ['began', 20],
      ['ended', 130, 4, 50],
    ]);
  });

  it('does not tell the end of an episode that lay in the pre-roll', () => {
    const kernel = new Kernel(-100);
    const told: string[] = [];
    const episode = new Episode(kernel, 60, { onBegan: () => told.push('began'), onEnded: () => told.push('ended') });
    const mark = kernel.register((amount) => episode.mark(amount));
    kernel.at(-30, mark, 2);
    kernel.run(1000);
    expect(told).toEqual(['began']);
    expect(episode.isOpen).toBe(false);
  });
});
