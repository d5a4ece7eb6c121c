/** Time of the init phase and of the first call after it, by runtime, memory and package. */
import type { DrawStream } from '#engine/kernel/draws.ts';
import { compileLaw, type Law } from '#engine/kernel/laws.ts';
import type { Config } from '../config.ts';

/** Milliseconds at 128, 256, 512 and 1,024 MB. */
type Sizes = readonly [number, number, number, number];
type ByArchitecture = Readonly<Record<Config['architecture'], Sizes>>;
type Measured = Readonly<Record<Config['packageType'] | 'firstCall', ByArchitecture>>;

/**
 * Init Duration of a minimal function and the handler time of the same first call (zip): means of 300 cold starts each (zip) and of 130
 * (image), 2025-11-24 to 2025-12-23, https://github.com/maxday/lambda-perf data/2025 (read 2026-11-21). provided.al2023 is Go.
 */
const measured = {
  'python3.12': {
    Zip: { x86_64: [91.3, 91.4, 91.5, 91], arm64: [76.6, 77.2, 80, 77.3] },
    Image: { x86_64: [154.6, 148.4, 159.4, 157.8], arm64: [145.9, 129.4, 135.1, 134.9] },
    firstCall: { x86_64: [2.25, 2.1, 2.03, 1.99], arm64: [3.33, 2.2, 2.18, 2.1] },
  },
  'nodejs20.x': {
    Zip: { x86_64: [146.2, 144.4, 146.9, 144.7], arm64: [123.2, 122.2, 125.3, 124.9] },
    Image: { x86_64: [290.5, 293.5, 290.7, 292], arm64: [227.6, 225.8, 228.8, 225.8] },
    firstCall: { x86_64: [11.39, 3.26, 3.2, 3.18], arm64: [13.28, 4.78, 3.58, 3.62] },
  },
  java17: {
    Zip: { x86_64: [213.3, 211.3, 211.7, 212], arm64: [195.9, 195.4, 193.9, 195.6] },
    Image: { x86_64: [319.3, 296.3, 300.9, 294.1], arm64: [290.5, 284, 289.6, 288.6] },
    firstCall: { x86_64: [4.26, 1.89, 1.93, 1.9], arm64: [8.92, 2.11, 2.03, 2.07] },
  },
  dotnet8: {
    Zip: { x86_64: [257.6, 259.1, 263, 260.7], arm64: [281.5, 282.2, 279.5, 284.4] },
    Image: { x86_64: [401.6, 407.8, 389.4, 396.8], arm64: [398.4, 414.7, 401.4, 413.3] },
    firstCall: { x86_64: [723.98, 358.29, 167.73, 76], arm64: [838.72, 396.09, 184.25, 85.77] },
  },
  'provided.al2023': {
    Zip: { x86_64: [51.3, 51.1, 51.1, 51.4], arm64: [39.8, 39.8, 40.6, 40.5] },
    Image: { x86_64: [44.3, 45.1, 43.4, 44.4], arm64: [35.4, 35.2, 36.1, 35.1] },
    firstCall: { x86_64: [1.58, 1.56, 1.55, 1.57], arm64: [1.7, 1.72, 1.51, 1.52] },
  },
} satisfies Readonly<Partial<Record<Config['runtime'], Measured>>>;

type MeasuredRuntime = keyof typeof measured;

/**
 * The other runtimes: zip at 128, 512 and 1,024 MB and container image at 1,024 MB, x86_64, means of 10 cold starts each, 2026-08-22, same
 * repository, data/last.json. `like`: the runtime whose ratio of arm64 to x86_64 and whose first call is taken. Assumption: for Ruby no
 * difference between the architectures; Java 25 is known to do in its first call what others do in init (its own times below).
 */
const recent: Readonly<
  Record<
    Exclude<Config['runtime'], MeasuredRuntime>,
    { readonly zip: readonly [number, number, number]; readonly image: number; readonly like?: MeasuredRuntime }
  >
> = {
  'python3.13': { zip: [91, 86, 84], image: 161, like: 'python3.12' },
  'nodejs22.x': { zip: [137, 139, 140], image: 333, like: 'nodejs20.x' },
  'nodejs24.x': { zip: [135, 131, 136], image: 279, like: 'nodejs20.x' },
  java21: { zip: [242, 231, 235], image: 452, like: 'java17' },
  java25: { zip: [185, 193, 187], image: 271, like: 'java17' },
  dotnet10: { zip: [249, 247, 247], image: 418, like: 'dotnet8' },
  'ruby3.3': { zip: [249, 247, 249], image: 279 },
};

/** Handler time of the first call of a Java 25 function at 128 and 1,024 MB, x86_64; data/last.json of 2026-08-22. */
const java25FirstCall = [239, 7] as const;
/** What any first call of such a function takes, milliseconds: that of Go, which has nothing to warm up. */
const plainCallMs = 1.6;

/** Init Duration in milliseconds: the user's own figure, or the measured one, on straight lines between the sizes measured. */
export function initDurationMs(config: Config): number {
  const { coldStartMs, runtime, packageType, architecture, memorySize } = config;
  if (coldStartMs !== undefined) return coldStartMs;
  if (isMeasured(runtime)) return between(measured[runtime][packageType][architecture], memorySize);
  const { zip, image, like } = recent[runtime];
  const [at128, at512, at1024] = zip;
  // The line from 128 to 512 MB is a third of the way at 256 MB.
  const x86 = between([at128, at128 + (at512 - at128) / 3, at512, at1024], memorySize);
  const packaged = packageType === 'Image' ? (x86 * image) / at1024 : x86;
  if (architecture === 'x86_64' || like === undefined) return packaged;
  const { x86_64, arm64 } = measured[like][packageType];
  return (packaged * between(arm64, memorySize)) / between(x86_64, memorySize);
}

/**
 * Standard deviation over mean of the init duration: that of the lognormal law whose 90th and 99th percentiles stand to its median as in
 * the 40 settings measured of each kind of package (medians of both; same data as the means above). It differs little by runtime.
 */
const measuredVariation = { Zip: 0.14, Image: 0.31 } as const satisfies Readonly<Record<Config['packageType'], number>>;

/** The init phase of a new environment, microseconds. */
export function initLaw(config: Config): Law {
  const mean = initDurationMs(config) * 1000;
  const measuredCv = config.coldStartMs === undefined ? measuredVariation[config.packageType] : 0;
  const cv = config.coldStartVariation ?? measuredCv;
  return compileLaw(mean === 0 ? { kind: 'deterministic', mean } : { kind: 'lognormal', mean, cv });
}

/** Draws the init phase of each environment. */
export class InitPhase {
  private readonly law: Law;
  private readonly draw: DrawStream;

  constructor(config: Config, draw: DrawStream) {
    this.law = initLaw(config);
    this.draw = draw;
  }

  /** Microseconds of the init before invocation number `ordinal`, whole as the kernel's are, so that durations and bills are exact. */
  us(ordinal: number, latencyFactor: number): number {
    return Math.round(this.law.sample(this.draw, ordinal) * latencyFactor);
  }
}

/** Extra time of the first call after init, milliseconds; 0 where the user gave the init duration. */
export function firstCallExtraMs(config: Config): number {
  const { coldStartMs, runtime, architecture, memorySize } = config;
  if (coldStartMs !== undefined) return 0;
  const like = isMeasured(runtime) ? runtime : recent[runtime].like;
  if (like === undefined) return 0;
  const { x86_64, arm64 } = measured[like].firstCall;
  if (runtime !== 'java25')
    return Math.max(0, between(measured[like].firstCall[architecture], memorySize) - plainCallMs);
  const [at128, at1024] = java25FirstCall;
  const share = (1 / Math.min(1024, memorySize) - 1 / 1024) / (1 / 128 - 1 / 1024);
  const ratio = architecture === 'arm64' ? between(arm64, memorySize) / between(x86_64, memorySize) : 1;
  return (at1024 + (at128 - at1024) * share) * ratio - plainCallMs;
}

function isMeasured(runtime: Config['runtime']): runtime is MeasuredRuntime {
  return Object.hasOwn(measured, runtime);
}

/** Straight lines between 128, 256, 512 and 1,024 MB. Assumption: above, as at 1,024 MB. */
function between(sizes: readonly number[], memorySize: number): number {
  let size = 128;
  let i = 0;
  while (i + 2 < sizes.length && memorySize > size * 2) {
    size *= 2;
    i += 1;
  }
  const share = Math.min(1, (memorySize - size) / size);
  return sizes[i]! + (sizes[i + 1]! - sizes[i]!) * share;
}

/** Memory that brings one vCPU, MB. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html (2026-11-21). */
const fullCpuMB = 1769;

/** Factor on the handler's time at this memory: its CPU-bound share grows as 1/memory below one vCPU. */
export function cpuFactor(config: Config): number {
  return 1 - config.cpuBoundRatio + config.cpuBoundRatio * Math.max(1, fullCpuMB / config.memorySize);
}
