/**
 * What one would write by hand for a line of single exponential servers and nothing else: typed arrays side by side, no event
 * queue but a look at the next times, no parcels, no ports, no settings, no checks. It keeps what a run of Caudal keeps of such a
 * line: histograms, time-weighted averages, series and ledger counts.
 */
import type { LineOfServers, LineResult } from './line-of-servers.ts';
import { BLOCK, ownCustomers, sameCustomers } from './loop-customers.ts';

const SECOND_US = 1_000_000;
/** Places of a waiting room. */
const RING = 1 << 14;

/** Histograms: 512 buckets to the octave from 2^-10 on, zero in the first; the bucket is read off the bits of the float. */
const FIRST_BUCKET = (1023 - 10) * 512;
const BUCKETS = 50 * 512;
const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);

/** Columns of a bin: two of the source, then these of each station. */
const SOURCE_COLUMNS = 2;
const BUSY_AREA = 0;
const BUSY_HIGH = 1;
const QUEUE_AREA = 2;
const QUEUE_HIGH = 3;
const SERVED = 4;
const RESPONSE = 5;
const RESPONSE_HIGH = 6;
const WAITING = 7;
const WAITING_COUNT = 8;
const WAITING_HIGH = 9;
const COLUMNS = 10;

/** State of a station. */
const BUSY = 0;
const BUSY_SINCE = 1;
const BUSY_TOTAL = 2;
const QUEUE_SINCE = 3;
const QUEUE_TOTAL = 4;
const QUEUE_MAX = 5;
const CAME = 6;
const BORN = 7;
const WAITING_SUM = 8;
const WAITING_MAX = 9;
const RESPONSE_SUM = 10;
const RESPONSE_MAX = 11;
const IN = 12;
const OUT = 13;
const BYTES = 14;
const STATE = 16;

/** Runs the line with the same customers as Caudal (`same`) or with a cheap generator of its own (`own`). */
export function runHandWritten(line: LineOfServers, customers: 'same' | 'own'): LineResult {
  const source = customers === 'same' ? sameCustomers(line) : ownCustomers(line);
  const { stations, horizonSeconds, recordBytes } = line;
  const horizonUs = horizonSeconds * SECOND_US;
  const binUs = Math.max(1, Math.ceil(horizonSeconds / 1440)) * SECOND_US;
  const width = SOURCE_COLUMNS + stations * COLUMNS;
  const bins = new Float64Array((Math.ceil(horizonUs / binUs) + 2) * width);
  const states = new Float64Array(stations * STATE);
  const ends = new Float64Array(stations).fill(Number.POSITIVE_INFINITY);
  const waitingBuckets = new Float64Array(stations * BUCKETS);
  const responseBuckets = new Float64Array(stations * BUCKETS);
  const latencyBuckets = new Float64Array(BUCKETS);
  const cameUs = new Float64Array(stations * RING);
  const bornUs = new Float64Array(stations * RING);
  const heads = new Int32Array(stations);
  const lengths = new Int32Array(stations);
  const services = new Float64Array(stations * BLOCK);
  const block = new Float64Array(BLOCK);
  const nextService = new Int32Array(stations).fill(BLOCK);
  const arrivals = new Float64Array(4 * line.customersPerSecond + BLOCK);
  let arrivalCount = source.arrivals(arrivals);
  let nextArrival = 0;
  let created = 0;
  let left = 0;
  let latencySum = 0;
  let latencyMax = 0;
  let row = 0;
  let binEndUs = binUs;

  const start = (k: number, nowUs: number, came: number, born: number): void => {
    let at = nextService[k]!;
    if (at === BLOCK) {
      source.services(k, block);
      services.set(block, k * BLOCK);
      at = 0;
    }
    nextService[k] = at + 1;
    ends[k] = Math.round(nowUs + services[k * BLOCK + at]!);
    const s = k * STATE;
    const c = row + SOURCE_COLUMNS + k * COLUMNS;
    states[s + CAME] = came;
    states[s + BORN] = born;
    const waited = (nowUs - came) / 1000;
    states[s + WAITING_SUM]! += waited;
    if (waited > states[s + WAITING_MAX]!) states[s + WAITING_MAX] = waited;
    bits[0] = waited;
    waitingBuckets[k * BUCKETS + (waited === 0 ? 0 : (words[1]! >>> 11) - FIRST_BUCKET)]! += 1;
    bins[c + WAITING]! += waited;
    bins[c + WAITING_COUNT]! += 1;
    if (waited > bins[c + WAITING_HIGH]!) bins[c + WAITING_HIGH] = waited;
  };

  const setQueue = (k: number, nowUs: number, length: number): void => {
    const s = k * STATE;
    const c = row + SOURCE_COLUMNS + k * COLUMNS;
    const area = lengths[k]! * (nowUs - states[s + QUEUE_SINCE]!);
    states[s + QUEUE_TOTAL]! += area;
    bins[c + QUEUE_AREA]! += area;
    states[s + QUEUE_SINCE] = nowUs;
    lengths[k] = length;
    if (length > states[s + QUEUE_MAX]!) states[s + QUEUE_MAX] = length;
    if (length > bins[c + QUEUE_HIGH]!) bins[c + QUEUE_HIGH] = length;
  };

  const setBusy = (k: number, nowUs: number, percent: number): void => {
    const s = k * STATE;
    const c = row + SOURCE_COLUMNS + k * COLUMNS;
    const area = states[s + BUSY]! * (nowUs - states[s + BUSY_SINCE]!);
    states[s + BUSY_TOTAL]! += area;
    bins[c + BUSY_AREA]! += area;
    states[s + BUSY_SINCE] = nowUs;
    states[s + BUSY] = percent;
    if (percent > bins[c + BUSY_HIGH]!) bins[c + BUSY_HIGH] = percent;
  };

  const arrive = (k: number, nowUs: number, born: number): void => {
    const s = k * STATE;
    states[s + IN]! += 1;
    states[s + BYTES]! += recordBytes;
    if (ends[k] === Number.POSITIVE_INFINITY) {
      start(k, nowUs, nowUs, born);
      setBusy(k, nowUs, 100);
    } else {
      const place = k * RING + ((heads[k]! + lengths[k]!) & (RING - 1));
      cameUs[place] = nowUs;
      bornUs[place] = born;
      setQueue(k, nowUs, lengths[k]! + 1);
    }
  };

  const closeBin = (atUs: number): void => {
    for (let k = 0; k < stations; k += 1) {
      setQueue(k, atUs, lengths[k]!);
      setBusy(k, atUs, states[k * STATE + BUSY]!);
    }
  };

  for (;;) {
    let nowUs = nextArrival < arrivalCount ? arrivals[nextArrival]! : Number.POSITIVE_INFINITY;
    let k = -1;
    for (let other = 0; other < stations; other += 1) {
      if (ends[other]! <= nowUs) {
        nowUs = ends[other]!;
        k = other;
      }
    }
    if (nowUs > horizonUs) break;
    while (nowUs >= binEndUs) {
      closeBin(binEndUs);
      row += width;
      binEndUs += binUs;
      closeBin(binEndUs - binUs);
    }
    if (k < 0) {
      nextArrival += 1;
      if (nextArrival === arrivalCount) {
        arrivalCount = source.arrivals(arrivals);
        nextArrival = 0;
      }
      created += 1;
      bins[row]! += 1;
      bins[row + 1]! += recordBytes;
      arrive(0, nowUs, nowUs);
      continue;
    }
    const s = k * STATE;
    const c = row + SOURCE_COLUMNS + k * COLUMNS;
    const born = states[s + BORN]!;
    const response = (nowUs - states[s + CAME]!) / 1000;
    states[s + OUT]! += 1;
    states[s + RESPONSE_SUM]! += response;
    if (response > states[s + RESPONSE_MAX]!) states[s + RESPONSE_MAX] = response;
    bits[0] = response;
    responseBuckets[k * BUCKETS + (response === 0 ? 0 : (words[1]! >>> 11) - FIRST_BUCKET)]! += 1;
    bins[c + SERVED]! += 1;
    bins[c + RESPONSE]! += response;
    if (response > bins[c + RESPONSE_HIGH]!) bins[c + RESPONSE_HIGH] = response;
    if (lengths[k]! > 0) {
      const place = k * RING + heads[k]!;
      heads[k] = (heads[k]! + 1) & (RING - 1);
      start(k, nowUs, cameUs[place]!, bornUs[place]!);
      setQueue(k, nowUs, lengths[k]! - 1);
    } else {
      ends[k] = Number.POSITIVE_INFINITY;
      setBusy(k, nowUs, 0);
    }
    if (k + 1 < stations) {
      arrive(k + 1, nowUs, born);
      continue;
    }
    left += 1;
    const latency = nowUs - born;
    latencySum += latency;
    if (latency > latencyMax) latencyMax = latency;
    bits[0] = latency;
    latencyBuckets[latency === 0 ? 0 : (words[1]! >>> 11) - FIRST_BUCKET]! += 1;
  }
  closeBin(horizonUs);
  return {
    created,
    left,
    latencyMeanMs: latencySum / left / 1000,
    latencyP99Ms: quantile(latencyBuckets, 0.99, left) / 1000,
    stations: line.stationIds.map((_, k) => {
      const at = (column: number): number => states[k * STATE + column]!;
      const started = at(IN) - lengths[k]!;
      return {
        served: at(OUT),
        waitingMeanMs: at(WAITING_SUM) / started,
        responseMeanMs: at(RESPONSE_SUM) / at(OUT),
        utilisationPercent: at(BUSY_TOTAL) / horizonUs,
        queueLength: at(QUEUE_TOTAL) / horizonUs,
      };
    }),
  };
}

/** Value below which a share of the weight lies. */
function quantile(weights: Float64Array, share: number, total: number): number {
  const target = share * total;
  let below = 0;
  for (let place = 0; place < BUCKETS; place += 1) {
    const weight = weights[place]!;
    if (weight > 0 && below + weight >= target) {
      const lower = edgeOf(place);
      return lower + ((target - below) / weight) * (edgeOf(place + 1) - lower);
    }
    below += weight;
  }
  return Number.NaN;
}

function edgeOf(place: number): number {
  words[1] = (place + FIRST_BUCKET) << 11;
  words[0] = 0;
  return bits[0]!;
}
