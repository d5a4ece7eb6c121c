/**
 * Prices read from the window. Replies made by hand in the documented shape, since no emulator answers the Price List:
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html (read 2026-11-21).
 */
import { expect } from '@playwright/test';
import {
  type FakeAws,
  type FakeCall,
  type FakeReply,
  jsonReply,
  queryError,
  startFakeAws,
} from '#test/harness/fake-aws.ts';
import { bar, flip, LONG_MS, withCredentials } from './aws-fixtures.ts';
import { AppServer, test as base } from './fixtures.ts';

const SHARD_HOUR = JSON.stringify({
  product: {
    sku: 'SHARD',
    productFamily: 'x',
    attributes: { usagetype: 'Storage-ShardHour', regionCode: 'us-east-1' },
  },
  serviceCode: 'x',
  terms: {
    OnDemand: {
      'SHARD.JRTCKXETXF': {
        offerTermCode: 'JRTCKXETXF',
        sku: 'SHARD',
        effectiveDate: '2026-11-01T00:00:00Z',
        priceDimensions: {
          'SHARD.JRTCKXETXF.0': {
            unit: 'ShardHour',
            beginRange: '0',
            endRange: 'Inf',
            description: '',
            appliesTo: [],
            rateCode: '',
            pricePerUnit: { USD: '0.0170000000' },
          },
        },
        termAttributes: {},
      },
    },
  },
  version: '20261101000000',
  publicationDate: '2026-11-01T00:00:00Z',
});

/** One price, and no right to anything else. */
function reply({ action, input }: FakeCall): FakeReply {
  if (action !== 'GetProducts')
    return queryError(403, 'UnauthorizedOperation', 'You are not authorized to perform this operation.');
  const filters = input['Filters'] as readonly { readonly Field: string; readonly Value: string }[];
  const isShard = filters.some(({ Value }) => Value === 'Storage-ShardHour');
  return jsonReply({ FormatVersion: 'aws_v1', PriceList: isShard ? [SHARD_HOUR] : [] });
}

const test = base.extend<{ readonly aws: FakeAws }>({
  // Playwright wants the braces.
  // oxlint-disable-next-line no-empty-pattern
  aws: async ({}, use) => {
    const aws = await startFakeAws(reply);
    await use(aws);
    await aws.stop();
  },
  server: async ({ aws }, use) => {
    const server = await AppServer.start(withCredentials(aws.endpoint));
    await use(server);
    await server.stop();
  },
});

test('reads the prices of the Region, and shows what differs and what was not read', async ({ page, server }) => {
  await flip(page, server);
  await expect(page.getByText('AWS did not say what is there')).toBeVisible();
  await bar(page).getByRole('button', { name: 'More about this deployment' }).click();
  await page.getByRole('menuitem', { name: 'Refresh prices' }).click();
  const dialog = page.getByRole('dialog', { name: 'Prices of us-east-1' });
  await dialog.getByRole('button', { name: 'Read the prices' }).click();
  await expect(dialog.getByText(/^1 price of us-east-1 read on .*; one differs from the shipped ones/)).toBeVisible({
    timeout: LONG_MS,
  });
  const row = dialog.getByRole('row', { name: /provisioned-shard-hour/ });
  await expect(row).toContainText('0.015');
  await expect(row).toContainText('0.017');
  await expect(dialog.getByText(/^Spot prices were not read: .*ec2:DescribeSpotPriceHistory/)).toBeVisible();
  await expect(dialog.getByText(/^Not read, so as shipped/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(page.getByText('AWS did not say what is there')).toBeVisible();
});
