import type { UsageDeclaration } from '#schema/component.ts';

/** Polls and deletes are billed with the queue, invocations with the function. https://aws.amazon.com/lambda/pricing/ (read 2026-11-21). */
export const usage: readonly UsageDeclaration[] = [
  {
    id: 'eventPollerUnitHours',
    label: 'Event poller units',
    unit: 'EPU-hour',
    scalesWith: 'time',
    measured: 'the deployed mapping publishes no metrics of its own',
  },
];
