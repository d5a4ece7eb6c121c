import type { MetricDeclaration } from '#schema/component.ts';

const source = {
  url: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html',
  read: '2026-11-21',
} as const;
const aws = {
  namespace: 'AWS/SQS',
  dimensions: [{ name: 'QueueName', from: 'AWS::SQS::Queue' }],
  source,
} as const;
const derived = { namespace: 'Caudal', derived: true, source } as const;

export const metrics: readonly MetricDeclaration[] = [
  { name: 'NumberOfMessagesSent', unit: 'Count', statistic: 'Sum', series: 'counter', ...aws },
  { name: 'NumberOfMessagesReceived', unit: 'Count', statistic: 'Sum', series: 'counter', ...aws },
  { name: 'NumberOfMessagesDeleted', unit: 'Count', statistic: 'Sum', series: 'counter', ...aws },
  { name: 'NumberOfEmptyReceives', unit: 'Count', statistic: 'Sum', series: 'counter', ...aws },
  { name: 'SentMessageSize', unit: 'Bytes', statistic: 'Average', series: 'sample', ...aws },
  { name: 'ApproximateNumberOfMessagesVisible', unit: 'Count', statistic: 'Maximum', series: 'gauge', ...aws },
  { name: 'ApproximateNumberOfMessagesNotVisible', unit: 'Count', statistic: 'Maximum', series: 'gauge', ...aws },
  { name: 'ApproximateNumberOfMessagesDelayed', unit: 'Count', statistic: 'Maximum', series: 'gauge', ...aws },
  {
    name: 'ApproximateAgeOfOldestMessage',
    badge: 'age',
    unit: 'Seconds',
    statistic: 'Maximum',
    series: 'gauge',
    ...aws,
  },
  /** Visibility timeouts that ran out. */
  { name: 'MessagesReturned', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
  /** Messages moved to the dead-letter queue. */
  {
    name: 'MessagesDeadLettered',
    badge: 'deadLettered',
    unit: 'Count',
    statistic: 'Sum',
    series: 'counter',
    ...derived,
  },
  /** Messages deleted by the end of their retention. */
  { name: 'MessagesExpired', unit: 'Count', statistic: 'Sum', series: 'counter', ...derived },
  /** How often a message that is received has been received, this time included. */
  { name: 'ReceiveCount', unit: 'None', statistic: 'Maximum', series: 'sample', ...derived },
  /** From a receive to the delete by the same receipt. */
  { name: 'HoldTime', unit: 'Milliseconds', statistic: 'p99', series: 'sample', ...derived },
];
