/** The pure rules of emission: how many records, which output, which identity. */
import type { OutputBinding } from '#engine/behavior.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';

const TWO_32 = 4_294_967_296;
const TWO_50 = 1_125_899_906_842_624;

/**
 * Records that leave for one that came: the whole part of `selectivity` and one more with the probability of the rest.
 * Drawn by the record's identity, so that a duplicate is treated as its original was.
 */
export function outputCount(selectivity: number, draw: DrawStream, entity: number): number {
  const whole = Math.floor(selectivity);
  const rest = selectivity - whole;
  return rest > 0 && draw.uniform(entity) < rest ? whole + 1 : whole;
}

/**
 * Identity of record `j` (0, 1, ...) derived from another: the same for every attempt, 2^50 or more, where no original lies.
 * Mixed so that identities stay apart over any number of generations: two of them are equal with probability 2^-52.
 */
export function derivedEntity(entity: number, j: number): number {
  let a = Math.imul((entity | 0) ^ Math.imul(j + 1, 0x9e3779b1), 0x85ebca6b);
  let b = Math.imul(Math.floor(entity / TWO_32) ^ (a >>> 15), 0xc2b2ae35);
  a = Math.imul(a ^ (a >>> 13) ^ b, 0x27d4eb2f);
  b = Math.imul(b ^ (b >>> 16) ^ (a >>> 11), 0x165667b1);
  a ^= a >>> 15;
  b ^= b >>> 13;
  return TWO_50 + (b >>> 12) * TWO_32 + (a >>> 0);
}

/** Index of the weighted output that a record takes; -1 when no output has a weight. */
export function chooseOutput(
  outputs: readonly OutputBinding[],
  totalWeight: number,
  draw: DrawStream,
  entity: number,
): number {
  if (totalWeight <= 0) return -1;
  let rest = draw.uniform(entity) * totalWeight;
  let last = -1;
  for (let k = 0; k < outputs.length; k++) {
    const weight = outputs[k]!.emit.weight;
    if (weight === undefined) continue;
    last = k;
    rest -= weight;
    if (rest < 0) return k;
  }
  return last;
}
