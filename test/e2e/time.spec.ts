/** Time and results: play, scrub, step, break, read the diagnosis, apply advice. */
import { expect, type Page } from '@playwright/test';
import { card, ended, openWindow, type ReferenceDocument, runToEnd, test } from './fixtures.ts';

/** More records than two shards take, for a minute in the middle of ten, or to the end. */
function overload(document: ReferenceDocument & { workloads?: { arrivals: unknown }[] }, endSeconds = 260): void {
  document.run = { ...document.run, horizonSeconds: 600, preRollSeconds: 10 };
  const [load] = document.workloads ?? [];
  if (load === undefined) throw new Error('the reference scenario has a workload');
  load.arrivals = {
    kind: 'steps',
    steps: [
      { atSeconds: 0, recordsPerSecond: 300 },
      { atSeconds: 200, recordsPerSecond: 2600 },
      { atSeconds: endSeconds, recordsPerSecond: 300 },
    ],
  };
}

const clock = (page: Page): ReturnType<Page['locator']> => page.locator('.top-bar-clock');
const playhead = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('slider', { name: 'Playhead' });

test('moves the playhead over what was found: play, pause, step, ends, keys and pointer', async ({ page, server }) => {
  await openWindow(page, server);
  await expect(clock(page)).toHaveText('12:00:00');
  await expect(page.getByText('Press Run to simulate this design.')).toBeVisible();
  await runToEnd(page);
  await page.getByRole('button', { name: 'Pause' }).click();
  await playhead(page).focus();
  await page.keyboard.press('Home');
  await expect(clock(page)).toHaveText('12:00:00');
  await page.getByRole('button', { name: 'Step' }).click();
  await expect(clock(page)).toHaveText('12:00:05');
  await page.keyboard.press('.');
  await expect(clock(page)).toHaveText('12:00:10');
  await playhead(page).focus();
  await page.keyboard.press('End');
  await expect(clock(page)).toHaveText('12:05:00');
  await page.keyboard.press('ArrowLeft');
  await expect(clock(page)).toHaveText('12:04:55');
  const area = await page.locator('.timeline-area').boundingBox();
  if (area === null) throw new Error('the timeline is not there');
  await page.mouse.click(area.x + area.width / 2, area.y + area.height / 2);
  await expect(clock(page)).toHaveText(/^12:02:(29|30|31)$/);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(clock(page)).not.toHaveText(/^12:02:(29|30|31)$/);
});

test('draws charts under the names of CloudWatch, and those of the selected component', async ({ page, server }) => {
  await openWindow(page, server);
  await runToEnd(page);
  await expect(page.locator('.chart-title b').first()).toHaveText('web-app · RecordsCreated');
  await expect(page.locator('.chart-canvas canvas').first()).toBeVisible();
  await card(page, 'clicks').click();
  await expect(page.locator('.chart-title b').first()).toHaveText('clicks · IncomingRecords');
  await expect(page.locator('.chart-now').first()).toHaveText(/\/s now$/);
});

test('shows the moment on the canvas: throttled in the middle, calm at the end', async ({ page, server }) => {
  await server.write((document) => overload(document));
  await openWindow(page, server);
  await runToEnd(page);
  await playhead(page).focus();
  await page.keyboard.press('End');
  await expect(card(page, 'clicks')).toHaveAttribute('data-state', 'running');
  await page.keyboard.press('Home');
  for (let pages = 0; pages < 5; pages += 1) await page.keyboard.press('PageUp');
  await expect(clock(page)).toHaveText(/^12:0[34]:/);
  await expect(card(page, 'clicks')).toHaveAttribute('data-state', 'failing');
  await expect(card(page, 'clicks').locator('.card-badge-throttled')).toHaveAttribute('title', /refused at a limit/);
  await expect(page.getByRole('log', { name: 'Events up to the playhead' })).toContainText('clicks');
});

test('breaks a component at the playhead, runs anew, and takes it back', async ({ page, server }) => {
  await openWindow(page, server);
  await runToEnd(page);
  await page.getByRole('button', { name: 'Pause' }).click();
  await playhead(page).focus();
  await page.keyboard.press('Home');
  for (let pages = 0; pages < 2; pages += 1) await page.keyboard.press('PageUp');
  await card(page, 'orders').click();
  await page.getByRole('button', { name: 'Break something now' }).click();
  await page.getByRole('menuitem', { name: /^Outage/ }).click();
  await ended(page);
  await expect(page.getByRole('button', { name: /^Fault outage: outage at orders/ })).toBeVisible();
  await expect(page.getByRole('tab', { name: /^Runs 2/ })).toBeVisible();
  await page.getByRole('tab', { name: /^Events/ }).click();
  await expect(page.getByText('your fault “outage” begins: an outage')).toBeVisible();
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('button', { name: /^Fault outage/ })).toBeHidden();
  await expect(page.getByText('stale', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Run again' })).toBeEnabled();
});

test('places a fault, drags and stretches it, each as one step of undo', async ({ page, server }) => {
  await openWindow(page, server);
  await card(page, 'clicks').click();
  await page.getByRole('button', { name: 'Place a fault at this moment' }).click();
  await page.getByRole('menuitem', { name: /^Throttling/ }).click();
  const mark = page.getByRole('button', { name: /^Fault throttling/ });
  await expect(mark).toHaveAccessibleName('Fault throttling: less capacity at clicks, 12:00:00 for 10 s');
  const box = await mark.boundingBox();
  const area = await page.locator('.timeline-area').boundingBox();
  if (box === null || area === null) throw new Error('the mark is not there');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + area.width / 8, box.y + box.height / 2, { steps: 5 });
  await page.mouse.move(box.x + box.width / 2 + area.width / 4, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(mark).toHaveAccessibleName(/12:01:1[456] for 10 s$/);
  await mark.focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(mark).toHaveAccessibleName(/for 15 s$/);
  await page.keyboard.press('Control+z');
  await expect(mark).toHaveAccessibleName(/12:01:1[456] for 10 s$/);
  await page.keyboard.press('Control+z');
  await expect(mark).toHaveAccessibleName(/12:00:00 for 10 s$/);
  await mark.focus();
  await page.keyboard.press('Delete');
  await expect(mark).toBeHidden();
});

test('says what holds the design up, mends it by one click, and shows before and after', async ({ page, server }) => {
  // Three runs, and two more for the price.
  test.slow();
  await server.write((document) => {
    overload(document, 700);
    document.run = { ...document.run, horizonSeconds: 330 };
  });
  await openWindow(page, server);
  await runToEnd(page);
  const told = page.getByRole('complementary', { name: 'Bottleneck' });
  await expect(told.getByRole('heading')).toContainText('clicks');
  const mend = told.getByRole('button', { name: /^Set shards 2 → \d/ });
  await expect(told.getByText(/\+\$\d+.* \/ month/)).toBeVisible({ timeout: 30_000 });
  await mend.click();
  await ended(page);
  await page.getByRole('tab', { name: /^Advice/ }).click();
  const change = page.getByRole('status', { name: 'What the last change did' });
  await expect(change).toContainText('Set shards 2 →');
  await expect(change).toContainText('Cost a month');
  await page.getByRole('tab', { name: /^Runs/ }).click();
  await expect(page.getByRole('table', { name: 'Runs, the newest first' }).getByRole('row')).toHaveCount(3);
});

test('lists assumptions with their sources, and changes the settings of the run', async ({ page, server }) => {
  await openWindow(page, server);
  await page.getByRole('button', { name: /, change it$/ }).click();
  const horizon = page.getByRole('textbox', { name: 'Horizon' });
  await horizon.fill('soon');
  await horizon.press('Enter');
  await expect(page.getByText('Write a time from 1 s to 366 d, such as 24 h.')).toBeVisible();
  await horizon.fill('2 min');
  await horizon.press('Enter');
  await page.getByRole('textbox', { name: 'Seed' }).fill('42');
  await page.getByRole('textbox', { name: 'Seed' }).press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^of 2 min · ×10 · seed 42 · exact/ })).toBeVisible();
  await runToEnd(page);
  await page.getByRole('tab', { name: /^Assumptions \d+/ }).click();
  const table = page.getByRole('table', { name: 'Assumptions of this run' });
  await expect(table.getByText(/^nodes\.enrich\.config\./).first()).toBeVisible();
  await expect(table.getByText('guess', { exact: true }).first()).toBeVisible();
});
