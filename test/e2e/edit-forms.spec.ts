/** Forms: what is typed becomes part of the design, in one step of undo, and what is wrong is told where it stands. */
import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import { card, openWindow, test } from './fixtures.ts';

const inspector = (page: Page): Locator => page.getByRole('complementary', { name: 'Inspector' });
const fieldAt = (page: Page, path: string): Locator => page.locator(`[data-path="${path}"]`);
const undoButton = (page: Page, what: string): Locator => page.getByRole('button', { name: `Undo ${what}` });
const curve = (page: Page): Locator => inspector(page).getByRole('img', { name: /^Rate over/ });

/** Selects a node and waits for its form. */
async function configure(page: Page, node: string): Promise<void> {
  await card(page, node).click();
  await expect(inspector(page).getByRole('heading', { name: node, level: 2 })).toBeVisible();
}

/** Chooses from a list that opens over the page. */
async function choose(page: Page, field: Locator, option: string | RegExp): Promise<void> {
  await field.getByRole('button').first().click();
  await page.getByRole('option', { name: option }).click();
}

test('changes a setting, refuses one out of range with the range, and undoes each as one step', async ({
  page,
  server,
}) => {
  await openWindow(page, server);
  await configure(page, 'clicks');
  const shards = inspector(page).getByRole('textbox', { name: 'Shards' });
  await expect(shards).toHaveValue('2');
  await shards.fill('8');
  await shards.press('Enter');
  await expect(undoButton(page, 'change Shards of clicks')).toBeEnabled();

  await shards.fill('50000');
  await shards.press('Tab');
  const field = fieldAt(page, 'nodes.clicks.config.shardCount');
  await expect(field).toContainText(
    'Is outside the allowed range (found 50000). Allowed: an integer from 1 to 20000 (shards)',
  );
  await expect(shards).toHaveValue('50,000');
  await expect(page.getByRole('button', { name: /to mend before it can run/ })).toBeVisible();

  await undoButton(page, 'change Shards of clicks').click();
  await expect(shards).toHaveValue('8');
  await expect(field).not.toContainText('Is outside the allowed range');
  await undoButton(page, 'change Shards of clicks').click();
  await expect(shards).toHaveValue('2');
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeDisabled();
});

test('takes numbers with units, and leaves a text that is no number to be mended', async ({ page, server }) => {
  await openWindow(page, server);
  await configure(page, 'orders');
  const timeout = inspector(page).getByRole('textbox', { name: 'Visibility timeout' });
  await timeout.fill('2 min');
  await timeout.press('Enter');
  await expect(timeout).toHaveValue('120');
  await timeout.fill('soon');
  await timeout.press('Enter');
  await expect(timeout).toHaveValue('soon');
  await expect(fieldAt(page, 'nodes.orders.config.visibilityTimeoutSeconds')).toContainText('a time such as 5 min');
  await timeout.press('Escape');
  await expect(timeout).toHaveValue('120');
  await timeout.press('Control+z');
  await expect(timeout).toHaveValue('60');
});

test('saves what is still being typed', async ({ page, server }) => {
  await openWindow(page, server);
  await configure(page, 'clicks');
  await inspector(page).getByRole('textbox', { name: 'Shards' }).fill('5');
  await page.keyboard.press('Control+s');
  await expect(page.getByRole('button', { name: /^File: .*, saved/ })).toBeVisible();
  await expect(async () => {
    const saved = JSON.parse(await readFile(server.file, 'utf8')) as {
      nodes: { id: string; config: { shardCount?: number } }[];
    };
    expect(saved.nodes.find(({ id }) => id === 'clicks')?.config.shardCount).toBe(5);
  }).toPass();
});

test('hides what does not count, resets to the default, and says what a field is', async ({ page, server }) => {
  await openWindow(page, server);
  await configure(page, 'clicks');
  const form = inspector(page);
  await expect(form.getByRole('textbox', { name: 'Shards' })).toBeVisible();
  await choose(page, fieldAt(page, 'nodes.clicks.config.streamMode'), 'ON_DEMAND');
  await expect(form.getByRole('textbox', { name: 'Shards' })).toBeHidden();
  await expect(form.getByText('On-demand Advantage').first()).toBeVisible();
  await expect(page.getByRole('button', { name: /to mend before it can run/ })).toBeHidden();
  await form.getByRole('button', { name: 'Reset Capacity mode to the default' }).click();
  await expect(form.getByRole('textbox', { name: 'Shards' })).toHaveValue('1');

  const retention = form.getByRole('textbox', { name: 'Retention' });
  await retention.focus();
  await page.keyboard.press('F1');
  const about = page.getByRole('dialog', { name: 'Retention' });
  await expect(about).toContainText('Age at which a record is trimmed');
  await expect(about).toContainText('Allowed: 24 to 8,760 h');
  await expect(about).toContainText('Documented by AWS.');
  await expect(about.getByRole('link', { name: /docs\.aws\.amazon\.com/ })).toHaveAttribute(
    'href',
    /service-sizes-and-limits/,
  );
  await expect(about).toContainText('read 2026-11-21');
});

test('draws the load anew when its profile changes', async ({ page, server }) => {
  await openWindow(page, server);
  await configure(page, 'web-app');
  await expect(curve(page)).toHaveAttribute('data-peak', '200');
  const line = curve(page).locator('.profile-line');
  const before = await line.getAttribute('d');
  await choose(page, fieldAt(page, 'workloads.visitors.arrivals'), /^Spike/);
  await expect(line).not.toHaveAttribute('d', before ?? '');
  const peak = inspector(page).getByRole('textbox', { name: 'Peak' });
  await peak.fill('5k');
  await peak.press('Enter');
  await expect(peak).toHaveValue('5,000');
  await expect(curve(page)).toHaveAttribute('data-peak', '5000');
  await undoButton(page, 'change Peak of load visitors').click();
  await expect(curve(page)).toHaveAttribute('data-peak', '400');
});

test('reads a recorded trace from a CSV file, and refuses one with gaps and text', async ({ page, server }) => {
  await openWindow(page, server);
  await configure(page, 'web-app');
  await choose(page, fieldAt(page, 'workloads.visitors.arrivals'), /^Recorded trace/);
  const file = page.locator('.inspector input[type="file"]');
  const csv = (text: string): { name: string; mimeType: string; buffer: Buffer } => ({
    name: 'trace.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(text),
  });
  await file.setInputFiles(csv('second,records\n0,10\n60,many\n240,30\n'));
  const refused = inspector(page).getByText('trace.csv was not read');
  await expect(refused).toBeVisible();
  await expect(inspector(page)).toContainText(/Line 3: /i);
  await file.setInputFiles(csv('second,records\n0,600\n60,1200\n120,300\n'));
  await expect(refused).toBeHidden();
  await expect(inspector(page).getByRole('textbox', { name: 'Counts' })).toHaveValue('600, 1200, 300');
  await expect(curve(page)).toHaveAttribute('data-peak', '20');
});

test('edits steps as a table, and says which step is out of order', async ({ page, server }) => {
  await openWindow(page, server);
  await configure(page, 'web-app');
  await choose(page, fieldAt(page, 'workloads.visitors.arrivals'), /^Steps/);
  const table = inspector(page).getByRole('table', { name: /^Steps of load visitors/ });
  await expect(table.getByRole('row')).toHaveCount(3);
  await inspector(page).getByRole('button', { name: 'Add a row to Steps' }).click();
  await expect(table.getByRole('row')).toHaveCount(4);
  const last = table.getByRole('textbox', { name: 'At, row 3' });
  await last.fill('10');
  await last.press('Enter');
  await expect(table.getByRole('alert')).toContainText('Must be later than the step before it (150 s)');
  await table.getByRole('button', { name: 'Remove row 3' }).click();
  await expect(table.getByRole('alert')).toBeHidden();
});

test('edits, adds, renames and removes outputs, and the links follow', async ({ page, server }) => {
  await openWindow(page, server);
  await configure(page, 'enrich');
  const form = inspector(page);
  await form.getByRole('button', { name: /^orders/ }).click();
  const selectivity = form.getByRole('textbox', { name: 'Selectivity' });
  await expect(selectivity).toHaveValue('0.2');
  await selectivity.fill('0.5');
  await selectivity.press('Enter');
  await expect(undoButton(page, 'change Selectivity of output orders')).toBeEnabled();
  const name = form.getByRole('textbox', { name: 'Output name' });
  await name.fill('Sales');
  await name.press('Enter');
  await expect(fieldAt(page, 'nodes.enrich.outputs.orders.id')).toContainText('lower-case letters');
  await name.fill('sales');
  await name.press('Enter');
  await expect(form.getByRole('button', { name: /^sales/ })).toContainText('to orders');
  await form.getByRole('button', { name: 'Add an output' }).first().click();
  await expect(form.getByRole('button', { name: /^output-2/ })).toContainText('not linked');
  await form.getByRole('button', { name: /^sales/ }).click();
  await form.getByRole('button', { name: 'Remove the output and its links' }).click();
  await expect(page.locator('.react-flow__edge')).toHaveCount(3);
});

test('changes the settings of a connection and its route', async ({ page, server }) => {
  await openWindow(page, server);
  await page.locator('.react-flow__edge[data-id="poll"] .edge-hit').click({ force: true });
  const form = inspector(page);
  const batch = form.getByRole('textbox', { name: 'Batch size' });
  await expect(batch).toHaveValue('200');
  await batch.fill('20,000');
  await batch.press('Enter');
  await expect(fieldAt(page, 'edges.poll.config.batchSize')).toContainText('an integer from 1 to 10000 (records)');
  await batch.fill('');
  await batch.press('Enter');
  await expect(batch).toHaveValue('100');
  await fieldAt(page, 'edges.poll.port').getByRole('button').first().click();
  await expect(page.getByRole('option', { name: /SQS event source/ })).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Escape');

  await configure(page, 'enrich');
  await form.getByRole('button', { name: 'Add an output' }).first().click();
  await page.locator('.react-flow__edge[data-id="send"] .edge-hit').click({ force: true });
  await choose(page, fieldAt(page, 'edges.send.output'), /^Output output-2/);
  await expect(undoButton(page, 'reroute send')).toBeEnabled();
  await expect(form.getByRole('button', { name: /^Output output-2/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /to mend before it can run/ })).toBeHidden();
});

test('renames a node, and its links, loads and objectives follow', async ({ page, server }) => {
  await openWindow(page, server);
  await configure(page, 'back-end');
  const form = inspector(page);
  const id = fieldAt(page, 'nodes.back-end.id').getByRole('textbox');
  await id.fill('clicks');
  await id.press('Enter');
  await expect(fieldAt(page, 'nodes.back-end.id')).toContainText('clicks is taken already');
  await id.fill('shop');
  await id.press('Enter');
  await expect(card(page, 'shop')).toBeVisible();
  await expect(page.locator('.react-flow__edge')).toHaveCount(4);
  await expect(form.getByText('p99 at back-end: at most 5 s')).toBeVisible();
  await expect(page.getByRole('button', { name: /to mend before it can run/ })).toBeHidden();
  const label = form.getByRole('textbox', { name: 'Label' });
  await label.fill('Shop');
  await label.press('Enter');
  await expect(card(page, 'shop')).toContainText('Shop');
  await expect(form.getByText('p99 at Shop: at most 5 s')).toBeVisible();
});

test('leads from a fault in the list to its field, also in a folded part', async ({ page, server }) => {
  await openWindow(page, server);
  await configure(page, 'enrich');
  const form = inspector(page);
  await form
    .getByRole('button', { name: /^More settings/ })
    .first()
    .click();
  const keep = form.getByRole('textbox', { name: 'Shortest keep-alive' });
  await keep.fill('2,000');
  await keep.press('Enter');
  await form.getByRole('button', { name: 'Close the inspector' }).click();
  await page.getByRole('button', { name: /to mend before it can run/ }).click();
  const faults = page.getByRole('region', { name: 'Faults of the design' });
  await faults.getByRole('button', { name: 'nodes.enrich.config.idleTimeoutMinSeconds' }).click();
  await expect(keep).toBeFocused();
});

test('places, changes and removes faults and objectives in forms', async ({ page, server }) => {
  await openWindow(page, server);
  await configure(page, 'enrich');
  const form = inspector(page);
  await form.getByRole('button', { name: 'Add a fault' }).click();
  await page.getByRole('menuitem', { name: /^Outage/ }).click();
  await form.getByRole('button', { name: /^Outage/ }).click();
  const lasts = form.getByRole('textbox', { name: 'Lasts' });
  await lasts.fill('1 min');
  await lasts.press('Enter');
  await expect(form.getByRole('button', { name: /^Outage/ })).toContainText('for 1 min');
  await choose(page, fieldAt(page, 'faults.outage.kind'), 'Errors');
  await expect(form.getByRole('textbox', { name: 'Share that fails' })).toHaveValue('0.5');
  await expect(lasts).toHaveValue('60');
  await form.getByRole('button', { name: 'Remove this fault' }).click();
  await expect(lasts).toBeHidden();

  await page.getByRole('button', { name: 'Design settings' }).click();
  await form.getByRole('button', { name: 'Objectives' }).click();
  await form.getByRole('button', { name: 'Add an objective' }).click();
  await page.getByRole('menuitem', { name: 'A metric of a node' }).click();
  await form.getByRole('button', { name: /^A metric of a node/ }).click();
  await choose(page, fieldAt(page, 'objectives.metric.node'), /^orders/);
  const metric = fieldAt(page, 'objectives.metric.metric');
  await expect(metric).toContainText('Is not a metric of');
  await choose(page, metric, /^ApproximateAgeOfOldestMessage/);
  await expect(metric).not.toContainText('Is not a metric of');
});

test('changes what belongs to the design as a whole', async ({ page, server }) => {
  await openWindow(page, server);
  await page.getByRole('button', { name: 'Design settings' }).click();
  const form = inspector(page);
  const start = form.getByRole('textbox', { name: 'Starts at' });
  await start.fill('2026-02-30 08:00');
  await start.press('Enter');
  await expect(fieldAt(page, 'account.startsAt')).toContainText('Write a date and a time');
  await start.fill('2026-01-06 8:00');
  await start.press('Enter');
  await expect(fieldAt(page, 'account.startsAt')).toContainText('a Tuesday');
  await expect(page.locator('.top-bar-clock')).toHaveText('08:00:00');
  const quota = form.getByRole('textbox', { name: 'AWS Lambda: concurrent executions' });
  await quota.fill('50');
  await quota.press('Enter');
  await expect(undoButton(page, 'change the quota lambda/concurrent-executions')).toBeEnabled();
  const name = form.getByRole('textbox', { name: 'Name' });
  await name.fill('black-friday');
  await name.press('Enter');
  await expect(page.getByRole('button', { name: /^File: black-friday, not saved/ })).toBeVisible();
});

test('shows forms without letting a reader change them', async ({ page, server, context }) => {
  await openWindow(page, server);
  const second = await context.newPage();
  await second.goto(server.url);
  await expect(second.getByText('Read only')).toBeVisible();
  await second.locator('[data-node="clicks"]').click();
  await expect(inspector(second).getByRole('textbox', { name: 'Shards' })).not.toBeEditable();
  await expect(inspector(second).getByRole('button', { name: 'Add a fault' })).toBeDisabled();
});
