/** Driving, comparing and calibrating a deployed design in the window, against an emulator of AWS. */
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { deploy, openAws, STACK, test } from './aws-fixtures.ts';
import { type AppServer, card } from './fixtures.ts';
import { seedMetrics } from './seeded-metrics.ts';
import { violations } from './violations.ts';

const MINUTES = 4;
const MINUTE_MS = 60_000;
const RATE = 60;

/** A load that takes moments to simulate and to send. */
async function smallLoad(server: AppServer): Promise<void> {
  await server.write((document) => {
    document.run = { ...document.run, horizonSeconds: MINUTES * 60, preRollSeconds: 0 };
    const { workloads } = document as unknown as { workloads: { arrivals: Record<string, unknown> }[] };
    for (const { arrivals } of workloads) arrivals['fromRecordsPerSecond'] = RATE;
  });
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();
const field = (page: Page, name: string) => page.getByRole('form', { name: 'Drive' }).getByLabel(name);

/** Chooses to read from a moment of this machine until now. */
async function readSince(page: Page, since: Date): Promise<void> {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${since.getFullYear()}-${two(since.getMonth() + 1)}-${two(since.getDate())}`;
  await page.getByRole('button', { name: /^Times to read/ }).click();
  await page.getByRole('button', { name: /^Times (The last drive|Last|Between)/ }).click();
  await page.getByRole('option', { name: 'Between two moments' }).click();
  await page.getByLabel('Since').fill(`${date} ${two(since.getHours())}:${two(since.getMinutes())}`);
  await page.getByRole('button', { name: 'Close the times' }).click();
  await page.getByRole('button', { name: 'Read CloudWatch' }).click();
}

const compared = (page: Page) => page.getByRole('table', { name: /^Measured beside simulated/ });

test('drives the deployed design, tells how far it is, stops when told, and counts at the sinks', async ({
  page,
  server,
}) => {
  test.setTimeout(240_000);
  await smallLoad(server);
  await openAws(page, server);
  await tab(page, 'Drive');
  await expect(page.getByRole('form', { name: 'Drive' }).getByRole('button', { name: 'Drive' })).toBeDisabled();
  await expect(page.getByText('Nothing is deployed under this name: deploy the design first.')).toBeVisible();
  await deploy(page);
  await expect(card(page, 'orders')).toHaveAttribute('data-deploy', 'done', { timeout: 90_000 });
  await tab(page, 'Drive');

  await field(page, 'Load to send').fill('0');
  await expect(page.getByText('Write a time from 1 s to 365 d, such as 5 min.')).toBeVisible();
  await field(page, 'Load to send').fill('20 s');
  await field(page, 'Most in all').fill('500');
  await field(page, 'Speed').fill('2');
  await field(page, 'Wait at sinks').fill('2 s');
  await expect(page.getByText(/^At most 500 records\.$/)).toBeVisible();
  const send = page.getByRole('form', { name: 'Drive' }).getByRole('button', { name: 'Drive' });
  await send.click();
  await expect(page.getByText(/^Sending the/)).toBeVisible();
  const report = page.getByRole('region', { name: 'Report of the drive' });
  await expect(report).toContainText('500 records sent', { timeout: 60_000 });
  await expect(report).toContainText('It ended at the most records that you allowed.');
  await expect(report.getByRole('table', { name: 'What the targets took' })).toContainText(
    'everything was taken at once',
  );
  await expect(report.getByRole('table', { name: 'What has come to the sinks' })).toContainText('orders');

  expect(await violations(page, '.run-panel')).toEqual([]);

  await field(page, 'Most in all').fill('');
  await field(page, 'Load to send').fill('10 min');
  await field(page, 'Speed').fill('1');
  await field(page, 'Wait at sinks').fill('0');
  await send.click();
  await expect(page.getByText(/^Sending the load, about \d+ min.* left$/)).toBeVisible();
  await expect(page.getByLabel('What was sent so far')).toContainText(/Records[1-9]/);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(report).toContainText('You stopped it; the calls under way were finished.', { timeout: 30_000 });

  // Nothing of it is there yet, which is no fault.
  await report.getByRole('button', { name: 'Compare with the simulation' }).click();
  await expect(page.getByRole('button', { name: /^Times to read: Last drive/ })).toBeVisible();
  await page.getByRole('button', { name: 'Read CloudWatch' }).click();
  await expect(
    page.getByText(/CloudWatch shows nothing of this time yet\. It shows metrics some minutes late/),
  ).toBeVisible();
});

test('sets what was measured beside the simulation, saves it, and fits the settings behind it', async ({
  page,
  server,
  emulator,
}) => {
  test.setTimeout(480_000);
  await smallLoad(server);
  await openAws(page, server);
  await deploy(page);
  await expect(card(page, 'orders')).toHaveAttribute('data-deploy', 'done', { timeout: 90_000 });
  const start = new Date(Math.floor(Date.now() / MINUTE_MS - 15) * MINUTE_MS);
  await seedMetrics({
    endpoint: emulator.endpoint,
    stackName: STACK,
    file: server.file,
    settings: ['nodes.clicks.config.putLatencyMs=30'],
    start,
    minutes: MINUTES,
    unseen: ['Duration', 'GetRecords.Latency'],
  });

  await tab(page, 'Compare');
  await readSince(page, start);
  await expect(compared(page)).toContainText('IncomingRecords');
  await expect(
    page.getByText(/walking-skeleton in us-east-1, measured .*; the last 1\d min are not there yet/).first(),
  ).toBeVisible();
  await expect(page.getByText(/Nothing measured of .*enrich Duration/)).toBeVisible();
  await page.getByRole('button', { name: 'Run the design to compare' }).click();
  const latency = compared(page).getByRole('row', { name: /PutRecords\.Latency mean/ });
  // Simulated with 20 ms, measured with 30; the rest is the chance of another seed.
  await expect(latency).toContainText(/\+3[345] %/, { timeout: 60_000 });

  // The bill of the same time, once the run is there to compare with.
  await page.getByRole('button', { name: 'Read CloudWatch' }).click();
  await page.getByRole('button', { name: 'Cost', exact: true }).click();
  const bill = page.getByRole('table', { name: /^What the measured time cost/ });
  await expect(bill.getByRole('row', { name: /Open shards/ })).toContainText('by the settings');
  await expect(page.getByText(/ for 4 min by what was counted, .* by the simulation\./)).toBeVisible();
  expect(await violations(page, '.run-panel')).toEqual([]);
  await page.getByRole('button', { name: 'Metrics', exact: true }).click();

  await compared(page).getByText('IncomingRecords').first().click();
  const chart = page.getByRole('img', { name: /IncomingRecords, simulated and measured/ });
  await expect(chart).toHaveAttribute('data-measured', String(MINUTES));
  expect(Number(await chart.getAttribute('data-simulated'))).toBeGreaterThan(MINUTES);

  expect(await violations(page, '.run-panel')).toEqual([]);

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save, open and export' }).click();
  await page.getByRole('menuitem', { name: 'Export the table as CSV' }).click();
  const file = await (await downloading).path();
  expect(await readFile(file, 'utf8')).toMatch(
    /^node,metric,unit,statistic,simulated,measured,error_ratio,shape_error_ratio\n[\s\S]*clicks,PutRecords\.Latency,Milliseconds,Average,\d/,
  );

  await page.getByRole('button', { name: 'Save, open and export' }).click();
  await page.getByRole('menuitem', { name: 'Save the measured run' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save the measured run' });
  await expect(dialog.getByLabel('File name')).toHaveValue('design-measured.caudal-run');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toBeHidden();

  // In a window that has read nothing, over the simulation of the same design.
  await page.reload();
  await expect(card(page, 'clicks')).toBeVisible();
  await page.getByRole('tab', { name: /^Runs/ }).click();
  await page.getByRole('button', { name: 'Open a saved run' }).click();
  await page.getByRole('button', { name: 'design-measured.caudal-run' }).click();
  await expect(page.getByText(/^Measured run from design-measured\.caudal-run, Caudal/)).toBeVisible();
  await expect(page.locator('.chart')).not.toHaveCount(0);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.locator('[data-run]')).toHaveAttribute('data-run', 'done', { timeout: 45_000 });
  await expect(page.getByText(/^Measured run from design-measured\.caudal-run, Caudal/)).toBeVisible();

  await page.getByRole('button', { name: 'AWS', exact: true }).click();
  await tab(page, 'Calibrate');
  await page.getByLabel('Seeds').fill('1');
  await page.getByLabel('Trials').fill('6');
  await page.getByRole('button', { name: 'Calibrate', exact: true }).click();
  const proposals = page.getByRole('region', { name: 'Proposals' });
  await expect(proposals).toContainText('nodes.clicks.config.putLatencyMs', { timeout: 120_000 });
  const row = proposals.getByRole('row', { name: /putLatencyMs/ });
  await expect(row).toContainText('20 ms');
  await expect(row).toContainText(/(29|30|31)(\.\d)? ms/);
  expect(await violations(page, '.run-panel')).toEqual([]);
  await proposals.getByRole('button', { name: /^Apply/ }).click();
  await expect(proposals).toContainText('In the design. Undo takes it back');
  await tab(page, 'Compare');
  await expect(compared(page).getByRole('row', { name: /PutRecords\.Latency mean/ })).toContainText(
    /[−+]?\d\.\d %|0 %/,
    {
      timeout: 60_000,
    },
  );
  await page.keyboard.press('Control+z');
  await tab(page, 'Calibrate');
  await expect(proposals.getByRole('button', { name: /^Apply/ })).toBeVisible();
});
