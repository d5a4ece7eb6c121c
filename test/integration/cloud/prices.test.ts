/**
 * Replies made by hand in the documented shape, since no emulator answers the Price List:
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html and
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotPriceHistory.html (read 2026-11-21).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { caudal } from '#test/harness/command-line.ts';
import { priceTable } from '#host/prices/price-table.ts';
import { refreshStoredPrices } from '#host/prices/refresh.ts';
import { pricesFile, ratesOf } from '#host/prices/stored-prices.ts';
import {
  type FakeAws,
  type FakeCall,
  type FakeReply,
  jsonError,
  jsonReply,
  queryError,
  startFakeAws,
} from '#test/harness/fake-aws.ts';

let state: string;
let aws: FakeAws;

interface Range {
  readonly from: string;
  readonly to: string;
  readonly usd: string;
}

interface Filter {
  readonly Field: string;
  readonly Value: string;
}

/** The filters of the first query for a usage type. */
function filtersOf(calls: readonly FakeCall[], service: string, usageType: string): readonly Filter[] {
  const queries = calls.filter(({ input }) => input['ServiceCode'] === service);
  const filters = queries.map(({ input }) => input['Filters'] as readonly Filter[]);
  return filters.find((all) => all.some(({ Field, Value }) => Field === 'usagetype' && Value === usageType)) ?? [];
}

function product(sku: string, usagetype: string, ranges: readonly Range[], unit = 'unit', operation = ''): string {
  const dimensions = ranges.map(({ from, to, usd }, index) => [
    `${sku}.JRTCKXETXF.${index}`,
    { unit, beginRange: from, endRange: to, description: '', appliesTo: [], rateCode: '', pricePerUnit: { USD: usd } },
  ]);
  return JSON.stringify({
    product: { sku, productFamily: 'x', attributes: { usagetype, operation, regionCode: 'us-east-1' } },
    serviceCode: 'x',
    terms: {
      OnDemand: {
        [`${sku}.JRTCKXETXF`]: {
          offerTermCode: 'JRTCKXETXF',
          sku,
          effectiveDate: '2026-11-01T00:00:00Z',
          priceDimensions: Object.fromEntries(dimensions),
          termAttributes: {},
        },
      },
    },
    version: '20261101000000',
    publicationDate: '2026-11-01T00:00:00Z',
  });
}

const flat = (usd: string): readonly Range[] => [{ from: '0', to: 'Inf', usd }];

/** What the Price List has, by usage type; requests of S3, as notifications of SNS have the same name. */
const PRODUCTS: Readonly<Record<string, readonly string[]>> = {
  'Storage-ShardHour': [product('SKUSHARD', 'Storage-ShardHour', flat('0.0170000000'))],
  'EU-Storage-ShardHour': [product('SKUSHARDEU', 'EU-Storage-ShardHour', flat('0.0190000000'))],
  'Requests-Tier1': [product('SKUPUT', 'Requests-Tier1', flat('0.0000050000'), 'Requests')],
  'Requests-Tier2': [
    product('SKUGET', 'Requests-Tier2', flat('0.0000004000'), 'Requests'),
    product('SKUSELECT', 'Requests-Tier2', flat('0.0000007000'), 'Requests', 'SelectObject'),
  ],
  'DeliveryAttempts-HTTP': [
    product('SKUHTTP', 'DeliveryAttempts-HTTP', [
      { from: '100000', to: 'Inf', usd: '0.0000007000' },
      { from: '0', to: '100000', usd: '0.0000000000' },
    ]),
  ],
  'NatGateway-Hours': [
    product('SKUA', 'NatGateway-Hours', flat('0.045')),
    product('SKUB', 'NatGateway-Hours', flat('0.09')),
  ],
  'NatGateway-Bytes': [
    product('SKUC', 'NatGateway-Bytes', flat('0.045')),
    product('SKUD', 'NatGateway-Bytes', flat('0.045')),
  ],
  'BoxUsage:m5.large': [product('SKUM5', 'BoxUsage:m5.large', flat('0.0960000000'), 'Hrs')],
};

const TRANSITION = product('SKUSIA', 'Requests-Tier4', flat('0.0000100000'), 'Requests', 'S3-SIATransition');

function priceList({ action, input }: FakeCall): FakeReply {
  if (action === 'GetProducts') {
    const filters = input['Filters'] as readonly { readonly Field: string; readonly Value: string }[];
    const usageType = filters.find(({ Field }) => Field === 'usagetype')?.Value ?? '';
    if (filters.some(({ Value }) => Value === 'S3-SIATransition')) return jsonReply({ PriceList: [TRANSITION] });
    const isOther = usageType === 'Requests-Tier1' && input['ServiceCode'] !== 'AmazonS3';
    return jsonReply({ FormatVersion: 'aws_v1', PriceList: isOther ? [] : (PRODUCTS[usageType] ?? []) });
  }
  const week =
    '<item><instanceType>m5.large</instanceType><productDescription>Linux/UNIX</productDescription><spotPrice>0.036</spotPrice><timestamp>2020-01-01T00:00:00.000Z</timestamp><availabilityZone>us-east-1a</availabilityZone></item>';
  return {
    headers: { 'content-type': 'text/xml' },
    body: `<DescribeSpotPriceHistoryResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><spotPriceHistorySet>${week}</spotPriceHistorySet><nextToken/></DescribeSpotPriceHistoryResponse>`,
  };
}

async function serve(reply: (call: FakeCall) => FakeReply = priceList): Promise<void> {
  aws = await startFakeAws(reply);
  vi.stubEnv('AWS_ENDPOINT_URL', aws.endpoint);
}

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'caudal-prices-'));
  for (const name of ['AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(state, 'config'));
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('CAUDAL_STATE', state);
});

afterEach(async () => {
  await aws.stop();
  rmSync(state, { recursive: true });
  vi.unstubAllEnvs();
});

describe('prices read from AWS', () => {
  it('are kept with their date; every difference from the shipped ones is told', async () => {
    await serve();
    const read = await refreshStoredPrices({ region: 'us-east-1', state });
    expect(read.differences.filter(({ id }) => !id.startsWith('ec2/spot/'))).toEqual([
      {
        id: 'kinesis-data-streams/provisioned-shard-hour',
        unit: 'shard-hour',
        tierFrom: 0,
        shippedUsd: 0.015,
        shippedDate: '2026-09-25',
        readUsd: 0.017,
      },
      {
        id: 'sns/delivery-http',
        unit: 'notification',
        tierFrom: 100_000,
        shippedUsd: 6e-7,
        shippedDate: expect.any(String),
        readUsd: 7e-7,
      },
    ]);
    const rates = await ratesOf('us-east-1', state);
    expect(rates.get('kinesis-data-streams/provisioned-shard-hour')).toMatchObject([
      {
        usdPerUnit: 0.017,
        confidence: 'A',
        sourceDate: read.readAt.slice(0, 10),
        source: 'AWS Price List, SKU SKUSHARD, in effect since 2026-11-01',
      },
    ]);
  });

  it('count in the units of the table: 1,000 requests, and a free first tier as an allowance', async () => {
    await serve();
    await refreshStoredPrices({ region: 'us-east-1', state });
    const rates = await ratesOf('us-east-1', state);
    expect(rates.get('s3/standard-put')).toMatchObject([{ usdPerUnit: 0.005, tierFrom: 0, tierTo: null }]);
    expect(rates.get('sns/delivery-http')).toMatchObject([{ usdPerUnit: 7e-7, tierFrom: 100_000, tierTo: null }]);
  });

  it('are taken from several products only where these agree', async () => {
    await serve();
    const { unread } = await refreshStoredPrices({ region: 'us-east-1', state });
    expect(unread).toContainEqual({ id: 'data-transfer/nat-gateway-hour', reason: 'ambiguous' });
    expect(unread.map(({ id }) => id)).not.toContain('data-transfer/nat-gateway-data');
    expect(unread).toContainEqual({ id: 'lambda/requests', reason: 'absent' });
    expect(unread.find(({ id }) => id === 'iot-core/messages')?.reason).toBe('unmapped');
  });

  it('are told from others of the same usage type by what the product is for', async () => {
    await serve();
    const { unread } = await refreshStoredPrices({ region: 'us-east-1', state });
    const rates = await ratesOf('us-east-1', state);
    expect(rates.get('s3/standard-get')).toMatchObject([
      { usdPerUnit: 0.0004, source: expect.stringContaining('SKUGET') },
    ]);
    expect(unread.map(({ id }) => id)).not.toContain('s3/transition-to-infrequent-access');
    expect(filtersOf(aws.calls, 'AmazonS3', 'TimedStorage-ByteHrs')).toContainEqual(
      expect.objectContaining({ Field: 'volumeType', Value: 'Standard' }),
    );
    expect(filtersOf(aws.calls, 'AWSDataTransfer', 'DataTransfer-Out-Bytes').map(({ Field }) => Field)).toEqual([
      'fromRegionCode',
      'usagetype',
      'transferType',
    ]);
  });

  it('have the Spot price of each instance type as the mean of a week', async () => {
    await serve();
    await refreshStoredPrices({ region: 'us-east-1', state });
    expect((await ratesOf('us-east-1', state)).get('ec2/spot/m5.large')).toMatchObject([{ usdPerUnit: 0.036 }]);
  });

  it('of another Region are found under its own usage types; the rest is assumed to be as in us-east-1', async () => {
    await serve();
    await refreshStoredPrices({ region: 'eu-west-1', state });
    const rates = await ratesOf('eu-west-1', state);
    expect(rates.get('kinesis-data-streams/provisioned-shard-hour')).toMatchObject([
      { usdPerUnit: 0.019, confidence: 'A' },
    ]);
    expect(rates.get('lambda/requests')).toMatchObject([{ confidence: 'D' }]);
    const regions = aws.calls.flatMap(({ input }) => (input['Filters'] ?? []) as { Field: string; Value: string }[]);
    expect(new Set(regions.filter(({ Field }) => Field === 'regionCode').map(({ Value }) => Value))).toEqual(
      new Set(['eu-west-1']),
    );
  });

  it('are read all the same where Spot prices may not be', async () => {
    await serve((call) =>
      call.action === 'GetProducts'
        ? priceList(call)
        : queryError(403, 'UnauthorizedOperation', 'You are not authorized to perform this operation.'),
    );
    const read = await refreshStoredPrices({ region: 'us-east-1', state });
    expect(read.spotFailure).toContain('ec2:DescribeSpotPriceHistory');
    expect(read.read).toBeGreaterThan(3);
  });

  it('stay as they were where the Price List fails', async () => {
    await serve();
    await refreshStoredPrices({ region: 'us-east-1', state });
    const before = await priceTable('us-east-1', state);
    await aws.stop();
    await serve(() =>
      jsonError(400, 'AccessDeniedException', 'User: u is not authorized to perform: pricing:GetProducts'),
    );
    await expect(refreshStoredPrices({ region: 'us-east-1', state })).rejects.toMatchObject({
      code: 'aws/access-denied',
      missing: { action: 'pricing:GetProducts' },
    });
    expect(await priceTable('us-east-1', state)).toEqual(before);
  });

  it('that are damaged are told by show, and bills go on with the shipped ones', async () => {
    await serve();
    await refreshStoredPrices({ region: 'us-east-1', state });
    writeFileSync(pricesFile('us-east-1', state), '{"format":2}');
    await expect(priceTable('us-east-1', state)).rejects.toMatchObject({ code: 'prices/unreadable' });
    expect((await ratesOf('us-east-1', state)).get('kinesis-data-streams/provisioned-shard-hour')[0]?.usdPerUnit).toBe(
      0.015,
    );
  });
});

describe('caudal prices', () => {
  it('shows where each price is from, and after a refresh which were read', async () => {
    await serve();
    const before = await caudal('prices');
    expect(before).toMatchObject({ code: 0, err: '' });
    expect(before.out).toContain('as shipped; caudal prices refresh reads them from AWS');
    const refreshed = await caudal('prices', 'refresh', '--region', 'us-east-1');
    expect(refreshed.code).toBe(0);
    expect(refreshed.out).toMatch(/provisioned-shard-hour +0\.015 +2026-09-25 +0\.017 +shard-hour/);
    const shown = JSON.parse((await caudal('prices', 'show', '--json')).out) as {
      rows: { id: string; isShipped: boolean }[];
    };
    expect(shown.rows.find(({ id }) => id.endsWith('provisioned-shard-hour'))).toMatchObject({
      usdPerUnit: 0.017,
      isShipped: false,
    });
  });

  it('fails for what is no Region', async () => {
    await serve();
    expect(await caudal('prices', '--region', 'mars-north-1')).toMatchObject({ code: 2 });
    expect(aws.calls).toEqual([]);
  });
});
