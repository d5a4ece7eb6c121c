/**
 * A size-or-time buffer with sizes. Records come as a Poisson process of rate l, their sizes are exponential with mean m; a flush
 * happens at B bytes or W after the first record. K, the records needed beyond the first, is Poisson(B / m): sizes are a Poisson
 * process along the bytes. A, the records that come within W, is Poisson(l W). So a flush is for its size with P(K <= A), holds
 * 1 + min(A, K) records in the mean, and without a window B + m bytes (the overshoot of an exponential size is exponential).
 */
import { describe, it } from 'vitest';
import { ParcelStore } from '#engine/flow/parcels.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { SizeOrTimeBuffer } from '#engine/stations/size-or-time-buffer.ts';
import { checkMeans, columnsOf } from '#test/harness/claims.ts';

const SECOND_US = 1_000_000;
const [perSecond, meanBytes, maxBytes] = [200, 10_000, 120_000];
const records = 150_000;

/** P(X = k), k = 0..60, X Poisson; beyond that nothing is left for the means used here. */
function poisson(mean: number): number[] {
  const p = [Math.exp(-mean)];
  for (let k = 1; k <= 60; k++) p.push(((p[k - 1] ?? 0) * mean) / k);
  return p;
}

/** P(X >= n). */
function tail(p: readonly number[], n: number): number {
  return p.slice(n).reduce((sum, q) => sum + q, 0);
}

function measure(seed: number, windowSeconds: number): Record<string, number> {
  const kernel = new Kernel();
  const store = new ParcelStore();
  const draw = new DrawStream(seed, 'buffer', 'records');
  let flushes = 0;
  let forSize = 0;
  let bytes = 0;
  const limits = { maxRecords: Number.POSITIVE_INFINITY, maxBytes, maxWaitUs: windowSeconds * SECOND_US };
  const buffer = new SizeOrTimeBuffer(kernel, store, limits, (flushed, reason) => {
    flushes += 1;
    if (reason === 'size') forSize += 1;
    bytes += flushed.bytes;
    while (flushed.length > 0) store.release(flushed.shift());
  });
  let seconds = 0;
  for (let i = 0; i < records; i++) {
    seconds -= Math.log(draw.uniformPair(i, 0)) / perSecond;
    kernel.run(Math.round(seconds * SECOND_US));
    const p = store.allocate();
    store.records[p] = 1;
    store.bytes[p] = -Math.log(draw.uniformPair(i, 1)) * meanBytes;
    buffer.add(p);
  }
  return { recordsPerFlush: records / flushes, sizeRatio: forSize / flushes, bytesPerFlush: bytes / flushes };
}

describe('SizeOrTimeBuffer', () => {
  it('flushes B + m bytes and 1 + B / m records when only bytes count', (context) => {
    const columns = columnsOf(10, (seed) => measure(seed, Number.POSITIVE_INFINITY));
    const expected = { bytesPerFlush: maxBytes + meanBytes, recordsPerFlush: 1 + maxBytes / meanBytes };
    checkMeans(context, columns, expected, 0.01);
  });

  it('flushes for bytes or for time as two Poisson counts race', (context) => {
    const windowSeconds = 0.06;
    const needed = poisson(maxBytes / meanBytes);
    const coming = poisson(perSecond * windowSeconds);
    const sizeRatio = needed.reduce((sum, p, k) => sum + p * tail(coming, k), 0);
    let further = 0;
    for (let n = 1; n <= 60; n++) further += tail(needed, n) * tail(coming, n);
    const columns = columnsOf(10, (seed) => measure(seed, windowSeconds));
    checkMeans(context, columns, { sizeRatio, recordsPerFlush: 1 + further }, 0.02);
  });
});
