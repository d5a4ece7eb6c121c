import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'sqs--lambda/timeout-above-visibility': ({ timeout, visibility }) =>
    `the function's timeout (${timeout} s) must not exceed the queue's visibility timeout (${visibility} s): AWS refuses the mapping; six times the timeout is advised`,
  'sqs--lambda/window-on-fifo': ({ window }) => `a FIFO queue takes no batch window, got ${window} s; set it to 0`,
  'sqs--lambda/batch-on-fifo': ({ batchSize }) => `a FIFO queue takes batches of at most 10, got ${batchSize}`,
  'sqs--lambda/window-missing': ({ batchSize }) =>
    `a batch size above 10 (${batchSize}) needs a batch window of at least 1 s`,
  'sqs--lambda/pollers-reversed': ({ minimum, maximum }) =>
    `minimumPollers (${minimum}) must not exceed maximumPollers (${maximum})`,
  'sqs--lambda/retry-waits-reversed': ({ base, max }) => `retryBaseMs (${base}) must not exceed retryMaxMs (${max})`,
  'sqs--lambda/at-most-concurrency': ({ most }) =>
    `the mapping works on ${most} batches at once, its most, and messages wait`,
  'sqs--lambda/below-most-concurrency': ({ most }) => `the mapping is no longer held at ${most} batches at once`,
  'sqs--lambda/throttled-past-visibility': () =>
    'messages stay throttled past their visibility timeout: they return to the queue and their receive count grows',
  'sqs--lambda/throttled-past-visibility-over': ({ messages: count }) =>
    `messages are no longer throttled past their visibility timeout; ${count} were`,
  'sqs--lambda/visibility-too-short': ({ visibility, timeout, to }) =>
    `The visibility timeout (${visibility} s) is below six times the function's timeout (${timeout} s) plus the batch window. A batch that is throttled or retried may be received again while it is worked on. AWS advises at least ${to} s.`,
  'sqs--lambda/receive-count-too-small': ({ count }) =>
    `Messages go to the dead-letter queue after ${count} receives, and throttled batches count as receives. AWS advises at least 5.`,
  'sqs--lambda/good-messages-repeated': ({ failed }) =>
    `${failed} batches failed because of single messages, and the good messages in them were handled again. Reporting item failures repeats only the bad ones.`,
  'sqs--lambda/concurrency-at-most': ({ most, to }) =>
    `The mapping reached its ${most} concurrent batches. ${to} would let it grow further, if the function's concurrency allows it.`,
};
