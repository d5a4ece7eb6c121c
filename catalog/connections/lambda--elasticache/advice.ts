import type { AdviceInput, Finding } from '#schema/component.ts';
import type { Config } from './config.ts';

type Input = AdviceInput<Config>;

const longestLifeSeconds = 31_536_000;

export function advise(input: Input): readonly Finding[] {
  return [lostRecords(input), missedDuplicates(input)].flat();
}

function lostRecords({ config, metrics, horizonSeconds }: Input): Finding[] {
  const lost = metrics['RecordsMarkedAndLost']?.sum ?? 0;
  if (lost === 0 || config.mark === 'afterProcessing') return [];
  return [
    {
      code: 'lambda--elasticache/mark-after',
      severity: 'critical',
      params: { lost },
      evidence: [{ series: 'RecordsMarkedAndLost', t0: 0, t1: horizonSeconds, value: lost }],
      patch: [{ path: 'config.mark', from: config.mark, to: 'afterProcessing' }],
    },
  ];
}

/** Duplicates that passed: older than a mark lives, or their marks were evicted. Others came while the first attempt ran. */
function missedDuplicates({ config, metrics, horizonSeconds }: Input): Finding[] {
  const missed = metrics['DuplicatesMissed']?.sum ?? 0;
  const ageSeconds = Math.round(metrics['MissedDuplicateAge']?.max ?? 0);
  const evicted = metrics['Evictions']?.sum ?? 0;
  const from = config.timeToLiveSeconds;
  const evidence = [{ series: 'DuplicatesMissed', t0: 0, t1: horizonSeconds, value: missed }];
  if (missed === 0) return [];
  if (evicted > 0) {
    const params = { missed, evicted };
    return [{ code: 'lambda--elasticache/duplicates-missed', severity: 'warning', params, evidence, patch: [] }];
  }
  const to = Math.min(longestLifeSeconds, Math.ceil(1.5 * ageSeconds));
  if (to <= from || ageSeconds <= from) return [];
  return [
    {
      code: 'lambda--elasticache/time-to-live-too-short',
      severity: 'warning',
      params: { missed, ageSeconds, from, to },
      evidence,
      patch: [{ path: 'config.timeToLiveSeconds', from, to }],
    },
  ];
}
