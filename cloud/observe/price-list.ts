/** One price of the AWS Price List: asked for, read, and put in the form of the rate table. */
import { GetProductsCommand } from '@aws-sdk/client-pricing';
import { unitScale } from '#catalog/pricing/arithmetic.ts';
import type { AwsAccount } from '#cloud/account/account.ts';
import { type PriceListProduct, priceListProductSchema } from '#schema/price-list.ts';
import type { RateRow } from '#schema/pricing.ts';
import { usageTypesIn } from './usage-types.ts';

interface Tier {
  readonly from: number;
  /** null = no end. */
  readonly to: number | null;
  readonly usd: number;
}

interface Offer {
  readonly sku: string;
  readonly operation: string;
  readonly effectiveDate: string;
  readonly tiers: readonly Tier[];
}

/** Usage types that further products share, and what tells the one that is meant from these. */
const TOLD_BY: Readonly<Record<string, readonly [field: string, value: string]>> = {
  'AmazonS3 TimedStorage-ByteHrs': ['volumeType', 'Standard'],
  'AWSDataTransfer DataTransfer-Out-Bytes': ['transferType', 'AWS Outbound'],
  'AWSDataTransfer DataTransfer-Regional-Bytes': ['transferType', 'IntraRegion'],
};

export type PriceReading =
  | { readonly kind: 'read'; readonly rows: readonly RateRow[] }
  | { readonly kind: 'absent' | 'ambiguous' };

/** Reads the price that the shipped tiers describe. `today`: date of the reading, ISO. */
export async function readPrice(
  account: AwsAccount,
  region: string,
  shipped: readonly RateRow[],
  today: string,
): Promise<PriceReading> {
  const [first] = shipped;
  if (first === undefined) return { kind: 'absent' };
  for (const usageType of usageTypesIn(region, first.usageType)) {
    const [offer, ...others] = meant(first, await offersOf(account, region, first, usageType));
    if (offer === undefined) continue;
    const tiers = JSON.stringify(offer.tiers);
    if (others.some((other) => JSON.stringify(other.tiers) !== tiers)) return { kind: 'ambiguous' };
    return { kind: 'read', rows: rowsOf(first, { ...offer, usageType }, today) };
  }
  return { kind: 'absent' };
}

/** Where products of S3 share a usage type and no operation is named, those without one, if there are any. */
function meant({ serviceCode, operation }: RateRow, offers: readonly Offer[]): readonly Offer[] {
  const isTold = operation !== '' || !serviceCode.startsWith('AmazonS3');
  const plain = isTold ? [] : offers.filter((offer) => offer.operation === '');
  return plain.length > 0 ? plain : offers;
}

/** What the Price List is asked for. Data transfer has a Region that it comes from, and none that it is in. */
function filtersFor(region: string, { serviceCode, usageType, operation }: RateRow, named: string) {
  const match = (Field: string, Value: string) => ({ Type: 'TERM_MATCH' as const, Field, Value });
  const filters = [match(serviceCode === 'AWSDataTransfer' ? 'fromRegionCode' : 'regionCode', region)];
  if (named !== '') filters.push(match('usagetype', named));
  if (operation !== '') filters.push(match('operation', operation));
  const told = TOLD_BY[`${serviceCode} ${usageType}`];
  if (told !== undefined) filters.push(match(...told));
  return filters;
}

async function offersOf(
  { clients }: AwsAccount,
  region: string,
  first: RateRow,
  usageType: string,
): Promise<readonly Offer[]> {
  const filters = filtersFor(region, first, usageType);
  const found: Offer[] = [];
  let token: string | undefined;
  do {
    const page = await clients.pricing.send(
      new GetProductsCommand({
        ServiceCode: first.serviceCode,
        Filters: filters,
        FormatVersion: 'aws_v1',
        MaxResults: 100,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    for (const text of page.PriceList ?? []) {
      const offer = offerOf(priceListProductSchema.parse(JSON.parse(String(text))));
      if (offer !== undefined) found.push(offer);
    }
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}

/** The on-demand price of a product; undefined where it has none in US dollars. */
function offerOf({ product, terms }: PriceListProduct): Offer | undefined {
  const [term] = Object.values(terms.OnDemand ?? {});
  if (term === undefined) return undefined;
  const tiers = Object.values(term.priceDimensions).flatMap(({ beginRange, endRange, pricePerUnit }) => {
    const usd = pricePerUnit['USD'];
    if (usd === undefined) return [];
    return [{ from: Number(beginRange), to: endRange === 'Inf' ? null : Number(endRange), usd: Number(usd) }];
  });
  if (tiers.length === 0) return undefined;
  return {
    sku: product.sku,
    operation: product.attributes['operation'] ?? '',
    effectiveDate: term.effectiveDate,
    tiers: tiers.sort((a, b) => a.from - b.from),
  };
}

/** A free first tier becomes an allowance, as in the table; single things become thousands where the table counts so. */
function rowsOf(first: RateRow, offer: Offer & { readonly usageType: string }, today: string): readonly RateRow[] {
  const scale = unitScale(first.unit);
  const tiers = offer.tiers.length > 1 && offer.tiers[0]?.usd === 0 ? offer.tiers.slice(1) : offer.tiers;
  return tiers.map(({ from, to, usd }) => ({
    ...first,
    tierFrom: from / scale,
    tierTo: to === null ? null : to / scale,
    usdPerUnit: Number((usd * scale).toPrecision(12)),
    source: `AWS Price List, SKU ${offer.sku}, in effect since ${offer.effectiveDate.slice(0, 10)}`,
    sourceDate: today,
    confidence: 'A' as const,
    usageType: offer.usageType,
  }));
}
