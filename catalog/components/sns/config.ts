/** Settings of an Amazon SNS standard topic, under AWS's own names. */
import { z } from 'zod';
import type { ComponentDeclaration } from '#schema/component.ts';
import { field } from '#schema/field.ts';

const read = '2026-11-21';
const guide = 'https://docs.aws.amazon.com/sns/latest/dg/';
const quotas = { url: 'https://docs.aws.amazon.com/general/latest/gr/sns.html', read } as const;
const largeMessages = { url: `${guide}large-message-payloads.md`, read } as const;
const retries = { url: `${guide}sns-message-delivery-retries.html`, read } as const;
const formats = { url: `${guide}sns-message-and-json-formats.html`, read } as const;

/**
 * Messages an account may publish in a second, by Publish and PublishBatch together. `byDefault` is that of us-east-1; 9,000 in
 * us-west-2 and eu-west-1, 1,500 in us-east-2 and seven others, 300 elsewhere. Read 2026-11-21: general/latest/gr/sns.html.
 */
export const publishQuota = { id: 'sns/messages-published-per-second', byDefault: 30_000, source: quotas.url } as const;

/** Messages of one PublishBatch. Read 2026-11-21: general/latest/gr/sns.html. */
export const batchMessages = 10;

/** Each started 64 KB of published payload is one request. Read 2026-11-21: https://aws.amazon.com/sns/pricing/ */
export const requestChunkBytes = 65_536;

const SECOND_US = 1_000_000;

/**
 * Deliveries to AWS's own endpoints: 3 retries at once, 2 after a second each, 10 with waits from 1 to 20 s, 100,000 after 20 s each,
 * 23 days in all. Refusals by a Firehose limit are treated like endpoints of customers: 2 after 10 s each, 10 with waits from 10 to
 * 600 s, 38 after 600 s each, 6 hours in all. Read 2026-11-21: sns-message-delivery-retries.html.
 */
export const deliveryPolicies = {
  managed: [
    { retries: 3, growth: 'linear', firstWaitUs: 0, lastWaitUs: 0 },
    { retries: 2, growth: 'linear', firstWaitUs: SECOND_US, lastWaitUs: SECOND_US },
    { retries: 10, growth: 'exponential', firstWaitUs: SECOND_US, lastWaitUs: 20 * SECOND_US },
    { retries: 100_000, growth: 'linear', firstWaitUs: 20 * SECOND_US, lastWaitUs: 20 * SECOND_US },
  ],
  throttledDeliveryStream: [
    { retries: 2, growth: 'linear', firstWaitUs: 10 * SECOND_US, lastWaitUs: 10 * SECOND_US },
    { retries: 10, growth: 'exponential', firstWaitUs: 10 * SECOND_US, lastWaitUs: 600 * SECOND_US },
    { retries: 38, growth: 'linear', firstWaitUs: 600 * SECOND_US, lastWaitUs: 600 * SECOND_US },
  ],
} as const;

export const config = z.strictObject({
  maximumMessageSizeBytes: field(z.int().min(1024).max(1_048_576).default(262_144), {
    label: 'Largest message',
    unit: 'bytes',
    help: 'MaximumMessageSize, 1 KiB to 1 MiB; a larger message, or batch, is refused as invalid.',
    kind: 'documented',
    source: largeMessages,
    affects: ['behavior', 'stack'],
  }),
  publishLatencyMs: field(z.number().min(0).max(60_000).default(20), {
    label: 'Publish latency',
    unit: 'ms',
    help: 'Mean round trip of Publish. Assumption: AWS publishes none; 10 to 30 ms are usual in one Region.',
    kind: 'guess',
    source: { ...quotas, note: 'Assumption: no figure is published' },
    affects: ['behavior'],
    advanced: true,
  }),
  deliveryLatencyMs: field(z.number().min(0).max(60_000).default(30), {
    label: 'Delivery latency',
    unit: 'ms',
    help: 'Time from the publish to the first attempt at each subscription. Assumption: AWS speaks of milliseconds; below 100 ms from publish to queue or function.',
    kind: 'guess',
    source: { ...retries, note: 'Assumption: no figure is published' },
    affects: ['behavior'],
    advanced: true,
  }),
  envelopeBytes: field(z.int().min(0).max(10_000).default(900), {
    label: 'Envelope of a notification',
    unit: 'bytes',
    help: 'JSON around a message where delivery is not raw: ids, topic, time, signature, addresses. Assumption: counted in AWS’s example, with a signature of 344 characters.',
    kind: 'guess',
    source: { ...formats, note: 'Assumption: depends on the length of names' },
    affects: ['behavior'],
    advanced: true,
  }),
  retryJitterRatio: field(z.number().min(0).max(1).default(0.2), {
    label: 'Jitter of retries',
    unit: 'ratio',
    help: 'Each wait between deliveries is spread evenly by this share to both sides. Assumption: AWS says that jitter is applied, not how much.',
    kind: 'guess',
    source: { ...retries, note: 'Assumption: the amount is not documented' },
    affects: ['behavior'],
    advanced: true,
  }),
});

export type Config = z.infer<typeof config>;

export const declaration: ComponentDeclaration = {
  type: 'sns',
  title: 'Amazon SNS',
  category: 'Streams and queues',
  summary: 'A topic: every message published goes to each subscription whose filter it passes.',
  config,
  ports: [
    {
      id: 'messages',
      label: 'Messages',
      direction: 'in',
      kind: 'data',
      protocols: ['sns-publish'],
      entity: 'message',
      min: 0,
      max: 1000,
    },
    {
      id: 'subscriptions',
      label: 'Subscriptions',
      direction: 'out',
      kind: 'data',
      protocols: ['sqs-send', 'lambda-invoke', 'firehose-put'],
      entity: 'notification',
      min: 1,
      max: 29,
    },
    {
      id: 'dead-letter',
      label: 'Dead-letter queue',
      direction: 'out',
      kind: 'data',
      protocols: ['sqs-send'],
      entity: 'message',
      min: 0,
      max: 1,
      onFailure: true,
    },
  ],
  face: { kind: 'bar', fill: 'NotificationsWaiting' },
  calibrated: 'none: not compared with a measured topic',
  absent: {},
  drawio: 'shape=mxgraph.aws4.sns',
  awsIcon: 'architecture-service/AmazonSimpleNotificationService',
  quotas: [publishQuota.id],
};
