/** Which of the processes that share a load a record comes up in. */
const TWO_32 = 4_294_967_296;

/**
 * Number of the process, 0 to `producers` - 1: by a hash of the record's identity (finish of MurmurHash3), as if each were
 * drawn. A plain multiplication would deal consecutive records round in turn, so that each process saw a paced load. O(1).
 */
export function producerOf(entity: number, producers: number): number {
  if (producers === 1) return 0;
  let h = (entity | 0) ^ Math.imul(Math.floor(entity / TWO_32) + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return Math.floor((((h ^ (h >>> 16)) >>> 0) / TWO_32) * producers);
}
