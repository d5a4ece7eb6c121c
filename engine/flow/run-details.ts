/** What a run does not carry about its records. */
export interface RunDetails {
  /** Key of a record, one of those at positions `from` <= x < `to` of the ring; `eventUs`: when it was created. */
  keyWithin(load: number, entity: number, eventUs: number, from: number, to: number): number;
  /** Whether keys of records of the load are drawn alike from the one moment to the other. */
  haveSameKeys(load: number, fromUs: number, untilUs: number): boolean;
  /** Mean number of begun `unitBytes` of a record of the load, sizes scaled to the mean `meanBytes`. */
  meanCeil(load: number, meanBytes: number, unitBytes: number): number;
  /** Standard deviation over mean of the sizes of a load; 0 for identities that are not its own. */
  variation(load: number, entity: number): number;
  /** Bytes of a record of the load as its workload drew them, or the mean of the run for identities that are not its own. */
  bytesOf(load: number, entity: number, meanBytes: number): number;
}

/** Details for flows without workloads: keys and sizes as the run has them. */
export const noDetails: RunDetails = {
  keyWithin: () => -1,
  haveSameKeys: () => true,
  meanCeil: (_load, meanBytes, unitBytes) => Math.ceil(meanBytes / unitBytes),
  variation: () => 0,
  bytesOf: (_load, _entity, meanBytes) => Math.round(meanBytes),
};
