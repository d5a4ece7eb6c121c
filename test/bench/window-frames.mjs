/**
 * Prints how much of the window's main thread each frame takes while a run of 300 nodes streams and plays. Processor time, from a
 * trace of Chromium without a graphics card. Needs a current build and a Chromium: `node test/bench/window-frames.mjs [seconds]`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { ROOT } from '#bin/build-state.mjs';
import { REFERENCE_SCENARIO } from '#tools/reference-scenario.mjs';
import { findChromium } from '#tools/setup/chromium.mjs';

const COPIES = 60;
const COLUMNS = 5;
const FRAME_US = 16_667;
const LONG_TASK_US = 50_000;

/** The reference scenario, sixty times over in one document. */
function largeDocument() {
  const reference = JSON.parse(readFileSync(join(ROOT, REFERENCE_SCENARIO), 'utf8'));
  const { $schema: _, ...whole } = { ...reference, nodes: [], edges: [], workloads: [], objectives: [] };
  for (let copy = 0; copy < COPIES; copy += 1) {
    const own = (id) => `${id}-${copy}`;
    const place = ({ x, y }) => ({ x: x + (copy % COLUMNS) * 1150, y: y + Math.floor(copy / COLUMNS) * 180 });
    const arrivals = { kind: 'poisson', recordsPerSecond: 20 };
    for (const node of reference.nodes)
      whole.nodes.push({ ...node, id: own(node.id), label: own(node.id), position: place(node.position) });
    for (const edge of reference.edges)
      whole.edges.push({ ...edge, id: own(edge.id), source: own(edge.source), target: own(edge.target) });
    for (const load of reference.workloads)
      whole.workloads.push({ ...load, id: own(load.id), node: own(load.node), arrivals });
  }
  return { ...whole, run: { ...reference.run, horizonSeconds: 3600, preRollSeconds: 10 } };
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
  frames.sort();
  const at = (share) => frames[Math.floor(share * (frames.length - 1))].toFixed(1);
  const longest = Math.max(...tasks.map(({ tdur }) => tdur));
  console.log(`frames ${frames.length}, load average ${loadavg()[0].toFixed(1)}`);
  console.log(`main thread per frame: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms (budget 8 ms), p99 ${at(0.99)} ms`);
  const long = tasks.filter(({ tdur }) => tdur > LONG_TASK_US).length;
  console.log(`longest task ${(longest / 1000).toFixed(0)} ms; ${long} above the budget of 50 ms`);
}

const seconds = Number(process.argv[2] ?? 20);
const folder = mkdtempSync(join(tmpdir(), 'caudal-frames-'));
const file = join(folder, 'large.caudal.json');
writeFileSync(file, JSON.stringify(largeDocument()));
const server = spawn(process.execPath, [join(ROOT, 'bin/caudal.mjs'), 'serve', file], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath: findChromium(), args });
try {
  let said = '';
  for await (const chunk of server.stdout) {
    said += chunk;
    if (/http:\/\/127\.0\.0\.1:\S+\n/.test(said)) break;
  }
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(/http:\/\/127\.0\.0\.1:\S+/.exec(said)[0]);
  await page.locator('.card').first().waitFor();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.locator('.card[data-state="running"]').first().waitFor({ timeout: 120_000 });
  await browser.startTracing(page, { categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] });
  await page.waitForTimeout(seconds * 1000);
  report(mainTasks(JSON.parse(String(await browser.stopTracing()))));
} finally {
  await browser.close();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
