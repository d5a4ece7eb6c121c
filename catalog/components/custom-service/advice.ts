import type { AdviceInput, Finding } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Utilisation above which a queue grows faster than most designs can bear, 0..1. Assumption: a rule of thumb. */
const busyRatio = 0.9;

export function advise({ config, limits, horizonSeconds }: AdviceInput<Config>): readonly Finding[] {
  const limit = limits.find(({ id }) => id === 'servers');
  if (limit === undefined || limit.peakRatio < 1 || (limit.refused === 0 && limit.waiting < config.servers * 10)) {
    return [];
  }
  const to = Math.ceil(config.servers / busyRatio) + 1;
  return [
    {
      code: 'custom-service/servers-busy',
      severity: limit.refused > 0 ? 'critical' : 'warning',
      params: { servers: config.servers, to, waiting: limit.waiting, refused: limit.refused },
      evidence: [
        {
          limit: 'servers',
          t0: limit.firstRefusedAt ?? 0,
          t1: limit.lastRefusedAt ?? horizonSeconds,
          value: limit.peakRatio,
        },
      ],
      patch: [{ path: 'config.servers', from: config.servers, to }],
    },
  ];
}
