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

export const runMessages: Messages = {
  'fault/begins': ({ kind, id }) => `fault ${id} begins: ${FAULT_WORDS[String(kind)] ?? kind}`,
  'fault/ends': ({ kind, id }) => `fault ${id} ends: ${FAULT_WORDS[String(kind)] ?? kind}`,
  'log/entries-dropped': () => 'the event log was longer than what is kept; entries of frequent kinds were left out',
  'fidelity/auto-runs-exact': () => 'every record was simulated by itself: nothing was aggregated',
  'bottleneck/refused': ({ name, capacity, refused }) =>
    `${name}: the limit of ${capacity} was reached and ${refused} attempts were refused`,
  'bottleneck/near': ({ name, ratio, capacity }) => `${name}: ${ratio} of ${capacity} in use, on average`,
  'remedy/patch': ({ changes }) => `it moves with ${changes}`,
  'remedy/advice': () => 'the advice says what helps',
  'remedy/setting': ({ path }) => `it moves with ${path}`,
  'remedy/raisable': () => 'AWS raises this quota on request, or send less',
  'remedy/fixed': () => 'it moves with fewer or smaller requests, or with more of what has this limit',
};
