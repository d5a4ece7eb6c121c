import { describe, expect, it } from 'vitest';
import {
  cpuFactor,
  firstCallExtraMs,
  initDurationMs,
  initLaw,
} from '#catalog/components/lambda/behavior/cold-start.ts';
import { config, type Config } from '#catalog/components/lambda/config.ts';
import { DrawStream } from '#engine/kernel/draws.ts';

const settings = (changes: Partial<Config>): Config => config.parse(changes);

const DRAWS = 20_000;
const stream = new DrawStream(7, 'function', 'init');

/** Mean and quantiles of draws of the init phase, milliseconds. */
function drawn(changes: Partial<Config>): { mean: number; p50: number; p90: number; p99: number } {
  const law = initLaw(settings(changes));
  const ms = Float64Array.from({ length: DRAWS }, (_, i) => law.sample(stream, i) / 1000);
  const mean = ms.reduce((sum, one) => sum + one, 0) / DRAWS;
  ms.sort();
  const at = (ratio: number): number => ms[Math.floor(ratio * DRAWS)]!;
  return { mean, p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

const away = (value: number, from: number): number => Math.abs(value / from - 1);

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

  // Quantiles of cold starts measured, lambda-perf data/2025; the 99th percentile is that of 130 or 300 of them.
  it.each([
    ['python3.12', 'Zip', 128, 'x86_64', 91.3, 88.9, 104.7, 142],
    ['nodejs20.x', 'Zip', 256, 'arm64', 122.2, 117.2, 141.3, 150.8],
    ['java17', 'Zip', 1024, 'arm64', 195.6, 182.6, 233.1, 252.9],
    ['python3.12', 'Image', 128, 'x86_64', 154.6, 139.9, 200.3, 300.8],
    ['nodejs20.x', 'Image', 256, 'x86_64', 293.5, 273.5, 403.3, 562.7],
    ['java17', 'Image', 512, 'x86_64', 300.9, 287.2, 372.4, 532.1],
  ] as const)('spreads the init duration of %s (%s, %i MB, %s) as measured', (...measured) => {
    const [runtime, packageType, memorySize, architecture, mean, p50, p90, p99] = measured;
    const init = drawn({ runtime, packageType, memorySize, architecture });
    expect(away(init.mean, mean)).toBeLessThan(0.01);
    expect(away(init.p50, p50)).toBeLessThan(0.08);
    expect(away(init.p90, p90)).toBeLessThan(0.15);
    expect(away(init.p99, p99)).toBeLessThan(0.15);
  });

  it('spreads the init duration as the user says, and not at all where only its mean is given', () => {
    expect(drawn({ coldStartMs: 400 })).toEqual({ mean: 400, p50: 400, p90: 400, p99: 400 });
    expect(drawn({ coldStartVariation: 0, runtime: 'java21' }).p99).toBeCloseTo(242, 9);
    const wide = drawn({ coldStartMs: 400, coldStartVariation: 1 });
    // Lognormal: the median is the mean over the square root of 1 + cv^2.
    expect(away(wide.p50, 400 / Math.sqrt(2))).toBeLessThan(0.02);
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
