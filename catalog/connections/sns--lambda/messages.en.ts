import type { Messages } from '#schema/component.ts';

/** The topic logs what becomes of deliveries. */
export const messages: Messages = {};
