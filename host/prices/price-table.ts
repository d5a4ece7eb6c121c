/** The prices that bills of a Region are made with, one row for each tier. */
import { rateTable } from '#catalog/pricing/rates.ts';
import { readStoredPrices } from './stored-prices.ts';

export interface PriceTable {
  readonly region: string;
  /** When prices were read from AWS; null where only shipped ones are used. */
  readonly readAt: string | null;
  readonly rows: readonly {
    readonly id: string;
    readonly unit: string;
    readonly tierFrom: number;
    readonly usdPerUnit: number;
    readonly date: string;
    readonly confidence: string;
    readonly isShipped: boolean;
  }[];
}

/** Every price that bills of a Region are made with. Throws `prices/unreadable` where what was kept is damaged. */
export async function priceTable(region: string, state?: string): Promise<PriceTable> {
  const shipped = rateTable(region, {}, '--region');
  const stored = await readStoredPrices(region, state);
  const rates = stored === undefined ? shipped : shipped.withRows(stored.rows);
  const read = new Set(stored?.rows.map(({ id }) => id));
  return {
    region,
    readAt: stored?.readAt ?? null,
    rows: rates.ids().flatMap((id) =>
      rates.get(id).map(({ unit, tierFrom, usdPerUnit, sourceDate, confidence }) => ({
        id,
        unit,
        tierFrom,
        usdPerUnit,
        date: sourceDate.slice(sourceDate.lastIndexOf('/') + 1),
        confidence,
        isShipped: !read.has(id),
      })),
    ),
  };
}
