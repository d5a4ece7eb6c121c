import type { AdviceInput, Evidence, Finding } from '#schema/component.ts';
import { type Config, serverlessLimits } from './config.ts';

type Input = AdviceInput<Config>;

/** Use of the engine thread at which AWS advises an alarm, and what is aimed at. Assumption: the second is a rule of thumb. */
const busyPercent = 90;
const aimPercent = 60;
const mostShards = 500;

export function advise(input: Input): readonly Finding[] {
  return input.config.deployment === 'serverless'
    ? processing(input)
    : [memory(input), refusedWrites(input), engine(input), replicas(input)].flat();
}

/** Keys that went before their time, all of them held at once: more than was needed, never less. */
function memory({ config, metrics, horizonSeconds }: Input): Finding[] {
  const evicted = metrics['Evictions']?.sum ?? 0;
  if (evicted === 0) return [];
  const held = Math.max(1, metrics['CurrItems']?.max ?? 1);
  const finding = moreShards('elasticache/memory-too-small', config, (held + evicted) / held, { evicted });
  return [{ ...finding, evidence: [whole('Evictions', evicted, horizonSeconds)] }];
}

function refusedWrites({ config, metrics, horizonSeconds }: Input): Finding[] {
  const refused = metrics['OutOfMemoryErrors']?.sum ?? 0;
  if (refused === 0) return [];
  const held = Math.max(1, metrics['CurrItems']?.max ?? 1);
  const finding = moreShards('elasticache/writes-refused', config, (held + refused) / held, { refused });
  return [{ ...finding, evidence: [whole('OutOfMemoryErrors', refused, horizonSeconds)] }];
}

function engine({ config, metrics, limits, horizonSeconds }: Input): Finding[] {
  const percent = metrics['EngineCPUUtilization']?.max ?? 0;
  if (percent < busyPercent) return [];
  const waiting = limits.filter(({ id }) => id.startsWith('commands/')).reduce((sum, limit) => sum + limit.waiting, 0);
  // A thread that is busy all the time does not say how much more it was sent.
  const factor = Math.max(percent >= 99 ? 2 : 1, percent / aimPercent) + (waiting > config.commandsPerSecond ? 1 : 0);
  const finding = moreShards('elasticache/engine-saturated', config, factor, { percent: Math.round(percent) });
  return [{ ...finding, evidence: [whole('EngineCPUUtilization', percent, horizonSeconds)] }];
}

function replicas({ config, log, horizonSeconds }: Input): Finding[] {
  const losses = log.filter(({ code }) => code === 'elasticache/keys-lost');
  const lost = losses.reduce((sum, { params }) => sum + Number(params['lost']), 0);
  if (lost === 0 || config.replicasPerNodeGroup > 0) return [];
  return [
    {
      code: 'elasticache/no-replica',
      severity: 'warning',
      params: { lost },
      evidence: [{ series: 'CurrItems', t0: losses[0]?.t ?? 0, t1: horizonSeconds, value: lost }],
      patch: [{ path: 'config.replicasPerNodeGroup', from: 0, to: 1 }],
    },
  ];
}

function processing({ config, limits, metrics, horizonSeconds }: Input): Finding[] {
  const throttled = metrics['ThrottledCmds']?.sum ?? 0;
  const limit = limits.find(({ id }) => id === 'ecpu');
  if (throttled === 0 || limit === undefined) return [];
  const evidence = [whole('ThrottledCmds', throttled, horizonSeconds)];
  const from = config.maximumEcpuPerSecond;
  if (limit.capacity >= from && from < serverlessLimits.mostEcpuPerSecond) {
    const to = Math.min(serverlessLimits.mostEcpuPerSecond, 2 * from);
    const patch = [{ path: 'config.maximumEcpuPerSecond', from, to }];
    return [
      { code: 'elasticache/ecpu-at-maximum', severity: 'warning', params: { throttled, from, to }, evidence, patch },
    ];
  }
  const least = config.minimumEcpuPerSecond;
  const to = Math.min(from, Math.ceil(2 * limit.capacity));
  const patch = to > least ? [{ path: 'config.minimumEcpuPerSecond', from: least, to }] : [];
  return [
    {
      code: 'elasticache/ecpu-throttled',
      severity: 'warning',
      params: { throttled, from: least, to },
      evidence,
      patch,
    },
  ];
}

function moreShards(
  code: string,
  config: Config,
  factor: number,
  params: Readonly<Record<string, number>>,
): Omit<Finding, 'evidence'> {
  const from = config.numNodeGroups;
  const to = Math.min(mostShards, Math.max(from + 1, Math.ceil(from * factor)));
  const patch = to > from ? [{ path: 'config.numNodeGroups', from, to }] : [];
  return { code, severity: 'warning', params: { ...params, from, to }, patch };
}

function whole(series: string, value: number, horizonSeconds: number): Evidence {
  return { series, t0: 0, t1: horizonSeconds, value };
}
