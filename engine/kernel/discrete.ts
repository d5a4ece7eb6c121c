import type { DrawStream } from './draws.ts';
import { invariant } from './invariant.ts';
import { logBinomialPmf, logFactorial, logHypergeometricPmf, logOnePlus, logPoissonPmf } from './log-gamma.ts';

/**
 * Counts drawn by counter: poisson, binomial, hypergeometric, multinomial. Draw number `index` of a stream uses the pairs
 * (index, firstDraw), (index, firstDraw + 1), ...: a rejected attempt costs two; more than 64 has probability below 1e-20.
 * Small means are inverted (one draw, rising in it); large ones use rejection, exact up to rounding of the probability
 * (about 1e-13; 1e-6 for hypergeometric). No allocation.
 */

/** Below this mean the sequential search of the inverse is the faster. */
const INVERSION_MEAN = 10;
/** Halving up to this many by counting random bits: four blocks at most. */
const POPCOUNT_LIMIT = 256;
/** Draws set aside for each split of a multinomial. */
const MULTINOMIAL_STRIDE = 64;
/** Up to this many factors a product is faster than logarithms. */
const PRODUCT_LIMIT = 24;
/** Populations up to this keep 7 decimals in the logarithms of their factorials. */
const FACTORIAL_LIMIT = 100_000_000;
/** 2 sqrt(2 / e) and 3 - 2 sqrt(3 / e): the ratio-of-uniforms table mountain. */
const RATIO_WIDTH = 1.7155277699214135;
const RATIO_OFFSET = 0.8989161620588988;

/**
 * Poisson count of the given mean (any finite value >= 0).
 * Large means: W. Hoermann, "The transformed rejection method for generating Poisson random variables", Insurance:
 * Mathematics and Economics 12 (1993) 39-45 (PTRS), https://doi.org/10.1016/0167-6687(93)90997-4.
 */
export function poisson(stream: DrawStream, index: number, mean: number, firstDraw = 0): number {
  invariant(mean >= 0 && mean < Number.MAX_SAFE_INTEGER, 'the mean of a Poisson count is finite and >= 0');
  if (mean === 0) return 0;
  if (mean < INVERSION_MEAN) {
    let rest = stream.uniformPair(index, firstDraw);
    let probability = Math.exp(-mean);
    let count = 0;
    while (rest > probability && probability > 0) {
      rest -= probability;
      count += 1;
      probability *= mean / count;
    }
    return count;
  }
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const surelyBelow = 0.9277 - 3.6224 / (b - 2);
  for (let draw = firstDraw; ; draw += 2) {
    const u = stream.uniformPair(index, draw) - 0.5;
    const v = stream.uniformPair(index, draw + 1);
    const edge = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / edge + b) * u + mean + 0.43);
    if (edge >= 0.07 && v <= surelyBelow) return count;
    if (count < 0 || (edge < 0.013 && v > edge)) continue;
    if (Math.log((v * inverseAlpha) / (a / (edge * edge) + b)) <= logPoissonPmf(count, mean)) return count;
  }
}

/**
 * Successes in n trials (whole, 0..2^53 - 1) of probability p (0..1).
 * Large n p: W. Hoermann, "The generation of binomial random variates", J. Stat. Comput. Simul. 46 (1993) 101-110 (BTRS),
 * https://doi.org/10.1080/00949659308811496. Halving (p = 1/2) of up to 256 counts random bits.
 */
export function binomial(stream: DrawStream, index: number, n: number, p: number, firstDraw = 0): number {
  invariant(n >= 0 && p >= 0 && p <= 1, 'a binomial count needs n >= 0 and p in 0..1');
  if (n === 0 || p === 0) return 0;
  if (p === 1) return n;
  if (p > 0.5) return n - binomial(stream, index, n, 1 - p, firstDraw);
  if (p === 0.5 && n <= POPCOUNT_LIMIT) return binomialHalf(stream, index, n, firstDraw);
  if (n * p < INVERSION_MEAN) return binomialByInversion(stream.uniformPair(index, firstDraw), n, p);
  const mode = Math.floor((n + 1) * p);
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const c = n * p + 0.5;
  const surelyBelow = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  for (let draw = firstDraw; ; draw += 2) {
    const u = stream.uniformPair(index, draw) - 0.5;
    const v = stream.uniformPair(index, draw + 1);
    const edge = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / edge + b) * u + c);
    if (count < 0 || count > n) continue;
    if (edge >= 0.07 && v <= surelyBelow) return count;
    const height = Math.log((v * alpha) / (a / (edge * edge) + b));
    if (height <= logBinomialPmf(count, n, p) - logBinomialPmf(mode, n, p)) return count;
  }
}

function binomialHalf(stream: DrawStream, index: number, n: number, firstDraw: number): number {
  let count = 0;
  let draw = firstDraw;
  for (let left = n; left > 0; left -= 64) {
    const first = stream.bitsPair(index, draw);
    const second = stream.spare;
    draw += 1;
    count += bitCount(left >= 32 ? first : first >>> (32 - left));
    if (left > 32) count += bitCount(left >= 64 ? second : second >>> (64 - left));
  }
  return count;
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function binomialByInversion(u: number, n: number, p: number): number {
  const odds = p / (1 - p);
  let rest = u;
  let probability = Math.exp(n * logOnePlus(-p));
  let count = 0;
  while (rest > probability && count < n && probability > 0) {
    rest -= probability;
    count += 1;
    probability *= (odds * (n - count + 1)) / count;
  }
  return count;
}

/**
 * Good ones among `draws` taken without replacement out of `good` + `bad` (all whole, >= 0; draws <= good + bad).
 * Large means: ratio of uniforms, E. Stadlober, "The ratio of uniforms approach for generating discrete random variates",
 * J. Comput. Appl. Math. 31 (1990) 181-189 (HRUA), https://doi.org/10.1016/0377-0427(90)90349-5.
 */
export function hypergeometric(
  stream: DrawStream,
  index: number,
  good: number,
  bad: number,
  draws: number,
  firstDraw = 0,
): number {
  const population = good + bad;
  invariant(good >= 0 && bad >= 0 && draws >= 0 && draws <= population, 'a draw takes 0..good + bad');
  if (draws === 0 || good === 0) return 0;
  if (bad === 0) return draws;
  if (draws === population) return good;
  // By symmetry: fewer good than bad, at most half drawn.
  const few = Math.min(good, bad);
  const taken = Math.min(draws, population - draws);
  let count =
    (taken * few) / population < INVERSION_MEAN
      ? hypergeometricByInversion(stream.uniformPair(index, firstDraw), few, population - few, taken)
      : hypergeometricByRatio(stream, index, few, population - few, taken, firstDraw);
  if (good > bad) count = taken - count;
  return taken < draws ? good - count : count;
}

function hypergeometricByInversion(u: number, good: number, bad: number, draws: number): number {
  const most = Math.min(good, draws);
  let rest = u;
  let probability = noneGood(good, bad, draws);
  let count = 0;
  while (rest > probability && count < most && probability > 0) {
    rest -= probability;
    probability *= ((good - count) / (count + 1)) * ((draws - count) / (bad - draws + count + 1));
    count += 1;
  }
  return count;
}

/** P(no good one): a product of as many factors as there are good ones or draws, whichever are fewer. */
function noneGood(good: number, bad: number, draws: number): number {
  const factors = Math.min(good, draws);
  if (factors > PRODUCT_LIMIT) return Math.exp(logHypergeometricPmf(0, good, bad, draws));
  const population = good + bad;
  const left = population - Math.max(good, draws);
  let probability = 1;
  for (let i = 0; i < factors; i += 1) probability *= (left - i) / (population - i);
  return probability;
}

/** log of the probability of `count` but for a constant: four factorials where their size leaves digits enough. */
function logWeight(count: number, good: number, bad: number, draws: number): number {
  if (good + bad > FACTORIAL_LIMIT) return logHypergeometricPmf(count, good, bad, draws);
  const taken = logFactorial(count) + logFactorial(good - count);
  return -taken - logFactorial(draws - count) - logFactorial(bad - draws + count);
}

function hypergeometricByRatio(
  stream: DrawStream,
  index: number,
  good: number,
  bad: number,
  draws: number,
  firstDraw: number,
): number {
  const population = good + bad;
  const share = good / population;
  const centre = draws * share + 0.5;
  const spread = Math.sqrt(((population - draws) / (population - 1)) * draws * share * (1 - share) + 0.5);
  const width = RATIO_WIDTH * spread + RATIO_OFFSET;
  const mode = Math.floor((draws + 1) * ((good + 1) / (population + 2)));
  const atMode = logWeight(mode, good, bad, draws);
  const end = Math.min(Math.min(draws, good) + 1, Math.floor(centre + 16 * spread));
  for (let draw = firstDraw; ; draw += 2) {
    const u = stream.uniformPair(index, draw);
    const v = stream.uniformPair(index, draw + 1);
    const position = centre + (width * (v - 0.5)) / u;
    if (position < 0 || position >= end) continue;
    const count = Math.floor(position);
    const height = logWeight(count, good, bad, draws) - atMode;
    if (u * (4 - u) - 3 <= height) return count;
    if (u * (u - height) >= 1) continue;
    if (2 * Math.log(u) <= height) return count;
  }
}

/**
 * Splits n (whole, >= 0) over categories with the given weights (>= 0, one at least > 0) into `out` (same length), by halving the
 * list of categories: about min(n, categories) log2(categories) binomial draws. A category of weight 0 gets 0.
 */
export function multinomial(
  stream: DrawStream,
  index: number,
  n: number,
  weights: Float64Array,
  out: Float64Array,
): void {
  const length = weights.length;
  invariant(out.length === length && length > 0, 'a multinomial split needs one output per weight');
  let sum = 0;
  for (let i = length - 1; i >= 0; i -= 1) {
    sum += weights[i];
    out[i] = sum;
  }
  invariant(sum > 0 && Number.isFinite(sum), 'the weights of a multinomial split have a positive sum');
  split(stream, index, n, out, 0, length, 1);
}

/** `out` holds sums of the weights from each place to the end; places before `from` already hold counts. */
function split(
  stream: DrawStream,
  index: number,
  n: number,
  out: Float64Array,
  from: number,
  to: number,
  branch: number,
): void {
  if (n === 0) {
    out.fill(0, from, to);
    return;
  }
  if (to - from === 1) {
    out[from] = n;
    return;
  }
  const middle = (from + to) >> 1;
  const beyond = to === out.length ? 0 : out[to];
  const left = (out[from] - out[middle]) / (out[from] - beyond);
  const count = binomial(stream, index, n, left, branch * MULTINOMIAL_STRIDE);
  split(stream, index, count, out, from, middle, 2 * branch);
  split(stream, index, n - count, out, middle, to, 2 * branch + 1);
}
