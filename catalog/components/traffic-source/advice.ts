import type { AdviceInput, Finding } from '#schema/component.ts';
import type { Config } from './config.ts';

export function advise({ log, horizonSeconds }: AdviceInput<Config>): readonly Finding[] {
  const lost = log.find(({ code }) => code === 'traffic-source/buffer-full');
  if (lost === undefined) return [];
  return [
    {
      code: 'traffic-source/records-lost',
      severity: 'critical',
      params: { t: lost.t },
      evidence: [{ series: 'RecordsWaiting', t0: lost.t, t1: horizonSeconds, value: 1 }],
      patch: [],
    },
  ];
}
