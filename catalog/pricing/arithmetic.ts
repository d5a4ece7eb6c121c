/**
 * Price arithmetic: tiers, billing units, rounding of usage. Money is never rounded here; display does that.
 * Tiers apply to the quantity of a calendar month over a whole account, see `pooledLines`.
 */
import { invariant } from '#schema/errors.ts';
import type { Confidence, PriceLine, RateRow, TierApplied } from '#schema/pricing.ts';
import { dateOf, type RateTable, type RateTier } from './rates.ts';

/**
 * Hours in a month: 365 days x 24 / 12. Assumption: AWS bills the hours that passed (672 to 744); cost calculators use
 * this mean, and so does every monthly figure here.
 */
export const hoursPerMonth = 730;

/**
 * 2^30 bytes: the "GB" of Kinesis, Firehose and Lambda bills (their pages count 1,048,576 KB or 1,024 MB to a GB:
 * https://aws.amazon.com/firehose/pricing/ and https://aws.amazon.com/lambda/pricing/, read 2026-11-21).
 * Assumption: S3 and data transfer count the same way.
 */
const bytesPerGibibyte = 1_073_741_824;

/** 10^9 bytes: the "GB" of DynamoDB storage in AWS's calculator. */
const bytesPerGigabyte = 1_000_000_000;

/** Bytes as GiB (2^30 bytes). */
export function gibibytes(bytes: number): number {
  return bytes / bytesPerGibibyte;
}

/** Bytes as GB (10^9 bytes). */
export function gigabytes(bytes: number): number {
  return bytes / bytesPerGigabyte;
}

/**
 * Started units in a quantity: 130 KiB in units of 64 KiB = 3. `minimum` is what even nothing costs (one payload unit).
 * A ratio within 1e-9 of a whole number, or within what floating point leaves open of a large one, counts as whole, so that 0.07 in
 * units of 0.01 is 7 and not 8.
 */
export function roundUpUnits(quantity: number, unit: number, minimum = 0): number {
  invariant(unit > 0, `a billing unit must be above 0, got ${unit}`);
  const ratio = quantity / unit;
  const nearest = Math.round(ratio);
  const whole = Math.abs(ratio - nearest) <= Math.max(1e-9, 4 * Number.EPSILON * nearest) ? nearest : Math.ceil(ratio);
  return Math.max(minimum, whole);
}

/** Seconds that are billed for a duration: whole steps, at least the minimum. */
export function billedSeconds(seconds: number, stepSeconds: number, minimumSeconds = 0): number {
  return Math.max(minimumSeconds, roundUpUnits(seconds, stepSeconds) * stepSeconds);
}

/** How many single things one unit of a rate holds: 1,000 for `1000 requests`, 1,000,000 for `million ECPU`, else 1. */
export function unitScale(unit: string): number {
  const counted = /^(\d+|million) (requests|objects|objects-month|events|ECPU)$/.exec(unit);
  if (counted === null) return 1;
  return counted[1] === 'million' ? 1_000_000 : Number(counted[1]);
}

/**
 * How a monthly quantity falls into tiers, lowest first. What lies below `freeUnits` costs nothing; without an
 * allowance (0) the first tier reaches down to nothing. Assumption: beyond the last tier that is known its price goes
 * on; list prices fall with volume, so that errs on the high side.
 */
function splitIntoTiers(tiers: readonly RateTier[], quantity: number, freeUnits: number): readonly TierApplied[] {
  invariant(Number.isFinite(quantity) && quantity >= 0, `a billed quantity must be finite and >= 0, got ${quantity}`);
  return tiers.flatMap(({ tierFrom, tierTo, usdPerUnit }, index) => {
    const from = Math.max(index === 0 ? 0 : tierFrom, freeUnits);
    const to = index === tiers.length - 1 ? quantity : Math.min(quantity, tierTo ?? quantity);
    return to > from ? [{ tierFrom, quantity: to - from, usdPerUnit }] : [];
  });
}

/** Monthly allowance that costs nothing, in the rate's unit: 0 unless the table grants the free tier. */
export function freeUnitsOf(rates: RateTable, rateId: string): number {
  if (!rates.freeTier) return 0;
  const first = firstOf(rates.get(rateId));
  return Math.max(first.tierFrom, first.freeUnits ?? 0);
}

/**
 * The line of a bill for a monthly quantity in the rate's own unit (`unitScale` converts counts).
 * `dimension` defaults to the last part of the id. Throws when the id is unknown or the quantity is not finite and >= 0.
 */
export function priceOf(rates: RateTable, rateId: string, quantity: number, dimension?: string): PriceLine {
  const rows = rates.get(rateId);
  const first = firstOf(rows);
  const freeUnits = freeUnitsOf(rates, rateId);
  const parts = splitIntoTiers(rows, quantity, freeUnits);
  const used =
    parts.length === 0 ? [first] : rows.filter((row) => parts.some((part) => part.tierFrom === row.tierFrom));
  const lastTierTo = rows.at(-1)?.tierTo ?? Number.POSITIVE_INFINITY;
  const confidence = weakest(used.map((row) => row.confidence));
  return {
    dimension: dimension ?? rateId.slice(rateId.lastIndexOf('/') + 1),
    rateId,
    quantity,
    unit: first.unit,
    usd: parts.reduce((usd, part) => usd + part.quantity * part.usdPerUnit, 0),
    ...(rows.length > 1 || freeUnits > 0 ? { tiersApplied: parts } : {}),
    rateDate: oldest(used.map((row) => dateOf(row) || rates.date)),
    confidence,
    ...(confidence === 'D' || quantity > lastTierTo ? { assumption: true } : {}),
  };
}

/**
 * Prices the lines of one account together: lines of one rate climb its tiers, and use up its allowance, once.
 * Each line carries its share by quantity; the sum is the price of the summed quantity. Order is kept.
 */
export function pooledLines(rates: RateTable, lines: readonly PriceLine[]): readonly PriceLine[] {
  const totals = new Map<string, number>();
  for (const line of lines) totals.set(line.rateId, (totals.get(line.rateId) ?? 0) + line.quantity);
  return lines.map((line) => {
    const total = totals.get(line.rateId) ?? 0;
    if (total === line.quantity) return line;
    const { tiersApplied, ...whole } = priceOf(rates, line.rateId, total, line.dimension);
    const share = line.quantity / total;
    const parts = tiersApplied?.map((part) => ({ ...part, quantity: part.quantity * share }));
    return {
      ...whole,
      quantity: line.quantity,
      usd: whole.usd * share,
      ...(parts === undefined ? {} : { tiersApplied: parts.filter((part) => part.quantity > 0) }),
    };
  });
}

function firstOf(rows: readonly RateRow[]): RateRow {
  const first = rows[0];
  invariant(first !== undefined, 'a price without tiers');
  return first;
}

function weakest(grades: readonly Confidence[]): Confidence {
  return grades.reduce((worst, grade) => (grade > worst ? grade : worst), 'A');
}

function oldest(dates: readonly string[]): string {
  return dates.reduce((first, date) => (date < first ? date : first));
}
