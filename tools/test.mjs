/**
 * `npm test`: sets everything up, runs every suite, and ends with one line: "N passed, N failed, N skipped".
 * `npm test -- unit theory` runs only those; `--all` compares the fidelities in full (docs/accuracy.md).
 */
import '#bin/require-node.mjs';
import { build } from './setup/build.mjs';
import { ensureChromium } from './setup/chromium.mjs';
import { install } from './setup/install.mjs';
import { step } from './setup/steps.mjs';
import { presentSuites } from './suites.mjs';

const asked = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const all = process.argv.includes('--all');
if (all) process.env.CAUDAL_ALL_SCENARIOS = '1';

const total = { passed: 0, failed: 0, skipped: 0 };
const reports = [];

function add({ passed, failed, skipped }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

async function setUp(suites) {
  await install({ development: true });
  if (suites.some((suite) => suite.needsBuild)) await build();
  if (!suites.some((suite) => suite.needsChromium)) return;
  const chromium = await ensureChromium();
  if (chromium) process.env.CAUDAL_CHROMIUM = chromium;
  else
    console.error('  NO  Chromium: set CAUDAL_CHROMIUM to the path of one; the end-to-end tests will fail without it');
}

async function runSuite(suite) {
  let result;
  try {
    await step(suite.name, async () => {
      result = await suite.run();
      const line = `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`;
      if (result.failed > 0) throw new Error(line);
      return line;
    });
  } catch (error) {
    result ??= { passed: 0, failed: 1, skipped: 0, report: error.stack };
  }
  add(result);
  if (result.report) reports.push(`--- ${suite.name}\n${result.report}`);
}

async function main() {
  const suites = presentSuites().filter((suite) => asked.length === 0 || asked.includes(suite.name));
  const unknown = asked.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) throw new Error(`no such suite: ${unknown.join(', ')}`);
  await setUp(suites);
  for (const suite of suites) await runSuite(suite);
}

try {
  await main();
} catch (error) {
  total.failed += 1;
  reports.push(`--- set-up\n${error.message}`);
}
if (reports.length > 0) console.log(`\n${reports.join('\n\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;
