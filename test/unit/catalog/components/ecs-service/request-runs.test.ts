import { describe, expect, it } from 'vitest';
import type { CaudalDocument } from '#schema/document.ts';
import type { NodeResult } from '#schema/result.ts';
import { documentOf, type Step } from '#test/harness/fidelity-documents.ts';
import { runDocument } from '#test/harness/scenario.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Four tasks with 10 places each, of which 900 requests a second of 5 ms take 4.5 in the mean. */
const ample = { cpu: '2048', memoryMiB: 4096, desiredCount: 4, meanServiceTimeMs: 5, cpuBoundRatio: 0.25 };

/** Services that all take as long, and places for 100 a task. */
const constant = { serviceTimeLaw: 'deterministic', cpuBoundRatio: 0.02, concurrency: 100 };

/** A service that answers 900 requests a second and writes a record for each to a stream, which a function reads. */
function pipeline(config: Settings = {}, { faults = [], emit = {}, load = {} }: Given = {}) {
  const steps: Step[] = [
    { type: 'container', config: { ...ample, ...config }, emit },
    { type: 'stream', config: { shardCount: 2 } },
    {
      type: 'function',
      config: { memorySize: 1024, timeoutSeconds: 60, perRecordMs: 0.2 },
      link: { batchSize: 500 },
      emit: { batchSize: 100 },
    },
    { type: 'application' },
  ];
  const arrivals = { kind: 'poisson', recordsPerSecond: 900 };
  return documentOf([{ load: { arrivals, ...load }, steps }], 120, { faults });
}

interface Given {
  readonly faults?: readonly Settings[];
  readonly emit?: Settings;
  readonly load?: Settings;
}

function both(document: CaudalDocument) {
  const detailed = { ...document, run: { ...document.run, seriesResolutionSeconds: 1 } };
  const [auto, exact] = (['auto', 'exact'] as const).map((fidelity) => runDocument(detailed, { seed: 3, fidelity }));
  return { auto: auto!, exact: exact! };
}

/** The numbers of a node's metrics that chance moves little: all but the largest single value. */
function steady({ metrics }: NodeResult): Record<string, number> {
  const rows: Record<string, number> = {};
  for (const [metric, summary] of Object.entries(metrics)) {
    for (const [name, value] of Object.entries(summary)) {
      if (typeof value === 'number' && name !== 'max') rows[`${metric}.${name}`] = value;
    }
  }
  return rows;
}

/** Mean over the seconds of the highest CPU utilisation in each. */
function meanPeak({ series }: NodeResult): number {
  const maxima = series.find(({ metric }) => metric === 'CPUUtilization')?.maxima ?? [];
  return [...maxima].reduce((sum, value) => sum + value, 0) / maxima.length;
}

describe('ecs-service, requests that are served together', () => {
  it.each<[string, Settings, Settings]>([
    ['each on its own', {}, {}],
    ['in calls of up to 500 records', { batchSize: 500, lingerMs: 1000 }, {}],
    ['each 150 ms after it came', {}, { ...constant, meanServiceTimeMs: 150 }],
  ])('shows what it shows request by request, within 2 %%, sending records %s', (_how, emit, config) => {
    const { auto, exact } = both(pipeline(config, { emit }));
    const found = steady(auto.result.nodes['container']!);
    for (const [row, value] of Object.entries(steady(exact.result.nodes['container']!))) {
      // The 99th percentile of so few drawn services is known to 3 %.
      const allowed = row === 'ResponseTime.p99' ? 0.06 : 0.02;
      expect(Math.abs(found[row]! - value), row).toBeLessThanOrEqual(allowed * value);
    }
    expect(
      Math.abs(meanPeak(auto.result.nodes['container']!) / meanPeak(exact.result.nodes['container']!) - 1),
    ).toBeLessThan(0.03);
    for (const quantile of ['p50', 'p99'] as const) {
      const [there, here] = [exact, auto].map(({ result }) => result.paths[0]!.latencySeconds[quantile]);
      expect(Math.abs(here! / there! - 1), quantile).toBeLessThan(0.02);
    }
    expect(auto.result.usage['container']).toEqual(exact.result.usage['container']);
    // One event for each arrival and departure less.
    expect(exact.measurement.events - auto.measurement.events).toBeGreaterThan(2 * 900 * 120 - 5000);
  });

  it.each<[string, Settings, Given]>([
    ['places are short', { desiredCount: 1 }, {}],
    ['tasks slow down as they fill up', { cpuBoundRatio: 1 }, {}],
    ['some services take long', { meanServiceTimeMs: 60, concurrency: 100, cpuBoundRatio: 0 }, {}],
    ['calls fill sooner than services end', {}, { emit: { batchSize: 10, lingerMs: 1000 } }],
    ['few requests come in a second', {}, { load: { arrivals: { kind: 'poisson', recordsPerSecond: 4 } } }],
  ])('serves them one by one, as in exact, where %s', (_why, config, given) => {
    const { auto, exact } = both(pipeline(config, given));
    expect(auto.result.nodes['container']!.metrics).toEqual(exact.result.nodes['container']!.metrics);
  });

  it('serves them one by one where each goes on at once to who sees how long its service took', () => {
    const arrivals = { kind: 'poisson', recordsPerSecond: 900 };
    const steps: Step[] = [{ type: 'container', config: ample }, { type: 'application' }];
    const { auto, exact } = both(documentOf([{ load: { arrivals }, steps }], 60));
    expect(auto.result.paths).toEqual(exact.result.paths);
  });

  it('serves them one by one where others send requests too', () => {
    const arrivals = { kind: 'poisson', recordsPerSecond: 200 };
    const steps: Step[] = [{ type: 'source' }, { type: 'container', config: ample }, { type: 'stream' }];
    const own: Step[] = [{ type: 'container' }, { type: 'stream' }];
    const { auto, exact } = both(
      documentOf(
        [
          { load: { arrivals }, steps },
          { load: { arrivals }, steps: own },
        ],
        60,
      ),
    );
    const [here, there] = [auto, exact].map(({ result }) => result.nodes['container']!.metrics['ResponseTime']!);
    // The same services, drawn one by one.
    expect([here!.p50, here!.p99, here!.max]).toEqual([there!.p50, there!.p99, there!.max]);
  });

  it('serves them one by one while a fault is at work and in the seconds in which it begins and ends', () => {
    const lost = {
      id: 'zone',
      kind: 'throttling',
      node: 'container',
      capacityRatio: 0.5,
      startSeconds: 40,
      durationSeconds: 20,
    };
    const slow = {
      id: 'slow',
      kind: 'latencyFactor',
      node: 'container',
      factor: 8,
      startSeconds: 80,
      durationSeconds: 10,
    };
    const settings = { ...constant, meanServiceTimeMs: 20 };
    const { auto, exact } = both(pipeline(settings, { faults: [lost, slow] }));
    const [here, there] = [auto, exact].map(({ result }) => result.nodes['container']!.metrics);
    expect(there!['RequestsLost']?.sum).toBeGreaterThan(3);
    for (const metric of ['RequestsLost', 'RequestCount', 'RunningTaskCount'])
      expect(here![metric]).toEqual(there![metric]);
    expect(here!['ResponseTime']!.max).toBe(there!['ResponseTime']!.max);
    expect(here!['ResponseTime']!.mean).toBeCloseTo(there!['ResponseTime']!.mean!, 1);
    expect(auto.measurement.events).toBeLessThan(0.6 * exact.measurement.events);
  });

  it('scales by what they use', () => {
    const scaling = {
      autoScaling: 'ECSServiceAverageCPUUtilization',
      targetValue: 20,
      scaleOutCooldownSeconds: 60,
      maxCapacity: 12,
    };
    const document = pipeline({ ...scaling, meanServiceTimeMs: 10 });
    const { auto, exact } = both({ ...document, run: { ...document.run, horizonSeconds: 600 } });
    const [here, there] = [auto, exact].map(({ result }) =>
      result.log.filter(({ code }) => code === 'ecs-service/scaled'),
    );
    expect(there!.length).toBeGreaterThan(0);
    expect(here!.map(({ t, params }) => [t, params['from'], params['to']])).toEqual(
      there!.map(({ t, params }) => [t, params['from'], params['to']]),
    );
  });
});
