import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'lambda--elasticache/records-lost': () =>
    'records are lost: an attempt marked them as done and then failed, and the retry leaves them out',
  'lambda--elasticache/records-lost-over': ({ count }) =>
    `${count} records were lost because an attempt had marked them and then failed; no more now`,
  'lambda--elasticache/mark-after': ({ lost }) =>
    `${lost} records were marked as done by attempts that then failed, so that their retries left them out: they are lost, and nobody is told. Marking a record after it has been worked on loses none; at worst a duplicate passes while two attempts run at once.`,
  'lambda--elasticache/time-to-live-too-short': ({ missed, ageSeconds, from, to }) =>
    `${missed} duplicates passed, the oldest ${ageSeconds} s old, while a mark is kept for ${from} s. With ${to} s the cache would have known them.`,
  'lambda--elasticache/duplicates-missed': ({ missed, evicted }) =>
    `${missed} duplicates passed although their marks should still have been there: ${evicted} keys were evicted. Give the cache more memory.`,
};
