import type { AdviceInput, Finding } from '#schema/component.ts';
import type { Config } from './config.ts';

/** TODO: what would mend it when its limit binds; a code, parameters, evidence and a patch. */
export function advise({ limits, horizonSeconds }: AdviceInput<Config>): readonly Finding[] {
  const limit = limits.find(({ id }) => id === 'servers');
  if (limit === undefined || limit.peakRatio < 1) return [];
  return [
    {
      code: '__type__/busy',
      severity: 'warning',
      params: { waiting: limit.waiting },
      evidence: [{ limit: 'servers', t0: 0, t1: horizonSeconds, value: limit.peakRatio }],
      patch: [],
    },
  ];
}
