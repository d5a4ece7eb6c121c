import type { MetricDeclaration } from '#schema/component.ts';

// TODO: the metrics a user would look at first on the AWS console, under their CloudWatch names.
const source = { url: 'TODO: page of the metrics', read: '__today__' } as const;

export const metrics: readonly MetricDeclaration[] = [
  {
    name: 'Utilisation',
    namespace: 'Caudal',
    unit: 'Percent',
    statistic: 'Average',
    series: 'gauge',
    derived: true,
    source,
  },
];
