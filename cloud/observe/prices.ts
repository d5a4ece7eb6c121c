/** Reads the prices of a Region anew and says how they differ from the ones that are shipped. */
import type { AwsAccount } from '#cloud/account/account.ts';
import { AwsError } from '#cloud/account/aws-error.ts';
import { dateOf, type RateTable } from '#catalog/pricing/rates.ts';
import type { RateRow } from '#schema/pricing.ts';
import type { PriceDifference, PriceRefresh, StoredPrices, UnreadPrice } from '#schema/stored-prices.ts';
import { readPrice } from './price-list.ts';
import { readSpotPrices } from './spot-prices.ts';

/** Usage type of an instance on demand, before its instance type. */
const ON_DEMAND = 'BoxUsage:';

export interface RefreshRequest {
  /** Region whose prices are read. */
  readonly region: string;
  /** What is shipped, by which prices are found. */
  readonly shipped: RateTable;
  readonly nowMs: number;
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Throws an EnvironmentError when the Price List does not answer; Spot prices may be missing. */
export async function refreshPrices(
  account: AwsAccount,
  { region, shipped, nowMs, onProgress, signal }: RefreshRequest,
): Promise<{ readonly stored: StoredPrices; readonly refresh: PriceRefresh }> {
  const readAt = new Date(nowMs).toISOString();
  const rows: RateRow[] = [];
  const unread: UnreadPrice[] = [];
  const ids = shipped.ids();
  for (const [index, id] of ids.entries()) {
    signal?.throwIfAborted();
    const tiers = shipped.get(id);
    const reading = isMapped(tiers) ? await readPrice(account, region, tiers, readAt.slice(0, 10)) : undefined;
    if (reading?.kind === 'read') rows.push(...reading.rows);
    else unread.push({ id, reason: reading?.kind ?? 'unmapped' });
    onProgress?.(index + 1, ids.length);
  }
  const spot = await spotPrices(account, shipped, nowMs);
  rows.push(...spot.rows);
  const differences = differencesOf(shipped, rows);
  const read = new Set(rows.map(({ id }) => id)).size;
  return {
    stored: { format: 1, region, readAt, rows },
    refresh: { region, readAt, read, differences, unread, spotFailure: spot.failure },
  };
}

/** Every tier that is not what is shipped, in the order of the table. Prices that were not read are as shipped. */
export function differencesOf(shipped: RateTable, rows: readonly RateRow[]): readonly PriceDifference[] {
  const ids = [...new Set(rows.map(({ id }) => id))];
  return ids.flatMap((id) => {
    const fresh = rows.filter((row) => row.id === id);
    const old = shipped.has(id) ? shipped.get(id) : [];
    const starts = [...new Set([...old, ...fresh].map(({ tierFrom }) => tierFrom))].sort((a, b) => a - b);
    return starts.flatMap((tierFrom): PriceDifference[] => {
      const before = old.find((row) => row.tierFrom === tierFrom);
      const now = fresh.find((row) => row.tierFrom === tierFrom);
      if (before?.usdPerUnit === now?.usdPerUnit) return [];
      return [
        {
          id,
          unit: (now ?? before)?.unit ?? '',
          tierFrom,
          shippedUsd: before?.usdPerUnit ?? null,
          shippedDate: before === undefined ? '' : dateOf(before),
          readUsd: now?.usdPerUnit ?? null,
        },
      ];
    });
  });
}

function isMapped([first]: readonly RateRow[]): boolean {
  return first !== undefined && first.serviceCode !== '' && (first.usageType !== '' || first.operation !== '');
}

/** Spot prices of the instance types that the table has on demand. */
async function spotPrices(account: AwsAccount, shipped: RateTable, nowMs: number) {
  const types = shipped.ids().flatMap((id) => {
    const { serviceCode = '', usageType = '' } = shipped.get(id)[0] ?? {};
    return serviceCode === 'AmazonEC2' && usageType.startsWith(ON_DEMAND) ? [usageType.slice(ON_DEMAND.length)] : [];
  });
  try {
    return { rows: await readSpotPrices(account, [...new Set(types)], nowMs), failure: null };
  } catch (error) {
    // The right to ask EC2 is another than the one to ask the Price List.
    if (!(error instanceof AwsError)) throw error;
    return { rows: [], failure: error.message };
  }
}
