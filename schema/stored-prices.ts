/** Prices read from the AWS Price List and kept on this machine, and how they differ from the shipped ones. */
import { z } from 'zod';
import { rateRowSchema } from './pricing.ts';

/** The file that keeps them, one for each Region. */
export const storedPricesSchema = z.strictObject({
  format: z.literal(1),
  region: z.string(),
  /** ISO 8601 in UTC. */
  readAt: z.iso.datetime(),
  /** Whole prices: every tier of each id that was read. */
  rows: z.array(rateRowSchema),
});
export type StoredPrices = Readonly<z.infer<typeof storedPricesSchema>>;

/** One tier of a price that is not what is shipped. */
export interface PriceDifference {
  readonly id: string;
  readonly unit: string;
  /** Monthly quantity from which it counts. */
  readonly tierFrom: number;
  /** US dollars a unit as shipped; null for a tier or price that is not shipped. */
  readonly shippedUsd: number | null;
  /** Date of the shipped price; empty text = undated. */
  readonly shippedDate: string;
  /** US dollars a unit as read; null for a tier that is no longer there. */
  readonly readUsd: number | null;
}

/** Why a price was not read. */
export interface UnreadPrice {
  readonly id: string;
  /** `unmapped`: nothing to ask for. `absent`: no such product in this Region. `ambiguous`: products that differ in price. */
  readonly reason: 'unmapped' | 'absent' | 'ambiguous';
}

export interface PriceRefresh {
  readonly region: string;
  readonly readAt: string;
  /** Prices read, by id. */
  readonly read: number;
  readonly differences: readonly PriceDifference[];
  readonly unread: readonly UnreadPrice[];
  /** Why Spot prices could not be read; null where they were. */
  readonly spotFailure: string | null;
}
