/** Dated list prices of one Region, by rate id. Knows no component. */
import type { RateRow } from '#schema/pricing.ts';
import { InputError, invariant } from '#schema/errors.ts';
import { usEast1Rows } from './rates/us-east-1.ts';
import { regions } from './regions.ts';

/** One step of a price: from one monthly quantity to another (null = no end), and what a unit costs there. */
export type RateTier = Pick<RateRow, 'tierFrom' | 'tierTo' | 'usdPerUnit'>;

export interface RateTableOptions {
  /** Grant the always-free allowances. Off unless the user asks: an account spends them once, on anything it runs. */
  readonly freeTier?: boolean;
}

/** The prices of one Region. Ids are fixed text in the components' price files, so an unknown one is a fault of ours. */
export class RateTable {
  readonly region: string;
  /** Newest date in the table, ISO; stands in for prices without a date of their own. */
  readonly date: string;
  readonly freeTier: boolean;
  readonly #tiers: ReadonlyMap<string, readonly RateRow[]>;

  constructor(region: string, rows: readonly RateRow[], options: RateTableOptions = {}) {
    const tiers = new Map<string, RateRow[]>();
    let date = '';
    for (const row of rows) {
      const known = tiers.get(row.id);
      if (known === undefined) tiers.set(row.id, [row]);
      else known.push(row);
      const rowDate = dateOf(row);
      if (rowDate > date) date = rowDate;
    }
    for (const list of tiers.values()) list.sort((a, b) => a.tierFrom - b.tierFrom);
    this.region = region;
    this.date = date;
    this.freeTier = options.freeTier ?? false;
    this.#tiers = tiers;
  }

  /** The tiers of a price, lowest first, at least one. Throws when no row has this id. */
  get(id: string): readonly RateRow[] {
    const tiers = this.#tiers.get(id);
    invariant(tiers !== undefined, `the rate table of ${this.region} has no price with the id "${id}"`);
    return tiers;
  }

  has(id: string): boolean {
    return this.#tiers.has(id);
  }

  /** Every id, in the order of the table. */
  ids(): readonly string[] {
    return [...this.#tiers.keys()];
  }

  /** The same prices with or without the always-free allowances. */
  withFreeTier(freeTier: boolean): RateTable {
    return new RateTable(this.region, [...this.#tiers.values()].flat(), { freeTier });
  }

  /** The table with the prices of some ids replaced or added, for instance by a fresh reading of the price list. */
  withRows(rows: readonly RateRow[]): RateTable {
    const replaced = new Set(rows.map((row) => row.id));
    const kept = [...this.#tiers.values()].flat().filter((row) => !replaced.has(row.id));
    return new RateTable(this.region, [...kept, ...rows], { freeTier: this.freeTier });
  }
}

/** The date that carries a row's value: of two dates the later; empty text where the row is undated. */
export function dateOf(row: RateRow): string {
  return row.sourceDate.slice(row.sourceDate.lastIndexOf('/') + 1);
}

const ROWS_BY_REGION: ReadonlyMap<string, readonly RateRow[]> = new Map([['us-east-1', usEast1Rows]]);

/** Regions whose prices are built in. */
export const ratedRegions: readonly string[] = [...ROWS_BY_REGION.keys()];

/** Region whose prices stand in where a Region's own are not known. */
const STAND_IN = 'us-east-1';

/**
 * The built-in prices of a Region. A Region without any has those of us-east-1, each an assumption until the Price List was read.
 * Throws an InputError with the code `pricing/unknown-region` for what is no Region of AWS.
 */
export function rateTable(region: string, options: RateTableOptions = {}, path = 'account.region'): RateTable {
  const rows = ROWS_BY_REGION.get(region);
  if (rows !== undefined) return new RateTable(region, rows, options);
  if (regions.includes(region)) return new RateTable(region, assumedRows(), options);
  throw new InputError([
    {
      code: 'pricing/unknown-region',
      path,
      received: region,
      allowed: regions.join(', '),
      message: `${region} is no Region of AWS that is known here`,
    },
  ]);
}

function assumedRows(): readonly RateRow[] {
  const rows = ROWS_BY_REGION.get(STAND_IN) ?? [];
  return rows.map((row) => ({
    ...row,
    source: `assumed to be as in ${STAND_IN}: ${row.source}`,
    confidence: 'D' as const,
  }));
}
