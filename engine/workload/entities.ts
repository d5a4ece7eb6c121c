/** Identities a one-second cell sets aside: `firstOrdinal(cell) + index` names a record for good. */
export const ENTITIES_PER_CELL = 2_097_152;
/**
 * Identities from here on are those of records whose runs were joined: 2^44 of them for each workload, above those of all cells within
 * eight years of time zero.
 */
export const FIRST_JOINED = 1_108_307_720_798_208;
/** Identities from here on, 2^50, are those of records derived from others. */
export const FIRST_DERIVED = 1_125_899_906_842_624;
