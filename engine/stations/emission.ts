/** The pure rules of emission: how many records, which output, which identity. */
import type { OutputBinding } from '../behavior.ts';
import type { DrawStream } from '../kernel/draws.ts';

const TWO_40 = 1_099_511_627_776;
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

/** Identity of record `j` (0..1023) derived from another; unique as long as originals have fewer than 2^40 identities. */
export function derivedEntity(entity: number, j: number): number {
  return TWO_50 + (entity % TWO_40) * 1024 + Math.min(1023, j);
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

/** Longest wait before retry number `attempt` (1, 2, ...): base doubled each time, at most `max`. Same unit as given. */
export function backoffCap(base: number, max: number, attempt: number): number {
  let cap = base;
  for (let i = 1; i < attempt && cap < max; i++) cap *= 2;
  return Math.min(cap, max);
}
