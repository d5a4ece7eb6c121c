/** Names and numbers as a person reads them: labels instead of ids, calls on links, the end of a day. */
import { expect, type Page } from '@playwright/test';
import { card, openWindow, type ReferenceDocument, runToEnd, test } from './fixtures.ts';

interface Design extends ReferenceDocument {
  nodes: (ReferenceDocument['nodes'][number] & { type: string; label: string; outputs?: object[] })[];
  edges: object[];
  workloads: { arrivals: unknown }[];
  objectives: object[];
  account: { startsAt: string };
}

const LABELS: Readonly<Record<string, string>> = {
  'web-app': 'Web shop',
  clicks: 'Click stream',
  enrich: 'Worker',
  orders: 'Order queue',
  'back-end': 'Worker',
};

/** Labels other than the ids, two of them alike; more records than two shards take; ends at midnight. */
function labelled(reference: ReferenceDocument): void {
  const design = reference as Design;
  for (const node of design.nodes) node.label = LABELS[node.id] ?? '';
  design.account.startsAt = '2026-01-05T23:54:00';
  design.run = { ...design.run, horizonSeconds: 360, preRollSeconds: 10 };
  const steps = [
    { atSeconds: 0, recordsPerSecond: 300 },
    { atSeconds: 200, recordsPerSecond: 2600 },
    { atSeconds: 300, recordsPerSecond: 300 },
  ];
  for (const load of design.workloads) load.arrivals = { kind: 'steps', steps };
  design.objectives = [{ id: 'fresh', kind: 'latency', node: 'back-end', quantile: 0.99, maxSeconds: 5 }];
}

/** The function asks a cache about each record. */
function asking(reference: ReferenceDocument): void {
  const { nodes, edges } = reference as Design;
  const worker = nodes.find(({ id }) => id === 'enrich');
  worker?.outputs?.push({ id: 'look-ups', port: 'calls', emit: { order: 'pipelined' } });
  nodes.push({ id: 'seen', type: 'elasticache', label: 'Seen keys', position: { x: 440, y: 260 }, config: {} });
  const ends = { source: 'enrich', output: 'look-ups', target: 'seen', port: 'commands' };
  edges.push({ id: 'look-up', kind: 'call', ...ends });
}

const tab = (page: Page, name: RegExp): Promise<void> => page.getByRole('tab', { name }).click();

test('calls nodes by their labels, and says the id where two share one', async ({ page, server }) => {
  test.slow();
  await server.write(labelled);
  await openWindow(page, server);
  await runToEnd(page);
  await page.getByRole('slider', { name: 'Playhead' }).focus();
  await page.keyboard.press('End');
  await expect(page.locator('.top-bar-clock')).toHaveText('24:00:00');
  const told = page.getByRole('complementary', { name: 'Bottleneck' });
  await expect(told.getByRole('heading')).toHaveText(/– now: Worker \(back-end\)$/);
  await expect(told).toContainText('it moves with “Workers”');
  await expect(told.getByText('Workers', { exact: true })).toHaveAttribute('title', 'nodes.back-end.config.workers');
  await tab(page, /^Advice/);
  await expect(page.locator('.advice-list').getByText('Click stream', { exact: true }).first()).toBeVisible();
  await expect(
    page
      .locator('.advice-list')
      .getByText(/^Shards: 2 → \d/)
      .first(),
  ).toBeVisible();
  await tab(page, /^Objectives/);
  await expect(page.getByRole('cell', { name: 'p99 latency to Worker (back-end)' })).toBeVisible();
  await tab(page, /^Limits/);
  const limits = page.getByRole('table', { name: 'Limits, the nearest to its capacity first' });
  await expect(limits.getByText('Click stream', { exact: true }).first()).toHaveAttribute('title', 'id clicks');
  await expect(limits.getByText('your setting “Concurrent batches per shard”').first()).toHaveAttribute(
    'title',
    'edges.poll.config.parallelizationFactor',
  );
  await tab(page, /^Timeline/);
  const log = page.getByRole('log', { name: 'Events up to the playhead' });
  await expect(log.getByText('Click stream', { exact: true }).first()).toHaveAttribute('title', 'id clicks');
});

test('shows calls a second on a link along which something is asked', async ({ page, server }) => {
  await server.write((document) => {
    asking(document);
    document.run = { ...document.run, horizonSeconds: 120, preRollSeconds: 10 };
  });
  await openWindow(page, server);
  await runToEnd(page);
  await expect(page.locator('.edge-label', { hasText: /^[\d.]+k? calls\/s$/ })).toBeVisible();
  await expect(card(page, 'seen')).toContainText(/[\d.]+\/s/);
});
