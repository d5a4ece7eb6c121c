import type { Messages } from '#schema/component.ts';

/** TODO: the sentence of every code in behavior.ts, config.ts and advice.ts. */
export const messages: Messages = {
  '__type__/busy': ({ waiting }) => `It was busy all the time; up to ${waiting} records waited.`,
};
