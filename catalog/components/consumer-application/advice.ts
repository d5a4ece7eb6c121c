import type { AdviceInput, Finding } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Mean utilisation, percent, above which waiting grows steeply, and the one to aim at. Assumption: rules of thumb. */
const busyPercent = 85;
const aimPercent = 70;
/** Mean utilisation, percent, at which there is more work than the workers can do: how much more cannot be told. Assumption. */
const saturatedPercent = 99;

export function advise({ config, metrics, limits, horizonSeconds }: AdviceInput<Config>): readonly Finding[] {
  const findings: Finding[] = [];
  const utilisation = metrics['Utilisation']?.mean ?? 0;
  const hasWorkers = limits.some(({ id }) => id === 'workers');
  if (hasWorkers && utilisation > busyPercent) {
    const to = Math.ceil((config.workers * utilisation) / aimPercent);
    findings.push({
      code:
        utilisation < saturatedPercent ? 'consumer-application/workers-busy' : 'consumer-application/workers-saturated',
      severity: 'warning',
      params: { utilisation: Math.round(utilisation), workers: config.workers, to },
      evidence: [{ series: 'Utilisation', limit: 'workers', t0: 0, t1: horizonSeconds, value: utilisation }],
      patch: [{ path: 'config.workers', from: config.workers, to }],
    });
  }
  const duplicates = metrics['DuplicatesDelivered']?.sum ?? 0;
  if (duplicates > 0) {
    findings.push({
      code: 'consumer-application/duplicates',
      severity: 'info',
      params: { duplicates, delivered: metrics['RecordsDelivered']?.sum ?? 0 },
      evidence: [{ series: 'DuplicatesDelivered', t0: 0, t1: horizonSeconds, value: duplicates }],
      patch: [],
    });
  }
  return findings;
}
