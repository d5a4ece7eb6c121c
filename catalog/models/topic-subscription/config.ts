/** Settings of a topic's subscription, whoever subscribes: what passes its filter, and where undelivered messages go. */
import { z } from 'zod';
import { field } from '#schema/field.ts';

const read = '2026-11-21';
const guide = 'https://docs.aws.amazon.com/sns/latest/dg/';
const filtering = { url: `${guide}sns-message-filtering.html`, read } as const;
const rawDelivery = { url: `${guide}sns-large-payload-raw-message-delivery.html`, read } as const;
const deadLetters = { url: `${guide}sns-dead-letter-queues.html`, read } as const;

export const subscriptionSettings = {
  filterPassRatio: field(z.number().min(0).max(1).default(1), {
    label: 'Share that passes the filter',
    unit: 'ratio',
    help: 'Share of messages that the filter policy lets pass, drawn for each message; copies of one message fare alike. 1: no filter.',
    kind: 'choice',
    share: 'goesOn',
    affects: ['behavior', 'stack'],
  }),
  filterPolicyScope: field(z.enum(['MessageAttributes', 'MessageBody']).default('MessageAttributes'), {
    label: 'Filter policy scope',
    unit: '',
    help: 'What the filter reads. A filter on the body is billed by the bytes it reads.',
    kind: 'documented',
    source: filtering,
    affects: ['behavior', 'stack'],
  }),
  redrive: field(z.boolean().default(true), {
    label: 'Use the dead-letter queue',
    unit: '',
    help: 'RedrivePolicy: what cannot be delivered goes to the queue linked to the topic; without one, or switched off, it is lost.',
    kind: 'documented',
    source: deadLetters,
    affects: ['behavior', 'stack'],
  }),
};

/** For subscribers that can take the message without its envelope. */
export const rawMessageDelivery = field(z.boolean().default(false), {
  label: 'Raw message delivery',
  unit: '',
  help: 'Deliver the message as it was published, without the JSON envelope around it.',
  kind: 'documented',
  source: rawDelivery,
  affects: ['behavior', 'stack'],
});
