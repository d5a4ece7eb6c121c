import type { MetricDeclaration } from '#schema/component.ts';

const source = { url: 'https://en.wikipedia.org/wiki/Queueing_theory', read: '2026-11-21' } as const;
const derived = { namespace: 'Caudal', derived: true, source } as const;

export const metrics: readonly MetricDeclaration[] = [
  { name: 'RecordsServed', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
  { name: 'RecordsRefused', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
  { name: 'Utilisation', unit: 'Percent', statistic: 'Average', series: 'gauge', ...derived },
  { name: 'QueueLength', unit: 'Count', statistic: 'Average', series: 'gauge', ...derived },
  { name: 'WaitingTime', unit: 'Milliseconds', statistic: 'Average', series: 'sample', ...derived },
  { name: 'ResponseTime', unit: 'Milliseconds', statistic: 'p99', series: 'sample', ...derived },
];
