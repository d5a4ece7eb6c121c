/** Reads the prices of a Region from AWS, keeps them, and says what differs. */
import { rateTable } from '#catalog/pricing/rates.ts';
import { openAccount } from '#cloud/account/account.ts';
import { refreshPrices } from '#cloud/observe/prices.ts';
import type { PriceRefresh } from '#schema/stored-prices.ts';
import { storePrices } from './stored-prices.ts';

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
  const account = await openAccount({ region, profile, askMfaCode, isReadOnly: true });
  try {
    const { stored, refresh } = await refreshPrices(account, { region, shipped, nowMs: Date.now(), ...rest });
    return { ...refresh, file: await storePrices(stored, state) };
  } finally {
    account.close();
  }
}
