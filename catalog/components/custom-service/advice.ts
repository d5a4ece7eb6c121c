import type { AdviceInput, Finding } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Utilisation above which a queue grows faster than most designs can bear, 0..1. Assumption: a rule of thumb. */
const busyRatio = 0.9;
/** Waiting records for each server from which a queue counts as trouble. Assumption: a rule of thumb. */
const waitingPerServer = 10;
const mostServers = 100_000;

/**
 * The work that arrives is what the servers did, stretched by the records that they could not take in time: those that
 * waited at the worst moment and each refused attempt. A record that is sent again after a refusal counts each time, so the
 * number of servers errs on the large side.
 */
export function advise({ config, limits, metrics, horizonSeconds }: AdviceInput<Config>): readonly Finding[] {
  const limit = limits.find(({ id }) => id === 'servers');
  const served = metrics['RecordsServed']?.sum ?? 0;
  if (limit === undefined || limit.peakRatio < 1 || served === 0) return [];
  if (limit.refused === 0 && limit.waiting < config.servers * waitingPerServer) return [];
  const busy = (config.servers * (metrics['Utilisation']?.mean ?? 0)) / 100;
  const offered = (busy * (served + limit.waiting + limit.refused)) / served;
  const to = Math.min(mostServers, Math.ceil(offered / busyRatio));
  const isOverloaded = to > config.servers;
  return [
    {
      code: isOverloaded ? 'custom-service/servers-busy' : 'custom-service/peaks',
      severity: limit.refused > 0 ? 'critical' : 'warning',
      params: {
        servers: config.servers,
        busyPercent: Math.round((100 * busy) / config.servers),
        busyGoalPercent: 100 * busyRatio,
        offered: Math.round(10 * offered) / 10,
        to,
        waiting: limit.waiting,
        refused: limit.refused,
      },
      evidence: [
        {
          limit: 'servers',
          t0: limit.firstRefusedAt ?? 0,
          t1: limit.lastRefusedAt ?? horizonSeconds,
          value: limit.peakRatio,
        },
      ],
      patch: isOverloaded ? [{ path: 'config.servers', from: config.servers, to }] : [],
    },
  ];
}
