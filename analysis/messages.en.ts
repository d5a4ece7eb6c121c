/** Sentences for what the run itself reports, whatever the component, and for bottlenecks. */
import type { Messages } from '#schema/component.ts';

const FAULT_WORDS: Readonly<Record<string, string>> = {
  outage: 'an outage',
  errorRate: 'errors',
  latencyFactor: 'slow answers',
  throttling: 'reduced capacity',
  trafficSpike: 'a traffic spike',
  hotKey: 'a hot key',
  poisonRecord: 'poison records',
  duplicates: 'duplicates',
};

/** Why records were lost, by the code that the ledger keeps. */
const DROP_REASON_WORDS: Readonly<Record<string, string>> = {
  'aggregate-of-another-lane': 'packed under a key of another lane',
  'attempts-exhausted': 'every attempt failed',
  'dead-letter-refused': 'refused by the dead-letter queue',
  'dead-lettered-while-processed': 'moved to the dead-letter queue while at work',
  'delivery-retries-exhausted': 'every retry of the delivery failed',
  'event-too-old': 'older than the maximum event age',
  'marked-not-processed': 'marked as done by an attempt that then failed',
  'format-conversion-failed': 'did not fit the table of the format conversion',
  'no-subscription': 'no subscription took them',
  'on-failure-refused': 'refused by the on-failure destination',
  'partitioning-failed': 'no partition could take them',
  'processing-failed': 'processing failed',
  'producer-buffer-full': 'the producer’s buffer was full',
  'record-too-large': 'too large for one invocation',
  'record-too-old': 'older than the maximum record age',
  'record-ttl-expired': 'waited too long in the producer library',
  'retries-exhausted': 'every retry failed',
  'send-attempts-exhausted': 'every attempt to send was refused',
  'sent-before': 'removed as sent before',
};

/** The words of a reason to drop records; a reason without words with its hyphens as spaces. */
export function dropReasonText(reason: string): string {
  return Object.hasOwn(DROP_REASON_WORDS, reason) ? (DROP_REASON_WORDS[reason] ?? reason) : reason.replaceAll('-', ' ');
}

export const runMessages: Messages = {
  'fault/begins': ({ kind, id }) => `your fault “${id}” begins: ${FAULT_WORDS[String(kind)] ?? kind}`,
  'fault/ends': ({ kind, id }) => `your fault “${id}” ends: ${FAULT_WORDS[String(kind)] ?? kind}`,
  'log/entries-dropped': () => 'the event log was longer than what is kept; entries of frequent kinds were left out',
  'fidelity/auto-runs-exact': () => 'every record was simulated by itself: nothing was aggregated',
  'bottleneck/refused': ({ name, capacity, refused }) =>
    `${name}: the limit of ${capacity} was reached and ${refused} attempts were refused`,
  'bottleneck/near': ({ name, ratio, capacity }) => `${name}: ${ratio} of ${capacity} in use, on average`,
  'remedy/patch': ({ path, from, to }) => `it moves with ${path} ${from} -> ${to}`,
  'remedy/patch-more': ({ path, from, to }) => `${path} ${from} -> ${to}`,
  'remedy/advice': () => 'the advice says what helps',
  'remedy/setting': ({ path }) => `it moves with ${path}`,
  'remedy/raisable': () => 'AWS raises this quota on request, or send less',
  'remedy/fixed': () => 'it moves with fewer or smaller requests, or with more of what has the limit',
};
