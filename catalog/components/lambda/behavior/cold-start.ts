/** Time of the init phase and of the first call after it, by runtime, memory and package. */
import type { Config } from '../config.ts';

/**
 * Mean Init Duration of a minimal function, x86_64, milliseconds: zip at 128, 512 and 1,024 MB, container image at 1,024 MB.
 * Measured: 10 runs each, 2026-08-22, https://github.com/maxday/lambda-perf data/last.json (read 2026-11-21).
 * Assumption for provided.al2023 images, which were not measured: twice the zip, the mean of the other runtimes.
 */
const measuredMs: Readonly<Record<Config['runtime'], readonly [number, number, number, number]>> = {
  'python3.12': [85, 83, 81, 185],
  'python3.13': [91, 86, 84, 161],
  'nodejs20.x': [138, 139, 141, 295],
  'nodejs22.x': [137, 139, 140, 333],
  'nodejs24.x': [135, 131, 136, 279],
  java17: [200, 202, 208, 412],
  java21: [242, 231, 235, 452],
  java25: [185, 193, 187, 271],
  dotnet8: [248, 268, 238, 482],
  dotnet10: [249, 247, 247, 418],
  'ruby3.3': [249, 247, 249, 279],
  'provided.al2023': [78, 65, 65, 130],
};

/**
 * What the first call after init takes longer, milliseconds, at 128 and at 1,024 MB; same source. Java 25 and .NET 8 were
 * measured and stand for the other versions; Python and Node.js show 2 to 15 ms; the others none.
 */
const firstCallMs: readonly (readonly [prefix: string, at128: number, at1024: number])[] = [
  ['java', 239, 7],
  ['dotnet', 715, 75],
  ['python', 15, 2],
  ['nodejs', 15, 2],
];

/** Init Duration in milliseconds: the user's own figure, or the measured one, on straight lines between the sizes measured. */
export function initDurationMs(config: Config): number {
  if (config.coldStartMs !== undefined) return config.coldStartMs;
  const [at128, at512, at1024, image] = measuredMs[config.runtime];
  const memory = config.memorySize;
  const zip =
    memory <= 512
      ? at128 + ((at512 - at128) * (memory - 128)) / 384
      : at512 + ((at1024 - at512) * Math.min(512, memory - 512)) / 512;
  return config.packageType === 'Image' ? (zip * image) / at1024 : zip;
}

/** Extra time of the first call after init, milliseconds, falling as 1/memory; 0 where the user gave the init duration. */
export function firstCallExtraMs(config: Config): number {
  if (config.coldStartMs !== undefined) return 0;
  const row = firstCallMs.find(([prefix]) => config.runtime.startsWith(prefix));
  if (row === undefined) return 0;
  const [, at128, at1024] = row;
  const share = (1 / Math.min(1024, config.memorySize) - 1 / 1024) / (1 / 128 - 1 / 1024);
  return at1024 + (at128 - at1024) * share;
}

/** Memory that brings one vCPU, MB. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html (2026-11-21). */
const fullCpuMB = 1769;

/** Factor on the handler's time at this memory: its CPU-bound share grows as 1/memory below one vCPU. */
export function cpuFactor(config: Config): number {
  return 1 - config.cpuBoundRatio + config.cpuBoundRatio * Math.max(1, fullCpuMB / config.memorySize);
}
