/** Task of a pool that does nothing but use a core: how far the cores themselves carry, whatever shares them. */
export function run(turns: number): number {
  let state = 2_463_534_242 | 0;
  let sum = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    sum += Math.sqrt(state >>> 0);
  }
  return sum;
}
