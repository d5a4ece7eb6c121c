import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'consumer-application/nothing-linked': () =>
    'nothing reaches this application; link an output, a queue or a stream to it, or remove it',
  'consumer-application/failing': () =>
    'records fail in the application: messages come back, stream records are tried again',
  'consumer-application/failing-ended': ({ records }) => `no record fails any more; ${records} attempts had`,
  'consumer-application/skipped': ({ attempts }) =>
    `stream records are skipped after ${attempts} failed attempts: lost`,
  'consumer-application/skipped-ended': ({ records }) => `${records} stream records were skipped; no more now`,
  'consumer-application/stopped': () => 'the application stops: nothing is taken or answered',
  'consumer-application/resumed': () => 'the application works again',
  'consumer-application/workers-busy': ({ utilisation, workers, to }) =>
    `${Number(workers) === 1 ? 'The worker was' : `The ${workers} workers were`} busy ${utilisation} % of the time; what arrives has to wait. ${to} workers would be busy 70 %.`,
  'consumer-application/workers-saturated': ({ workers, to }) =>
    `${Number(workers) === 1 ? 'The worker was' : `The ${workers} workers were`} busy all the time: more arrives than they can work on. At least ${to} are needed; run again to see whether they are enough.`,
  'consumer-application/duplicates': ({ duplicates, delivered }) =>
    `${Number(duplicates) === 1 ? '1 duplicate was' : `${duplicates} duplicates were`} delivered beside ${delivered} records. Make the work idempotent, or remove duplicates before it.`,
};
