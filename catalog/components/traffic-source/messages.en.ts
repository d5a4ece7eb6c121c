import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'traffic-source/buffer-full': ({ limit }) =>
    `the producer already holds ${limit} records that wait for a retry: new records are lost`,
  'traffic-source/buffer-has-room': ({ lost }) => `no record was lost for a minute; ${lost} had been`,
  'traffic-source/records-lost': () =>
    'Records were lost because the producer could not hold more of them while its target refused calls. Give the target more capacity or the producer more room.',
};
