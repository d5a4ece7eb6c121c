/** Reads the prices of a Region from AWS, keeps them, and says what differs. */
import { rateTable } from '#catalog/pricing/rates.ts';
import { openAccount } from '#cloud/account/account.ts';
import { refreshPrices } from '#cloud/observe/prices.ts';
import type { PriceRefresh } from '#schema/stored-prices.ts';
import { readStoredPrices, storePrices } from './stored-prices.ts';

export interface RefreshSettings {
  readonly region: string;
  readonly profile?: string | undefined;
  readonly askMfaCode?: ((serial: string) => Promise<string>) | undefined;
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
  /** Folder of the host's state. */
  readonly state?: string;
}

/** Throws an EnvironmentError, and then keeps what was there before. */
export async function refreshStoredPrices({
  region,
  profile,
  askMfaCode,
  state,
  ...rest
}: RefreshSettings): Promise<PriceRefresh & { readonly file: string }> {
  // Before anything is asked: a Region that is none has no prices.
  const shipped = rateTable(region, {}, '--region');
  const account = await openAccount({ region, documentRegion: region, profile, askMfaCode, isReadOnly: true });
  try {
    const { stored, refresh } = await refreshPrices(account, { region, shipped, nowMs: Date.now(), ...rest });
    return { ...refresh, file: await storePrices(stored, state) };
  } finally {
    account.close();
  }
}

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
