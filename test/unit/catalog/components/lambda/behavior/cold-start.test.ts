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
    ['dotnet8', 768, (263 + 260.7) / 2],
    ['python3.12', 192, (91.3 + 91.4) / 2],
    ['provided.al2023', 256, 51.1],
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

  it('starts at its own pace on arm64: measured, or in the ratio of a measured relative', () => {
    const arm = (changes: Partial<Config>): number => initDurationMs(settings({ architecture: 'arm64', ...changes }));
    expect(arm({ runtime: 'python3.12', memorySize: 512 })).toBe(80);
    expect(arm({ runtime: 'provided.al2023', memorySize: 128, packageType: 'Image' })).toBe(35.4);
    expect(arm({ runtime: 'dotnet8', memorySize: 1024 })).toBe(284.4);
    expect(arm({ runtime: 'nodejs22.x', memorySize: 512 })).toBeCloseTo((139 * 125.3) / 146.9, 9);
    expect(arm({ runtime: 'java21', memorySize: 1024, packageType: 'Image' })).toBeCloseTo((452 * 288.6) / 294.1, 9);
    expect(arm({ runtime: 'ruby3.3', memorySize: 128 })).toBe(249);
  });

  it('slows the first call down by what the runtime still has to do, less with more memory', () => {
    const extra = (runtime: Config['runtime'], memorySize: number, architecture: Config['architecture'] = 'x86_64') =>
      firstCallExtraMs(settings({ runtime, memorySize, architecture }));
    expect(extra('dotnet8', 128)).toBeCloseTo(723.98 - 1.6, 9);
    expect(extra('dotnet8', 384)).toBeCloseTo((358.29 + 167.73) / 2 - 1.6, 9);
    expect(extra('dotnet8', 3008)).toBeCloseTo(76 - 1.6, 9);
    expect(extra('dotnet10', 128, 'arm64')).toBeCloseTo(838.72 - 1.6, 9);
    expect(extra('java17', 128)).toBeCloseTo(4.26 - 1.6, 9);
    // In 1/memory, 512 MB lie a seventh of the way from 1,024 to 128 MB.
    expect(extra('java25', 512)).toBeCloseTo(7 + (239 - 7) / 7 - 1.6, 6);
    expect(extra('provided.al2023', 128)).toBe(0);
    expect(extra('ruby3.3', 128)).toBe(0);
  });

  it('stretches only the CPU-bound share and only below one vCPU', () => {
    expect(cpuFactor(settings({ memorySize: 128, cpuBoundRatio: 1 }))).toBeCloseTo(1769 / 128, 12);
    expect(cpuFactor(settings({ memorySize: 128, cpuBoundRatio: 0 }))).toBe(1);
    expect(cpuFactor(settings({ memorySize: 10_240, cpuBoundRatio: 1 }))).toBe(1);
  });
});
