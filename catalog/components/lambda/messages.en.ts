import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'lambda/hyperexponential-variation': ({ value }) =>
    `a hyperexponential service time needs a coefficient of variation of at least 1, got ${value}; choose lognormal or gamma below 1`,
  'lambda/provisioned-above-reserved': ({ provisioned, reserved }) =>
    `provisioned concurrency (${provisioned}) must not exceed reserved concurrency (${reserved}); AWS refuses it`,
  'lambda/range-reversed': ({ low, high, from, to }) => `${low} (${from}) must not exceed ${high} (${to})`,
  'lambda/too-much-reserved': () =>
    'reserved and provisioned concurrency leave fewer than 100 unreserved environments in the account: AWS refuses that, the run kept 100',
  'lambda/throttled': ({ limit }) => `invocations are throttled by ${limit}`,
  'lambda/throttling-over': ({ refused, seconds }) =>
    `throttling is over: ${refused} invocations were refused in ${seconds} s`,
  'lambda/timing-out': ({ timeoutSeconds }) => `invocations reach the timeout of ${timeoutSeconds} s and are cut off`,
  'lambda/timeouts-over': ({ count }) => `no more timeouts; ${count} invocations were cut off`,
  'lambda/events-given-up': ({ reason, dropped }) =>
    dropped === undefined
      ? `asynchronous events are given up: ${reason}`
      : `${dropped} asynchronous events were given up after their retries. Link the on-failure port to a queue to keep them, and raise the maximum event age or the concurrency.`,
  'lambda/events-given-up-over': ({ count }) => `no more asynchronous events are given up; ${count} were`,
  'lambda/reserved-too-low': ({ reserved, to, refused }) =>
    `Reserved concurrency of ${reserved} refused ${refused} attempts, among them retries of the same invocations. The load needs more: try at least ${to}.`,
  'lambda/account-concurrency-reached': ({ refused, capacity }) =>
    `${refused} invocations of this and other functions found the account's concurrency of ${capacity} used up or reserved. Ask AWS for a larger quota, or reserve concurrency for the functions that matter.`,
  'lambda/request-rate-refused': ({ refused, capacity }) =>
    `${refused} invocations came above ${capacity} requests per second, 10 for each unit of concurrency. Use larger batches or more concurrency.`,
  'lambda/concurrency-scaling-refused': ({ refused, capacity }) =>
    `${refused} invocations came faster than ${capacity} environments could be added in 10 s. Provisioned concurrency or a smoother start avoids it.`,
  'lambda/timeout-near-duration': ({ timeoutSeconds, p99Ms, timeouts, to }) =>
    `The timeout is ${timeoutSeconds} s, the 99th percentile of the duration ${p99Ms} ms, and ${timeouts} invocations were cut off. A timeout of ${to} s leaves room.`,
  'lambda/many-cold-starts': ({ cold, started, percent, to }) =>
    `${cold} of ${started} invocations (${percent} %) waited for a new environment. Provisioned concurrency of ${to} would keep environments warm, at a price by the hour.`,
};
