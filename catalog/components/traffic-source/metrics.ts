import type { MetricDeclaration } from '#schema/component.ts';

const source = {
  url: 'https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html',
  read: '2026-11-21',
} as const;
const derived = { namespace: 'Caudal', derived: true, source } as const;

export const metrics: readonly MetricDeclaration[] = [
  { name: 'RecordsCreated', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
  { name: 'BytesCreated', unit: 'Bytes', statistic: 'Sum', series: 'counter', ...derived },
  { name: 'RecordsWaiting', unit: 'Count', statistic: 'Maximum', series: 'gauge', ...derived },
];
