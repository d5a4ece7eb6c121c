import { describe, expect, it } from 'vitest';
import { cpuFactor, firstCallExtraMs, initDurationMs } from '#catalog/components/lambda/behavior/cold-start.ts';
import { config, type Config } from '#catalog/components/lambda/config.ts';

const settings = (changes: Partial<Config>): Config => config.parse(changes);

describe('lambda: cold starts', () => {
  it.each([
    ['nodejs22.x', 128, 137],
    ['nodejs22.x', 512, 139],
    ['nodejs22.x', 1024, 140],
    ['python3.13', 320, 88.5],
    ['dotnet8', 768, 253],
    ['java21', 10_240, 235],
  ] as const)('has the measured init duration of %s at %i MB: %f ms', (runtime, memorySize, expected) => {
    expect(initDurationMs(settings({ runtime, memorySize }))).toBeCloseTo(expected, 9);
  });

  it('takes longer from a container image', () => {
    expect(initDurationMs(settings({ runtime: 'java25', memorySize: 1024, packageType: 'Image' }))).toBeCloseTo(271, 9);
    expect(initDurationMs(settings({ runtime: 'java25', memorySize: 128, packageType: 'Image' }))).toBeCloseTo(
      (185 * 271) / 187,
      9,
    );
  });

  it('takes the init duration that the user gave, without more for the first call', () => {
    const given = settings({ coldStartMs: 1234, runtime: 'dotnet8' });
    expect([initDurationMs(given), firstCallExtraMs(given)]).toEqual([1234, 0]);
  });

  it('slows the first call down, less with more memory', () => {
    const extra = (runtime: Config['runtime'], memorySize: number): number =>
      firstCallExtraMs(settings({ runtime, memorySize }));
    expect([extra('dotnet8', 128), extra('dotnet8', 1024), extra('dotnet8', 3008)]).toEqual([715, 75, 75]);
    // In 1/memory, 512 MB lie a seventh of the way from 1,024 to 128 MB.
    expect(extra('java21', 512)).toBeCloseTo(7 + (239 - 7) / 7, 6);
    expect(extra('provided.al2023', 128)).toBe(0);
  });

  it('stretches only the CPU-bound share and only below one vCPU', () => {
    expect(cpuFactor(settings({ memorySize: 128, cpuBoundRatio: 1 }))).toBeCloseTo(1769 / 128, 12);
    expect(cpuFactor(settings({ memorySize: 128, cpuBoundRatio: 0 }))).toBe(1);
    expect(cpuFactor(settings({ memorySize: 10_240, cpuBoundRatio: 1 }))).toBe(1);
  });
});
