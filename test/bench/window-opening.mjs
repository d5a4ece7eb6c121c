/**
 * Prints how long it takes until the window shows the reference scenario, from the request of the page, and until a file of 500
 * nodes is on the canvas, from the click on its name. Time on the wall, median of several fresh windows in Chromium without a
 * graphics card. Needs a current build and a Chromium: `node test/bench/window-opening.mjs [windows]`, or `npm run bench -- window`.
 */
import { loadavg } from 'node:os';
import { documentOf, launch, quantile, referenceText, SCREEN, serve } from './window-app.mjs';

const WINDOWS = Number(process.argv[2] ?? 7);
const NODES = 500;
const LARGE = 'large.caudal.json';
/** The last of the large file. */
const LARGE_CARD = '[data-node="developers-24"]';

/** In the page, before its own code: when an element that matches was painted, in milliseconds since the page was asked for. */
function watchPaint(selector) {
  const painted = new Promise((tell) => {
    const look = () => {
      if (document.querySelector(selector) === null) return requestAnimationFrame(look);
      // The frame after the one that draws it: the first has been presented.
      requestAnimationFrame(() => requestAnimationFrame(() => tell(performance.now())));
    };
    look();
  });
  globalThis.paintedMs = painted;
}

/** Tells the processor time of the page's main thread so far, in milliseconds: on a busy machine the time on the wall says little. */
async function mainThread(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration').value;
  };
}

async function open(browser, address) {
  const context = await browser.newContext(SCREEN);
  const page = await context.newPage();
  const work = await mainThread(page);
  await page.addInitScript(watchPaint, '.card');
  await page.goto(address);
  const first = await page.evaluate(() => globalThis.paintedMs);
  const firstWork = await work();
  await page.keyboard.press('ControlOrMeta+o');
  const file = page.getByText(LARGE, { exact: true });
  await file.waitFor();
  await page.evaluate(() =>
    addEventListener('click', () => (globalThis.clickedMs = performance.now()), { capture: true, once: true }),
  );
  await page.evaluate(watchPaint, LARGE_CARD);
  const before = await work();
  await file.click();
  const opened = await page.evaluate(async () => (await globalThis.paintedMs) - globalThis.clickedMs);
  const openedWork = (await work()) - before;
  const cards = await page.locator('.card').count();
  await context.close();
  if (cards !== NODES) throw new Error(`${cards} cards of ${NODES} are drawn`);
  return { first, firstWork, opened, openedWork };
}

const files = { 'reference.caudal.json': referenceText(), [LARGE]: JSON.stringify(documentOf(NODES, {})) };

/** A host of its own for each window: it shows again what was open last. */
async function openAfresh(browser) {
  const app = await serve(files);
  try {
    return await open(browser, app.address);
  } finally {
    app.close();
  }
}

const browser = await launch();
try {
  const found = [];
  for (let at = 0; at < WINDOWS; at += 1) found.push(await openAfresh(browser));
  console.log(`\n## Opening the window and a large file (${WINDOWS} fresh windows, load ${loadavg()[0].toFixed(1)})\n`);
  const say = (what, name, budget) => {
    const at = (share, of = name) =>
      quantile(
        found.map((times) => times[of]),
        share,
      ).toFixed(0);
    console.log(`${what}: median ${at(0.5)} ms, ${at(0)} to ${at(1)} ms (budget ${budget} ms)`);
    console.log(`  of which processor time of the main thread: ${at(0.5, `${name}Work`)} ms`);
  };
  say('reference scenario on the canvas', 'first', 1500);
  say(`file of ${NODES} nodes on the canvas`, 'opened', 1000);
} finally {
  await browser.close();
}
