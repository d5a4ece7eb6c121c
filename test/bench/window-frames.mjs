/**
 * Prints how much of the window's main thread each frame takes while a run of 300 nodes streams and plays: all of them far out,
 * and some at full size. Processor time, from a trace of Chromium without a graphics card. Needs a current build and a Chromium:
 * `node test/bench/window-frames.mjs [seconds]`, or `npm run bench -- window`.
 */
import { loadavg } from 'node:os';
import { documentOf, launch, quantile, SCREEN, serve } from './window-app.mjs';

const NODES = 300;
/** Played in 24 s, as any horizon is; the load is small enough that the run keeps ahead of the playhead on most machines. */
const RUN = { horizonSeconds: 3600, preRollSeconds: 10 };
const ARRIVALS = { kind: 'poisson', recordsPerSecond: 5 };
const FRAME_US = 16_667;
const LONG_TASK_US = 50_000;
const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline'];

function largeDocument() {
  const document = documentOf(NODES, RUN);
  return { ...document, workloads: document.workloads.map((load) => ({ ...load, arrivals: ARRIVALS })) };
}

/** Tasks of the page's main thread, by when they began, with their processor time. */
function mainTasks({ traceEvents }) {
  const isMain = ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain';
  const threads = traceEvents.filter(isMain).map(({ pid, tid }) => {
    const own = traceEvents.filter((event) => event.pid === pid && event.tid === tid);
    return own.filter(({ name, ph, tdur }) => name === 'RunTask' && ph === 'X' && tdur !== undefined);
  });
  return threads.reduce((most, tasks) => (tasks.length > most.length ? tasks : most), []);
}

function report(tasks) {
  const first = Math.min(...tasks.map(({ ts }) => ts));
  const last = Math.max(...tasks.map(({ ts }) => ts));
  const frames = new Float64Array(Math.ceil((last - first) / FRAME_US) + 1);
  for (const { ts, tdur } of tasks) frames[Math.floor((ts - first) / FRAME_US)] += tdur / 1000;
  const at = (share) => quantile(frames, share).toFixed(1);
  console.log(`main thread per frame: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms (budget 8 ms), p99 ${at(0.99)} ms`);
  const longest = Math.max(...tasks.map(({ tdur }) => tdur));
  const long = tasks.filter(({ tdur }) => tdur > LONG_TASK_US).length;
  console.log(`longest task ${(longest / 1000).toFixed(0)} ms; ${long} above the budget of 50 ms`);
}

async function measure(browser, address, zoom, seconds) {
  const context = await browser.newContext(SCREEN);
  const page = await context.newPage();
  await page.goto(address);
  await page.locator('.card').first().waitFor();
  // The view is fitted once the panels have settled.
  await page.waitForTimeout(500);
  if (zoom === 'near') await page.keyboard.press('1');
  const run = page.locator('[data-run]');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.locator('.card[data-state="running"]').first().waitFor({ timeout: 120_000 });
  await browser.startTracing(page, { categories: CATEGORIES });
  await page.waitForTimeout(seconds * 1000);
  const trace = JSON.parse(String(await browser.stopTracing()));
  const cards = await page.locator('.card').count();
  const time = await page.locator('.top-bar-clock').textContent();
  const phase = await run.getAttribute('data-run');
  console.log(
    `\n${zoom}: ${cards} of ${NODES} cards drawn; run ${phase}, played to ${time}; load ${loadavg()[0].toFixed(1)}`,
  );
  report(mainTasks(trace));
  await context.close();
}

const seconds = Number(process.argv[2] ?? 15);
console.log('\n## Work of the window in each frame, a run of 300 nodes streams and plays');
const app = await serve({ 'large.caudal.json': JSON.stringify(largeDocument()) });
const browser = await launch();
try {
  for (const zoom of ['far', 'near']) await measure(browser, app.address, zoom, seconds);
} finally {
  await browser.close();
  app.close();
}
