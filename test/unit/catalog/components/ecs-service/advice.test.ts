import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/components/ecs-service/advice.ts';
import { config } from '#catalog/components/ecs-service/config.ts';
import type { AdviceInput, LimitSummary } from '#schema/component.ts';

interface Seen {
  readonly metrics?: Record<string, { sum?: number; mean?: number; max?: number }>;
  readonly limit?: Partial<LimitSummary>;
  readonly codes?: readonly string[];
}

function findings(given: Record<string, unknown>, { metrics = {}, limit, codes = [] }: Seen) {
  const input: AdviceInput<ReturnType<typeof config.parse>> = {
    id: 'api',
    config: config.parse(given),
    horizonSeconds: 600,
    limits:
      limit === undefined
        ? []
        : [
            {
              id: 'places',
              node: 'api',
              name: 'requests in work',
              unit: 'requests',
              capacity: 20,
              peakRatio: 1,
              refused: 0,
              waiting: 0,
              source: 'config',
              raisable: true,
              ...limit,
            },
          ],
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, { mean: 0, max: 0, ...value }])),
    log: codes.map((code) => ({ t: 5, code, params: {} })),
  };
  return advise(input).map(({ code, patch }) => [code, ...patch.map(({ path, to }) => `${path}=${String(to)}`)]);
}

describe('ecs-service: advice', () => {
  it('asks for tasks that bring a busy processor to 60 %', () => {
    const busy = { CPUUtilization: { mean: 96 }, RunningTaskCount: { mean: 5, max: 5 } };
    expect(findings({ desiredCount: 5 }, { metrics: busy })).toEqual([
      ['ecs-service/cpu-busy', 'config.desiredCount=8'],
    ]);
    expect(findings({ desiredCount: 5 }, { metrics: { CPUUtilization: { mean: 80 } } })).toEqual([]);
  });

  it('asks for a higher ceiling where auto scaling stands at it', () => {
    const metrics = { CPUUtilization: { mean: 96 }, RunningTaskCount: { mean: 10 }, DesiredTaskCount: { max: 10 } };
    const autoScaling = 'ECSServiceAverageCPUUtilization';
    expect(findings({ autoScaling }, { metrics })).toEqual([['ecs-service/scaling-ceiling', 'config.maxCapacity=16']]);
    expect(findings({ autoScaling, maxCapacity: 20 }, { metrics })).toEqual([]);
  });

  it('asks for more places where all are taken and the processor is idle', () => {
    const metrics = { CPUUtilization: { mean: 20 }, RequestsRefused: { sum: 7 } };
    expect(findings({ concurrency: 4 }, { metrics, limit: {} })).toEqual([
      ['ecs-service/places-taken', 'config.concurrency=8'],
    ]);
    expect(findings({}, { metrics, limit: { peakRatio: 0.9 } })).toEqual([]);
    expect(findings({}, { metrics: { CPUUtilization: { mean: 70 } }, limit: { refused: 7 } })).toEqual([]);
  });

  it('names tasks that a stream leaves without work', () => {
    const metrics = { CurrentLeases: { max: 2 } };
    expect(findings({ desiredCount: 5 }, { metrics })).toEqual([['ecs-service/idle-tasks', 'config.desiredCount=2']]);
    expect(findings({ desiredCount: 5 }, { metrics: { ...metrics, RequestCount: { sum: 3 } } })).toEqual([]);
  });

  it('proposes a shorter checkpoint interval where records were repeated', () => {
    const metrics = { RecordsRepeated: { sum: 300 } };
    expect(findings({}, { metrics })).toEqual([['ecs-service/repeated', 'config.checkpointIntervalSeconds=10']]);
    expect(findings({ checkpointIntervalSeconds: 5 }, { metrics })).toEqual([]);
  });

  it('proposes more attempts where stream records were skipped', () => {
    const codes = ['ecs-service/skipping'];
    expect(findings({}, { codes })).toEqual([['ecs-service/skipped', 'config.maxAttempts=200']]);
    expect(findings({ maxAttempts: 200 }, { codes })).toEqual([]);
  });
});
