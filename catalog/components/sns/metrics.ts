import type { MetricDeclaration } from '#schema/component.ts';

const source = {
  url: 'https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html',
  read: '2026-11-21',
} as const;
const aws = {
  namespace: 'AWS/SNS',
  dimensions: [{ name: 'TopicName', from: 'AWS::SNS::Topic' }],
  source,
} as const;
const derived = { namespace: 'Caudal', derived: true, source } as const;
const sum = { unit: 'Count', statistic: 'Sum', series: 'counter' } as const;

export const metrics: readonly MetricDeclaration[] = [
  { name: 'NumberOfMessagesPublished', ...sum, ...aws },
  { name: 'PublishSize', unit: 'Bytes', statistic: 'Average', series: 'sample', ...aws },
  { name: 'NumberOfNotificationsDelivered', ...sum, ...aws },
  /** Deliveries given up after their last attempt, not attempts. */
  { name: 'NumberOfNotificationsFailed', ...sum, ...aws },
  { name: 'NumberOfNotificationsFilteredOut', ...sum, ...aws },
  { name: 'NumberOfNotificationsFilteredOut-MessageBody', ...sum, ...aws },
  { name: 'NumberOfNotificationsFilteredOut-MessageAttributes', ...sum, ...aws },
  { name: 'NumberOfNotificationsRedrivenToDlq', ...sum, ...aws },
  { name: 'NumberOfNotificationsFailedToRedriveToDlq', ...sum, ...aws },
  /** Notifications that wait for their delivery or for another attempt. */
  { name: 'NotificationsWaiting', unit: 'Count', statistic: 'Maximum', series: 'gauge', ...derived },
  /** Attempts that were refused or failed and are repeated. */
  { name: 'DeliveryRetries', ...sum, ...derived },
  /** From the publish to the attempt that succeeded; delivery status logs call it dwellTimeMs. */
  { name: 'DwellTime', unit: 'Milliseconds', statistic: 'p99', series: 'sample', ...derived },
];
