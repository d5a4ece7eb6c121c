/** Sizes of a node card, in canvas units. */
export const cardSize = { width: 148, height: 112 } as const;

/** The throughput curve beside the icon. */
export const sparkSize = { width: 80, height: 28 } as const;
