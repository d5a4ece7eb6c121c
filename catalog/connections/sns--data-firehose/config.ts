/** Settings of the subscription of a delivery stream to a topic. The topic goes by them. */
import { z } from 'zod';
import { rawMessageDelivery, subscriptionSettings } from '#catalog/models/topic-subscription/config.ts';
import type { ConnectionDeclaration } from '#schema/component.ts';

export const config = z.strictObject({ ...subscriptionSettings, rawMessageDelivery });

export type Config = z.infer<typeof config>;

export const declaration: ConnectionDeclaration = {
  from: 'sns',
  to: 'data-firehose',
  port: 'records',
  title: 'Delivery stream subscription',
  config,
  readBy: 'source',
  absent: {
    usage: 'deliveries are billed with the topic',
    price: 'deliveries are billed with the topic',
    metrics: 'counted at the topic, where CloudWatch shows them',
    advice: 'the topic advises on its subscriptions',
    client: 'not a target of records',
  },
};
