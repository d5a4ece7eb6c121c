/** The document tag of every stack in these tests. */
export const DOCUMENT = 'walking-skeleton';
