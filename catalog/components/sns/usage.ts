import type { UsageDeclaration } from '#schema/component.ts';

/**
 * Publishes are billed for each started 64 KB of payload of a call, deliveries by protocol: those to queues and functions are free.
 * Filter policies on the body are billed by the bytes they read. Source: https://aws.amazon.com/sns/pricing/ (read 2026-11-21).
 */
export const usage: readonly UsageDeclaration[] = [
  {
    id: 'publishRequests',
    label: 'Publish requests',
    unit: 'request',
    scalesWith: 'load',
    measured: 'CloudWatch counts messages, and a billed call holds up to ten of them',
  },
  {
    id: 'firehoseNotifications',
    label: 'Deliveries to Firehose',
    unit: 'notification',
    scalesWith: 'load',
    measured: 'CloudWatch counts deliveries of all subscriptions together, also those that are free',
  },
  {
    id: 'filteredGigabytes',
    label: 'Payload read by filters',
    unit: 'GB',
    scalesWith: 'load',
    measured: 'CloudWatch does not count what filters read',
  },
];
