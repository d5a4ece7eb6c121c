/** Holds what a run records: metrics, limits, usage, event log, warnings. Memory is bounded whatever the horizon. */
import type { LogLevel, UsageCounter } from '#engine/behavior.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { type LimitDeclaration, LimitMeter } from '#engine/stats/limit-meter.ts';
import { CounterMetric, GaugeMetric, SampleMetric, type SeriesPlan } from '#engine/stats/metrics.ts';
import type { LogParams } from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { LogEntry } from '#schema/result.ts';
import type { RunOptions } from '#schema/worker-messages.ts';

type Metric = CounterMetric | GaugeMetric | SampleMetric;

const SECOND_US = 1_000_000;
/** Points of a series when the document does not say. */
const SERIES_POINTS = 1440;
/** Most points of a series; beyond, points double in width. */
const SERIES_CAPACITY = 4096;
/** Entries kept of one code at one node. */
const LOG_PER_CODE = 200;
const LOG_ENTRIES = 5000;

class Usage implements UsageCounter {
  total = 0;
  private readonly kernel: Kernel;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  add(quantity: number): void {
    if (this.kernel.nowUs >= 0) this.total += quantity;
  }
}

export class Recorder {
  readonly metrics: Map<string, Metric>[];
  readonly limits: LimitMeter[] = [];
  readonly usages = new Map<string, Map<string, Usage>>();
  readonly entries: LogEntry[] = [];
  readonly warnings = new Set<string>();
  readonly plan: SeriesPlan;
  entriesDropped = 0;
  private readonly kernel: Kernel;
  private readonly startUs: number;
  private readonly perCode = new Map<string, number>();

  constructor(document: CaudalDocument, options: RunOptions, kernel: Kernel, horizonUs: number, startUs: number) {
    this.kernel = kernel;
    this.startUs = startUs;
    this.metrics = document.nodes.map(() => new Map<string, Metric>());
    const wanted = document.run.seriesResolutionSeconds ?? options.horizonSeconds / SERIES_POINTS;
    const binUs = Math.max(SECOND_US, Math.ceil(wanted) * SECOND_US);
    this.plan = { binUs, bins: Math.min(SERIES_CAPACITY, Math.max(2, Math.ceil(horizonUs / binUs) + 1)), horizonUs };
  }

  counter(node: number, name: string): CounterMetric {
    return this.metric(node, name, () => new CounterMetric(this.plan)) as CounterMetric;
  }

  gauge(node: number, name: string): GaugeMetric {
    return this.metric(
      node,
      name,
      () => new GaugeMetric(this.plan, this.kernel.nowUs < 0 ? this.startUs : 0),
    ) as GaugeMetric;
  }

  sample(node: number, name: string): SampleMetric {
    return this.metric(node, name, () => new SampleMetric(this.plan)) as SampleMetric;
  }

  limitFactory(owner: string): (declaration: LimitDeclaration) => LimitMeter {
    return (declaration) => {
      const meter = new LimitMeter(declaration, declaration.account === true ? null : owner, this.plan.horizonUs);
      this.limits.push(meter);
      return meter;
    };
  }

  usage(owner: string, id: string): UsageCounter {
    let own = this.usages.get(owner);
    if (own === undefined) this.usages.set(owner, (own = new Map()));
    let usage = own.get(id);
    if (usage === undefined) own.set(id, (usage = new Usage(this.kernel)));
    return usage;
  }

  /** Adds an entry, unless its code has already filled its share. Entries of the pre-roll are not kept. */
  log(node: string | null, level: LogLevel, code: string, params: LogParams): void {
    if (this.kernel.nowUs < 0) return;
    const key = `${node ?? ''} ${code}`;
    const seen = (this.perCode.get(key) ?? 0) + 1;
    this.perCode.set(key, seen);
    if (seen > LOG_PER_CODE || this.entries.length >= LOG_ENTRIES) this.entriesDropped += 1;
    else this.entries.push({ t: this.kernel.nowUs / SECOND_US, node, level, code, params });
  }

  warn(code: string): void {
    this.warnings.add(code);
  }

  /** Time zero: levels keep their values, their means and peaks start afresh. */
  startRecording(): void {
    const { nowUs } = this.kernel;
    for (const own of this.metrics) {
      for (const metric of own.values()) if (metric.kind === 'gauge') metric.startRecording(nowUs);
    }
    for (const limit of this.limits) limit.startRecording(nowUs);
  }

  /** The end of the run: every series reaches as far as the run did. */
  finish(): void {
    const { nowUs } = this.kernel;
    for (const own of this.metrics) for (const metric of own.values()) metric.finish(nowUs);
  }

  private metric(node: number, name: string, create: () => Metric): Metric {
    const own = this.metrics[node]!;
    let metric = own.get(name);
    if (metric === undefined) own.set(name, (metric = create()));
    return metric;
  }
}
