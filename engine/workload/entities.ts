/** Identities a one-second cell sets aside: `firstOrdinal(cell) + index` names a record for good. */
export const ENTITIES_PER_CELL = 2_097_152;
