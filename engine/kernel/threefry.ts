/**
 * Threefry-2x32 with 13 rounds: a counter-based generator. Two words of counter and two of key in, two random words out;
 * every (key, counter) is an independent draw that needs no state.
 * Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11,
 * https://doi.org/10.1145/2063384.2063405; rotation constants, key parity and known-answer vectors as in Random123,
 * https://github.com/DEShawResearch/random123 (read 2026-11-21). Every input bit reaches every output bit after 8 rounds;
 * 13 is the smallest count Random123 gives test vectors for, and the count its authors found to pass BigCrush in the 2x64 form.
 */

/** Where `threefry2x32` leaves its two words (int32): read them before the next call. One instance per process. */
export const threefryWords = new Int32Array(2);

/** Third key word of the Threefish key schedule, to be computed once per key. */
export function threefryKeyParity(key0: number, key1: number): number {
  return 0x1bd11bda ^ key0 ^ key1;
}

/** Encrypts counter (c0, c1) under key (k0, k1) with `k2` = threefryKeyParity(k0, k1); all words int32 or uint32. */
export function threefry2x32(c0: number, c1: number, k0: number, k1: number, k2: number): void {
  let x = (c0 + k0) | 0;
  let y = (c1 + k1) | 0;
  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + k1) | 0;
  y = (y + k2 + 1) | 0;
  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0;
  y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0;
  y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0;
  y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + k2) | 0;
  y = (y + k0 + 2) | 0;
  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + k0) | 0;
  y = (y + k1 + 3) | 0;
  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  threefryWords[0] = x;
  threefryWords[1] = y;
}
