/** One measured run, and how it is measured: processor time of the process, not time on the wall of a shared machine. */

export interface Sample {
  /** What was done: customers, records or events. */
  readonly units: number;
  /** Processor time of the whole process, its compiler and collector threads included. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakRssBytes: number;
  /** Results of the run, so that contenders can be held against each other. */
  readonly shown: Readonly<Record<string, number>>;
}

/** What a contender does in one run: how many units, and what came out. */
export interface Outcome {
  readonly units: number;
  readonly shown: Readonly<Record<string, number>>;
}

/** Runs once, with the collector's work of earlier runs out of the way, and measures. */
export function measured(run: () => Outcome): Sample {
  (globalThis as { gc?: () => void }).gc?.();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const outcome = run();
  const wallSeconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    ...outcome,
    cpuSeconds: (user + system) / 1e6,
    wallSeconds,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}
