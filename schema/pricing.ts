/** Shapes of money: a dated list price, a line of a bill. */
import { z } from 'zod';

/**
 * How far a price can be trusted: A = AWS page or derived from the AWS price list, B = two agreeing secondary sources,
 * C = one secondary source, D = no source found (an assumption, listed as such in every bill that uses it).
 */
export const confidenceSchema = z.enum(['A', 'B', 'C', 'D']);
export type Confidence = z.infer<typeof confidenceSchema>;

/** One tier of one list price. A flat price is a single row from 0 without an upper end. */
export const rateRowSchema = z.strictObject({
  /** Stable id such as `kinesis-data-streams/provisioned-shard-hour`; the tiers of one price share it. */
  id: z.string().regex(/^[a-z0-9.-]+(\/[a-z0-9.-]+)+$/),
  /** Service as its provider names it. */
  service: z.string().min(1),
  /** What is charged, in words. */
  dimension: z.string().min(1),
  /** Unit of `tierFrom`, `tierTo`, `freeUnits` and of what `usdPerUnit` buys one of. */
  unit: z.string().min(1),
  /** Monthly quantity at which this tier starts; above 0 in a first tier, what lies below is a free allowance. */
  tierFrom: z.number().nonnegative(),
  /** Monthly quantity at which this tier ends; null = no end. */
  tierTo: z.number().positive().nullable(),
  /** US dollars for one unit, before tax. */
  usdPerUnit: z.number().nonnegative(),
  /** Free allowance in words; empty text = none known. */
  freeTier: z.string(),
  /** Monthly allowance of the always-free tier, in `unit`; null = none, or one that is not a monthly quantity. */
  freeUnits: z.number().positive().nullable(),
  /** How usage is rounded before it is priced, in words; empty text = not at all. */
  rounding: z.string(),
  /** Where the price was read. */
  source: z.string().min(1),
  /** When: a day, month or year, or two joined by `/` (the later one carries the value); empty text = undated. */
  sourceDate: z.string().regex(/^$|^\d{4}(-\d\d){0,2}(\/\d{4}(-\d\d){0,2})?$/),
  confidence: confidenceSchema,
  /** Service code in the AWS Price List; empty text = unmapped, as for the two fields below. */
  serviceCode: z.string(),
  usageType: z.string(),
  operation: z.string(),
});
export type RateRow = Readonly<z.infer<typeof rateRowSchema>>;

/** How much of a quantity fell into one tier. */
export const tierAppliedSchema = z.strictObject({
  /** Lower end of the tier in the table, in the rate's unit. */
  tierFrom: z.number().nonnegative(),
  quantity: z.number().positive(),
  usdPerUnit: z.number().nonnegative(),
});
export type TierApplied = Readonly<z.infer<typeof tierAppliedSchema>>;

/** One line of a bill. Money is not rounded here, only where it is displayed. */
export const priceLineSchema = z.strictObject({
  /** Code of what is charged; the sentence is made where it is shown. */
  dimension: z.string().min(1),
  rateId: z.string().min(1),
  /** Quantity in `unit`, the rate's unit. */
  quantity: z.number().nonnegative(),
  unit: z.string().min(1),
  usd: z.number().nonnegative(),
  /** Present where more than one tier or a free allowance took part. */
  tiersApplied: z.array(tierAppliedSchema).readonly().optional(),
  /** Date of the oldest price that took part; the table's date where the price has none. */
  rateDate: z.string().min(1),
  /** The weakest confidence that took part. */
  confidence: confidenceSchema,
  /** True where the price has no source, or the quantity lies beyond the last tier that is known. */
  assumption: z.boolean().optional(),
});
export type PriceLine = Readonly<z.infer<typeof priceLineSchema>>;
