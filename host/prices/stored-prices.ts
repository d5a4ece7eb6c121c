/** Prices that were read from the AWS Price List, kept beside the rest of the host's state. Bills use them where they are there. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RateTable, rateTable } from '#catalog/pricing/rates.ts';
import { stateFolder } from '#host/documents/state-folder.ts';
import { writeAtomically } from '#host/files/save.ts';
import { EnvironmentError } from '#schema/errors.ts';
import { type StoredPrices, storedPricesSchema } from '#schema/stored-prices.ts';

/** File of the prices of a Region. */
export function pricesFile(region: string, state: string = stateFolder()): string {
  return join(state, 'prices', `${region}.json`);
}

/** Prices kept for a Region; undefined where there are none. Throws `prices/unreadable` for a file that is none of ours. */
export async function readStoredPrices(region: string, state?: string): Promise<StoredPrices | undefined> {
  const file = pricesFile(region, state);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file);
  }
  try {
    return storedPricesSchema.parse(JSON.parse(text));
  } catch {
    throw unreadable(file);
  }
}

/** Replaces the prices kept for a Region; a crash leaves the old ones. Throws an EnvironmentError. */
export async function storePrices(prices: StoredPrices, state: string = stateFolder()): Promise<string> {
  const file = pricesFile(prices.region, state);
  await mkdir(join(state, 'prices'), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new EnvironmentError('file/no-permission', `${file} was not saved: ${(error as Error).message}`);
  });
  await writeAtomically(file, `${JSON.stringify(prices, null, 1)}\n`, { newMode: 0o600 });
  return file;
}

/** Prices that bills of a Region are made with. A file that cannot be read counts as none: `prices show` tells of it. */
export async function ratesOf(region: string, state?: string): Promise<RateTable> {
  const shipped = rateTable(region);
  const stored = await readStoredPrices(region, state).catch(() => undefined);
  return stored === undefined ? shipped : shipped.withRows(stored.rows);
}

function unreadable(file: string): EnvironmentError {
  return new EnvironmentError(
    'prices/unreadable',
    `${file} cannot be read as prices, so the shipped ones are used; delete it, or run caudal prices refresh`,
  );
}
