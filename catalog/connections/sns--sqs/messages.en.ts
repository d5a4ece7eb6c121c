import type { Messages } from '#schema/component.ts';

/** The topic logs what becomes of deliveries. */
export const messages: Messages = {
  'sns--sqs/fifo-queue': () =>
    'a standard topic cannot deliver to a FIFO queue, AWS refuses the subscription; link a standard queue',
};
