/**
 * Prints how long it takes until the window shows the reference scenario, from the request of the page, and until a file of 500
 * nodes is on the canvas, from the click on its name. Time on the wall, median of several fresh windows in Chromium without a
 * graphics card. Needs a current build and a Chromium: `node test/bench/window-opening.mjs`, or `npm run bench -- window`.
 */
import { loadavg } from 'node:os';
import { documentOf, launch, quantile, referenceText, SCREEN, serve } from './window-app.mjs';

const WINDOWS = 7;
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

async function open(browser, address) {
  const context = await browser.newContext(SCREEN);
  const page = await context.newPage();
  await page.addInitScript(watchPaint, '.card');
  await page.goto(address);
  const first = await page.evaluate(() => globalThis.paintedMs);
  await page.keyboard.press('ControlOrMeta+o');
  const file = page.getByText(LARGE, { exact: true });
  await file.waitFor();
  await page.evaluate(() => addEventListener('click', () => (globalThis.clickedMs = performance.now()), true));
  await page.evaluate(watchPaint, LARGE_CARD);
  await file.click();
  const opened = await page.evaluate(async () => (await globalThis.paintedMs) - globalThis.clickedMs);
  const cards = await page.locator('.card').count();
  await context.close();
  if (cards !== NODES) throw new Error(`${cards} cards of ${NODES} are drawn`);
  return { first, opened };
}

const app = await serve({ 'reference.caudal.json': referenceText(), [LARGE]: JSON.stringify(documentOf(NODES, {})) });
const browser = await launch();
try {
  const found = [];
  for (let at = 0; at < WINDOWS; at += 1) found.push(await open(browser, app.address));
  const say = (what, times, budget) =>
    console.log(
      `${what}: median ${quantile(times, 0.5).toFixed(0)} ms, ${quantile(times, 0).toFixed(0)} to ${quantile(times, 1).toFixed(0)} ms (budget ${budget} ms)`,
    );
  console.log(`\n## Opening the window and a large file (${WINDOWS} fresh windows, load ${loadavg()[0].toFixed(1)})\n`);
  say(
    'reference scenario on the canvas',
    found.map(({ first }) => first),
    1500,
  );
  say(
    `file of ${NODES} nodes on the canvas`,
    found.map(({ opened }) => opened),
    1000,
  );
} finally {
  await browser.close();
  app.close();
}
