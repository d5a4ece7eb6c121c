/** Settings of the subscription of a queue to a topic. The topic goes by them. */
import { z } from 'zod';
import { rawMessageDelivery, subscriptionSettings } from '#catalog/models/topic-subscription/config.ts';
import type { CheckFinding, ConnectionCheckContext, ConnectionDeclaration } from '#schema/component.ts';

export const config = z.strictObject({ ...subscriptionSettings, rawMessageDelivery });

export type Config = z.infer<typeof config>;

export const declaration: ConnectionDeclaration = {
  from: 'sns',
  to: 'sqs',
  port: 'messages',
  title: 'Queue subscription',
  config,
  readBy: 'source',
  absent: {
    usage: 'deliveries are billed with the topic',
    price: 'deliveries are billed with the topic',
    metrics: 'counted at the topic, where CloudWatch shows them',
    advice: 'the topic advises on its subscriptions',
    client: 'not a target of records',
  },
  check,
};

/** A standard topic cannot deliver to a FIFO queue. https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html (2026-11-21). */
function check({ target }: ConnectionCheckContext): readonly CheckFinding[] {
  if (target['fifoQueue'] !== true) return [];
  return [{ code: 'sns--sqs/fifo-queue', path: '', received: true, params: {} }];
}
