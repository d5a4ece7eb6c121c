import type { MetricDeclaration } from '#schema/component.ts';

const source = {
  url: 'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-cloudwatchmetrics.html',
  read: '2026-11-21',
} as const;
const aws = {
  namespace: 'AWS/ES',
  dimensions: [
    { name: 'DomainName', from: 'AWS::OpenSearchService::Domain' },
    { name: 'ClientId', from: 'account' },
  ],
  source,
} as const;
const derived = { namespace: 'Caudal', derived: true, source } as const;
const count = { unit: 'Count', statistic: 'Sum', series: 'counter' } as const;
const level = { unit: 'Count', statistic: 'Average', series: 'gauge' } as const;
const milliseconds = { unit: 'Milliseconds', statistic: 'p99', series: 'sample' } as const;

export const metrics: readonly MetricDeclaration[] = [
  { name: 'CPUUtilization', unit: 'Percent', statistic: 'Average', series: 'gauge', ...aws },
  /** Of one data node; shards spread evenly. */
  { name: 'FreeStorageSpace', unit: 'Megabytes', statistic: 'Average', series: 'gauge', ...aws },
  { name: 'ClusterUsedSpace', unit: 'Megabytes', statistic: 'Average', series: 'gauge', ...aws },
  { name: 'ClusterIndexWritesBlocked', unit: 'Count', statistic: 'Maximum', series: 'gauge', ...aws },
  { name: 'Nodes', ...level, ...aws },
  { name: 'Shards.active', ...level, ...aws },
  { name: 'SearchableDocuments', ...level, ...aws },
  { name: 'DeletedDocuments', ...count, ...aws },
  /** Operations on all nodes: one for each copy of a document. */
  { name: 'IndexingRate', ...count, ...aws },
  { name: 'IndexingLatency', ...milliseconds, ...aws },
  { name: 'ThreadpoolWriteQueue', unit: 'Count', statistic: 'Maximum', series: 'gauge', ...aws },
  { name: 'ThreadpoolWriteRejected', ...count, ...aws },
  { name: 'CoordinatingWriteRejected', ...count, ...aws },
  { name: 'SearchRate', ...count, ...aws },
  { name: 'SearchLatency', ...milliseconds, ...aws },
  { name: 'ThreadpoolSearchQueue', unit: 'Count', statistic: 'Maximum', series: 'gauge', ...aws },
  { name: 'ThreadpoolSearchRejected', ...count, ...aws },
  { name: 'OpenSearchRequests', ...count, ...aws },
  { name: '2xx', ...count, ...aws },
  { name: '4xx', ...count, ...aws },
  { name: '5xx', ...count, ...aws },
  /** Documents of a bulk request. */
  { name: 'DocumentsPerBulk', unit: 'Count', statistic: 'Average', series: 'sample', ...derived },
  /** One primary shard of the largest index. */
  { name: 'LargestShard', unit: 'Megabytes', statistic: 'Maximum', series: 'gauge', ...derived },
];
