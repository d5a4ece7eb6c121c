import type { AdviceInput, Finding } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Share of the timeout that the 99th percentile may reach. Assumption: a rule of thumb. */
const nearTimeoutRatio = 0.8;
/** Room above the 99th percentile in the timeout that is proposed. Assumption: a rule of thumb. */
const timeoutRoom = 3;
/** Share of cold starts above which provisioned concurrency is named; AWS sees less than 1 %. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (2026-11-21). */
const manyColdStartsRatio = 0.05;
const fewestInvocations = 100;
/** Smallest share of attempts let in from which the offered load is inferred; below, retries outweigh. Assumption: a rule of thumb. */
const leastLetIn = 0.5;

type Input = AdviceInput<Config>;

export function advise(input: Input): readonly Finding[] {
  return [reservation(input), rate(input), timeout(input), coldStarts(input), lostEvents(input)].flat();
}

/**
 * Throttled by its own reservation: the offered load is what runs over the share that was let in, plus three deviations.
 * Retries of one invocation are refused again and again, so a small share tells of retries rather than of load: the load is
 * taken as twice what runs at the most, and the finding says that it may take more.
 */
function reservation({ config, limits, metrics, horizonSeconds }: Input): Finding[] {
  const limit = limits.find(({ id }) => id === 'reserved-concurrency');
  const reserved = config.reservedConcurrentExecutions;
  if (limit === undefined || reserved === undefined || limit.refused === 0) return [];
  const started = metrics['Invocations']?.sum ?? 0;
  const letIn = started / (started + limit.refused);
  const offered = (metrics['ConcurrentExecutions']?.mean ?? 0) / Math.max(leastLetIn, letIn);
  const to = Math.ceil(Math.max(reserved * 1.5, offered + 3 * Math.sqrt(offered), 1));
  return [
    {
      code: 'lambda/reserved-too-low',
      severity: letIn < 0.9 ? 'critical' : 'warning',
      params: { reserved, to, refused: limit.refused },
      evidence: [
        {
          limit: limit.id,
          t0: limit.firstRefusedAt ?? 0,
          t1: limit.lastRefusedAt ?? horizonSeconds,
          value: limit.peakRatio,
        },
      ],
      patch: [{ path: 'config.reservedConcurrentExecutions', from: reserved, to }],
    },
  ];
}

/** Limits that only another design or a larger quota can move: code of the finding by limit id. */
const fixedLimits: Readonly<Record<string, string>> = {
  'request-rate': 'lambda/request-rate-refused',
  'lambda/requests': 'lambda/request-rate-refused',
  'concurrency-scaling': 'lambda/concurrency-scaling-refused',
  'lambda/concurrent-executions': 'lambda/account-concurrency-reached',
};

/** Limits of the account are shared, so they are named only where this function was throttled itself. */
function rate({ limits, metrics, horizonSeconds }: Input): Finding[] {
  if ((metrics['Throttles']?.sum ?? 0) === 0) return [];
  return limits.flatMap((limit) => {
    const code = fixedLimits[limit.id];
    if (code === undefined || limit.refused === 0) return [];
    const { refused, capacity, firstRefusedAt: t0 = 0, lastRefusedAt: t1 = horizonSeconds, peakRatio: value } = limit;
    return [
      {
        code,
        severity: 'warning',
        params: { refused, capacity },
        evidence: [{ limit: limit.id, t0, t1, value }],
        patch: [],
      },
    ];
  });
}

function timeout({ config, metrics, horizonSeconds }: Input): Finding[] {
  const p99 = metrics['Duration']?.p99 ?? 0;
  const timeouts = metrics['Timeouts']?.sum ?? 0;
  const from = config.timeoutSeconds;
  if (timeouts === 0 && p99 < nearTimeoutRatio * from * 1000) return [];
  const to = Math.min(900, Math.max(from + 1, Math.ceil((p99 / 1000) * timeoutRoom)));
  return [
    {
      code: 'lambda/timeout-near-duration',
      severity: timeouts > 0 ? 'critical' : 'warning',
      params: { timeoutSeconds: from, p99Ms: Math.round(p99), timeouts, to },
      evidence: [{ series: 'Duration', t0: 0, t1: horizonSeconds, value: p99 }],
      patch: to > from ? [{ path: 'config.timeoutSeconds', from, to }] : [],
    },
  ];
}

function coldStarts({ config, metrics, horizonSeconds }: Input): Finding[] {
  const cold = metrics['ColdStarts']?.sum ?? 0;
  const started = metrics['Invocations']?.sum ?? 0;
  if (started < fewestInvocations || cold < manyColdStartsRatio * started) return [];
  const from = config.provisionedConcurrentExecutions;
  const to = Math.max(from + 1, Math.ceil(metrics['ConcurrentExecutions']?.mean ?? 0));
  if (config.reservedConcurrentExecutions !== undefined && to > config.reservedConcurrentExecutions) return [];
  return [
    {
      code: 'lambda/many-cold-starts',
      severity: 'info',
      params: { cold, started, percent: Math.round((100 * cold) / started), to },
      evidence: [{ series: 'ColdStarts', t0: 0, t1: horizonSeconds, value: cold }],
      patch: [{ path: 'config.provisionedConcurrentExecutions', from, to }],
    },
  ];
}

function lostEvents({ metrics, horizonSeconds }: Input): Finding[] {
  const dropped = metrics['AsyncEventsDropped']?.sum ?? 0;
  if (dropped === 0) return [];
  return [
    {
      code: 'lambda/events-given-up',
      severity: 'critical',
      params: { dropped },
      evidence: [{ series: 'AsyncEventsDropped', t0: 0, t1: horizonSeconds, value: dropped }],
      patch: [],
    },
  ];
}
