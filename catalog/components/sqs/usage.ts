import type { UsageDeclaration } from '#schema/component.ts';

/**
 * Every API action is one request for each started 64 KiB of its payload; empty receives, deletes and visibility changes
 * count. Source: https://aws.amazon.com/sqs/pricing/ (read 2026-11-21).
 */
export const usage: readonly UsageDeclaration[] = [
  {
    id: 'requests',
    label: 'API requests',
    unit: 'request',
    scalesWith: 'load',
    measured: 'CloudWatch counts messages, and a billed call holds up to ten of them',
  },
];
