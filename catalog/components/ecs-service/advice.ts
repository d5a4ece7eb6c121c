import type { AdviceInput, Finding } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Mean CPU utilisation, percent, above which tasks are called busy, and the one to aim at. Assumption: rules of thumb. */
const busyPercent = 85;
const aimPercent = 60;
/** CPU utilisation, percent, below which a task can work on more requests at a time. Assumption: a rule of thumb. */
const spareCpuPercent = 50;
const mostTasks = 5000;
const mostConcurrency = 10_000;
/** Checkpoint interval that is proposed, seconds. Assumption: a rule of thumb. */
const shortCheckpointSeconds = 10;
/** Attempts that are proposed for a stream record. Assumption: a rule of thumb, some minutes of trouble. */
const manyAttempts = 200;

type Input = AdviceInput<Config>;

export function advise(input: Input): readonly Finding[] {
  return [processors(input), places(input), idleTasks(input), skipped(input), repeated(input)].flat();
}

/** A busy processor hides how much more would come: the number of tasks errs on the small side where requests waited. */
function processors({ config, metrics, horizonSeconds }: Input): Finding[] {
  const cpu = metrics['CPUUtilization']?.mean ?? 0;
  if (cpu < busyPercent) return [];
  const running = metrics['RunningTaskCount'];
  const cpuPercent = Math.round(cpu);
  const evidence = [{ series: 'CPUUtilization', t0: 0, t1: horizonSeconds, value: cpu }];
  const to = Math.min(mostTasks, Math.ceil(((running?.mean ?? config.desiredCount) * cpu) / aimPercent));
  if (config.autoScaling === 'none') {
    const tasks = Math.round(running?.max ?? config.desiredCount);
    const patch = to > config.desiredCount ? [{ path: 'config.desiredCount', from: config.desiredCount, to }] : [];
    const params = { cpuPercent, tasks, to, aimPercent };
    return [{ code: 'ecs-service/cpu-busy', severity: 'warning', params, evidence, patch }];
  }
  const { maxCapacity } = config;
  if ((metrics['DesiredTaskCount']?.max ?? 0) < maxCapacity || to <= maxCapacity) return [];
  const patch = [{ path: 'config.maxCapacity', from: maxCapacity, to }];
  return [
    {
      code: 'ecs-service/scaling-ceiling',
      severity: 'warning',
      params: { cpuPercent, maxCapacity, to },
      evidence,
      patch,
    },
  ];
}

/** Every place taken and the processors idle: the works wait for something else. */
function places({ config, limits, metrics, horizonSeconds }: Input): Finding[] {
  const limit = limits.find(({ id }) => id === 'places');
  const cpu = metrics['CPUUtilization']?.mean ?? 0;
  if (limit === undefined || limit.peakRatio < 1 || cpu > spareCpuPercent) return [];
  const refused = metrics['RequestsRefused']?.sum ?? 0;
  const isWaiting = limit.waiting > config.desiredCount * config.concurrency;
  const to = Math.min(mostConcurrency, 2 * config.concurrency);
  if ((refused === 0 && !isWaiting) || to <= config.concurrency) return [];
  return [
    {
      code: 'ecs-service/places-taken',
      severity: refused > 0 ? 'critical' : 'warning',
      params: { concurrency: config.concurrency, to, cpuPercent: Math.round(cpu), waiting: limit.waiting, refused },
      evidence: [{ limit: 'places', t0: 0, t1: horizonSeconds, value: limit.peakRatio }],
      patch: [{ path: 'config.concurrency', from: config.concurrency, to }],
    },
  ];
}

/** Tasks that read streams only, and more of them than there are shards. */
function idleTasks({ config, metrics, horizonSeconds }: Input): Finding[] {
  const leases = Math.round(metrics['CurrentLeases']?.max ?? 0);
  const isReaderOnly = (metrics['RequestCount']?.sum ?? 0) === 0 && config.autoScaling === 'none';
  if (leases === 0 || !isReaderOnly || config.desiredCount <= leases) return [];
  return [
    {
      code: 'ecs-service/idle-tasks',
      severity: 'info',
      params: { tasks: config.desiredCount, leases },
      evidence: [{ series: 'CurrentLeases', t0: 0, t1: horizonSeconds, value: leases }],
      patch: [{ path: 'config.desiredCount', from: config.desiredCount, to: leases }],
    },
  ];
}

/** Records lost to the client library's habit of skipping what failed. */
function skipped({ config, log, horizonSeconds }: Input): Finding[] {
  const entry = log.find(({ code }) => code === 'ecs-service/skipping');
  const from = config.maxAttempts;
  if (entry === undefined || from >= manyAttempts) return [];
  return [
    {
      code: 'ecs-service/skipped',
      severity: 'critical',
      params: { from, to: manyAttempts },
      evidence: [{ series: 'RecordsFailed', t0: entry.t, t1: horizonSeconds, value: 1 }],
      patch: [{ path: 'config.maxAttempts', from, to: manyAttempts }],
    },
  ];
}

function repeated({ config, metrics, horizonSeconds }: Input): Finding[] {
  const records = metrics['RecordsRepeated']?.sum ?? 0;
  const from = config.checkpointIntervalSeconds;
  if (records === 0 || from <= shortCheckpointSeconds) return [];
  return [
    {
      code: 'ecs-service/repeated',
      severity: 'info',
      params: { records, from, to: shortCheckpointSeconds },
      evidence: [{ series: 'RecordsRepeated', t0: 0, t1: horizonSeconds, value: records }],
      patch: [{ path: 'config.checkpointIntervalSeconds', from, to: shortCheckpointSeconds }],
    },
  ];
}
