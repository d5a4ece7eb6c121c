/** `caudal prices`: the prices that bills are made with, and reading them anew from AWS. */
import { Command } from 'commander';
import { type PriceTable, priceTable } from '#host/prices/price-table.ts';
import type { PriceDifference, PriceRefresh, UnreadPrice } from '#schema/stored-prices.ts';
import { interruptible, mfaPrompt } from './account-options.ts';
import { jsonLine, type Output } from './output.ts';
import { oneLine, wrapped } from './plain-text.ts';
import { progressBar } from './progress.ts';
import { addJson } from './run-options.ts';
import { priceWords, section } from './summary.ts';
import { showNumber, table } from './table.ts';

interface Flags {
  readonly region: string;
  readonly profile?: string;
  readonly json?: boolean;
}

const DEFAULT_REGION = 'us-east-1';

export function pricesCommand(output: Output): Command {
  const command = new Command('prices').description(
    'show the prices that bills are made with, or read them anew from AWS',
  );
  const show = withOptions(new Command('show'))
    .description('list every price with its date and how far it can be trusted')
    .action(async (flags: Flags) => {
      const prices = await priceTable(flags.region);
      output.out(flags.json ? jsonLine(prices) : tableText(prices));
    });
  const refresh = withOptions(new Command('refresh'))
    .description('read the prices of a Region from the AWS Price List, show what differs, and keep them')
    .option('--profile <name>', 'profile of ~/.aws/config whose credentials are used')
    .action(async (flags: Flags) => {
      const bar = progressBar(output);
      const { refreshStoredPrices } = await import('#host/prices/refresh.ts');
      const read = await interruptible((signal) =>
        refreshStoredPrices({
          region: flags.region,
          profile: flags.profile,
          askMfaCode: mfaPrompt(),
          onProgress: (done, of) => bar.update(done / of, 'reading the Price List'),
          signal,
        }),
      ).finally(() => bar.stop());
      output.out(flags.json ? jsonLine(read) : refreshText(read));
    });
  return command.addCommand(show, { isDefault: true }).addCommand(refresh);
}

function withOptions(command: Command): Command {
  return addJson(command.option('--region <name>', 'Region whose prices are meant', DEFAULT_REGION));
}

/** A price in all its digits: the smallest are 0.0000002. */
function usdText(usd: number | null): string {
  return usd === null ? '-' : usd.toFixed(12).replace(/\.?0+$/, '');
}

function tableText({ region, readAt, rows }: PriceTable): string {
  const shown = rows.map(({ id, unit, tierFrom, usdPerUnit, date, confidence }) => [
    id,
    tierFrom === 0 ? '' : showNumber(tierFrom),
    usdText(usdPerUnit),
    unit,
    priceWords({ confidence, rateDate: date === '' ? 'undated' : date }),
  ]);
  const read = new Set(rows.filter(({ isShipped }) => !isShipped).map(({ id }) => id)).size;
  const from =
    readAt === null
      ? 'as shipped; caudal prices refresh reads them from AWS'
      : `${read} read from AWS on ${readAt.slice(0, 10)}, the others as shipped`;
  const head = ['price', 'from', 'USD', 'for one', 'price from'];
  return `Prices of ${region}: ${from}\n\n${table(head, shown, ['from', 'USD'])}`;
}

function refreshText(read: PriceRefresh & { readonly file: string }): string {
  const { region, differences, unread, spotFailure, file, readAt } = read;
  const same = differences.length === 0 ? ', none differs from the shipped ones' : '';
  return [
    `${read.read} prices of ${region} read on ${readAt.slice(0, 10)}${same}\n`,
    section('What differs from the shipped prices', differencesText(differences)),
    spotFailure === null ? '' : wrapped('\nSpot prices were not read: ', spotFailure, 2),
    unreadText(unread),
    `\nKept in ${oneLine(file)}; bills use them from now on\n`,
  ].join('');
}

function differencesText(differences: readonly PriceDifference[]): string {
  if (differences.length === 0) return '';
  const rows = differences.map(({ id, unit, tierFrom, shippedUsd, shippedDate, readUsd }) => [
    id,
    tierFrom === 0 ? '' : showNumber(tierFrom),
    usdText(shippedUsd),
    shippedDate,
    usdText(readUsd),
    unit,
  ]);
  return table(['price', 'from', 'shipped', 'of', 'now', 'for one'], rows, ['from', 'shipped', 'now']);
}

const REASONS: Readonly<Record<UnreadPrice['reason'], string>> = {
  unmapped: 'have no name in the Price List here',
  absent: 'are not in the Price List of this Region',
  ambiguous: 'have several products of different price',
};

/** How many prices of each service, most first. */
function byService(ids: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const service = id.split('/')[0] ?? id;
    counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  return [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .map(([service, count]) => `${service} ${count}`)
    .join(', ');
}

function unreadText(unread: readonly UnreadPrice[]): string {
  const lines = (Object.keys(REASONS) as UnreadPrice['reason'][]).flatMap((reason) => {
    const ids = unread.filter((one) => one.reason === reason).map(({ id }) => id);
    if (ids.length === 0) return [];
    const names = ids.length > 12 ? `${byService(ids)} (see --json for each)` : ids.join(', ');
    return [wrapped('  ', `${ids.length} ${REASONS[reason]}: ${names}`, 4)];
  });
  return section('Not read, so as shipped', lines.join(''));
}
