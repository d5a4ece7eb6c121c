import type { MetricDeclaration } from '#schema/component.ts';

const source = {
  url: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html',
  read: '2026-11-21',
} as const;
const ofMappings = { namespace: 'AWS/Lambda', source } as const;
const official = { ...ofMappings, dimensions: [{ name: 'FunctionName', from: 'AWS::Lambda::Function' }] } as const;
const derived = { namespace: 'Caudal', derived: true, source } as const;
const sum = { unit: 'Count', statistic: 'Sum', series: 'counter' } as const;
const milliseconds = { unit: 'Milliseconds', statistic: 'p99', series: 'sample' } as const;

/** Counted by the function's event source mappings, where these are told to: no setting of what is deployed. */
const mappingEvents = [
  'PolledEventCount',
  'InvokedEventCount',
  'FailedInvokeEventCount',
  'DroppedEventCount',
  'OnFailureDestinationDeliveredEventCount',
  'DeletedEventCount',
] as const;

export const metrics: readonly MetricDeclaration[] = [
  { name: 'Invocations', ...sum, ...official },
  { name: 'Errors', badge: 'errors', ...sum, ...official },
  { name: 'Throttles', ...sum, ...official },
  { name: 'Duration', ...milliseconds, ...official },
  { name: 'ConcurrentExecutions', unit: 'Count', statistic: 'Maximum', series: 'gauge', ...official },
  { name: 'ProvisionedConcurrencySpilloverInvocations', ...sum, ...official },
  { name: 'ProvisionedConcurrencyUtilization', unit: 'Percent', statistic: 'Maximum', series: 'gauge', ...official },
  { name: 'IteratorAge', unit: 'Milliseconds', statistic: 'Maximum', series: 'sample', ...official },
  { name: 'AsyncEventsReceived', ...sum, ...official },
  { name: 'AsyncEventAge', ...milliseconds, ...official },
  { name: 'AsyncEventsDropped', ...sum, ...official },
  { name: 'DestinationDeliveryFailures', ...sum, ...official },
  ...mappingEvents.map((name) => ({ name, ...sum, ...ofMappings })),
  { name: 'ExpiredRecords', ...sum, ...derived },
  { name: 'ColdStarts', badge: 'coldStarts', ...sum, ...derived },
  { name: 'Timeouts', ...sum, ...derived },
  { name: 'InvocationsFailedByRecord', ...sum, ...derived },
  { name: 'InitDuration', ...milliseconds, ...derived },
  { name: 'BilledDuration', ...milliseconds, ...derived },
];
