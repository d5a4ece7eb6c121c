/** The suites of `npm test`: how each is run and how its outcome is counted. A suite that ran nothing has failed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#bin/build-state.mjs';
import { checkAccuracy } from './accuracy.mjs';
import { ensureMinistack } from './setup/ministack.mjs';
import { run, runNpm, runScript } from './setup/steps.mjs';

const REPORTS = 'build/reports';
const NODE_24_LIMIT_SECONDS = 180;

const CHECKS = [
  {
    name: 'format',
    script: '@biomejs/biome/bin/biome',
    args: ['format', '--reporter=summary'],
    looked: /Checked (\d+) files/,
  },
  { name: 'types', script: 'typescript/bin/tsc', args: ['-b', '--verbose'], looked: /(\d+)? ?[Pp]roject/ },
  { name: 'lint', script: 'oxlint/bin/oxlint', args: ['--type-aware', '--deny-warnings'], looked: /on (\d+) files/ },
];

const VITEST_SUITES = [
  { name: 'unit' },
  { name: 'property' },
  { name: 'contract' },
  { name: 'planted' },
  { name: 'theory' },
  { name: 'integration', needsBuild: true },
];

const tail = (text, lines = 120) => text.trimEnd().split('\n').slice(-lines).join('\n');

/** A check is one test: it passes if it ended well and says that it looked at something. */
async function runCheck({ script, args, looked }) {
  const { code, output } = await runScript(script, args);
  const count = looked.exec(output);
  const passed = code === 0 && count !== null && count[1] !== '0';
  if (passed) return { passed: 1, failed: 0, skipped: 0 };
  return { passed: 0, failed: 1, skipped: 0, report: count ? tail(output) : `it looked at nothing\n${tail(output)}` };
}

/** Reads a JSON report that a test runner wrote, or undefined if it wrote none. */
function readReport(file) {
  const path = join(ROOT, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function freshReport(name) {
  const file = `${REPORTS}/${name.replaceAll(' ', '-')}.json`;
  mkdirSync(join(ROOT, REPORTS), { recursive: true });
  rmSync(join(ROOT, file), { force: true });
  return file;
}

/**
 * A run that crashed, or in which nothing ran, counts as one failure more. The report shows the failures themselves where
 * the runner named them all, otherwise the end of what it printed.
 *
 * @param {{ passed: number, failed: number, skipped: number, failures?: string[], reasons?: string[] }} counted
 * @param {number | null} code
 * @param {string} output
 */
export function settle(counted, code, output) {
  const { failures = [], reasons = [], ...counts } = counted;
  const crashed = code !== 0 && counts.failed === 0;
  const empty = counts.passed + counts.failed === 0;
  const failed = counts.failed + (crashed || empty ? 1 : 0);
  const shown = [];
  if (empty) shown.push('no test ran');
  if (reasons.length > 0) shown.push(`skipped: ${reasons.join('; ')}`);
  if (failed > 0) shown.push(failures.length === failed ? failures.join('\n\n') : tail(output));
  return { ...counts, failed, report: shown.length > 0 ? shown.join('\n') : undefined };
}

const firstLines = (text, lines = 15) => text.split('\n').slice(0, lines).join('\n');

export function countVitest(report) {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = report.testResults.flatMap((file) =>
    file.assertionResults.filter((test) => test.status === 'failed').map((test) => ({ file, test })),
  );
  const left = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: failed.length + brokenFiles.length,
    skipped: left.length,
    reasons: left.map((test) => test.fullName),
    failures: [
      ...failed.map(({ file, test }) =>
        firstLines(`${file.name}\n${test.fullName}\n${test.failureMessages.join('\n')}`),
      ),
      ...brokenFiles.map((file) => firstLines(`${file.name}\n${file.message}`)),
    ],
  };
}

/**
 * @param {{
 *   stats: { expected: number, unexpected: number, flaky: number, skipped: number },
 *   errors: readonly unknown[],
 *   suites?: readonly object[],
 * }} report
 */
export function countPlaywright({ stats, errors, suites = [] }) {
  // A test that passed only on a retry has shown a fault: there are no retries here, and flaky counts as failed.
  const failed = stats.unexpected + stats.flaky + errors.length;
  return { passed: stats.expected, failed, skipped: stats.skipped, reasons: [...new Set(suites.flatMap(skipReasons))] };
}

/**
 * Why tests of a Playwright suite were skipped, as the tests themselves say.
 *
 * @returns {string[]}
 */
function skipReasons({ suites = [], specs = [] }) {
  const left = specs.flatMap((spec) => spec.tests).filter((test) => test.status === 'skipped');
  const said = left.flatMap((test) =>
    test.annotations.map((annotation) => annotation.description ?? 'no reason given'),
  );
  return [...said, ...suites.flatMap(skipReasons)];
}

const NOTHING = { passed: 0, failed: 0, skipped: 0 };

/** Runs vitest, by default with this Node. */
async function runVitest(name, args, start = runScript) {
  const file = freshReport(name);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { code, output } = await start('vitest/vitest.mjs', ['run', ...args, ...reporters]);
  const report = readReport(file);
  return settle(report ? countVitest(report) : NOTHING, code, output);
}

/** The window, also over the emulator of AWS; tests that need it say themselves that they were skipped where it cannot be had. */
async function runPlaywright() {
  await ensureMinistack();
  const file = freshReport('e2e');
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  const { code, output } = await runScript('@playwright/test/cli.js', ['test', '--reporter=list,json'], { env });
  const report = readReport(file);
  return settle(report ? countPlaywright(report) : NOTHING, code, output);
}

/** Path of a Node 24 from the npm registry, or undefined. */
async function fetchNode24() {
  const args = ['exec', '--yes', '--package=node@24', '-c', 'node -p process.execPath'];
  const { output } = await runNpm(args, { limitSeconds: NODE_24_LIMIT_SECONDS });
  const path = output.trim().split('\n').at(-1);
  return existsSync(path) && path !== process.execPath ? path : undefined;
}

/** docs/accuracy.md must be what the reports of this run give. */
async function runAccuracy() {
  if (await checkAccuracy()) return { passed: 1, failed: 0, skipped: 0 };
  return { passed: 0, failed: 1, skipped: 0, report: 'docs/accuracy.md is not current: npm run accuracy' };
}

/** The engine must compute the same on a newer V8: its suites once more, on Node 24. */
async function runOnNode24() {
  const node24 = await fetchNode24();
  if (!node24) {
    const report = 'SKIPPED: Node 24 could not be fetched from the npm registry';
    return { passed: 0, failed: 0, skipped: 1, report };
  }
  const suites = ['unit', 'property', 'theory'].filter(hasTests).flatMap((name) => ['--project', name]);
  return runVitest('node-24', suites, (script, args) => run(node24, [`node_modules/${script}`, ...args]));
}

/**
 * What counts when the emulator cannot be had: elsewhere a skip that is told, in continuous integration a failure.
 *
 * @param {string} reason
 * @param {boolean} isRequired
 */
export function withoutEmulator(reason, isRequired) {
  const report = `SKIPPED: nothing was deployed, because the AWS emulator is missing: ${reason}`;
  return isRequired
    ? { ...NOTHING, failed: 1, report: report.replace('SKIPPED', 'FAILED') }
    : { ...NOTHING, skipped: 1, report };
}

/** Deploys to an emulator of AWS, which is brought first. */
async function runEmulator() {
  const { program, missing } = await ensureMinistack();
  return program ? runVitest('emulator', ['--project', 'emulator']) : withoutEmulator(missing, Boolean(process.env.CI));
}

function hasTests(name) {
  const folder = join(ROOT, 'test', name);
  return (
    existsSync(folder) && readdirSync(folder, { recursive: true }).some((file) => /\.(test|spec)\.tsx?$/.test(file))
  );
}

/** Every suite there is something to run for, in the order in which they are run: quick ones first. */
export function presentSuites() {
  const suites = CHECKS.map((check) => ({ name: check.name, run: () => runCheck(check) }));
  for (const { name, needsBuild } of VITEST_SUITES) {
    if (hasTests(name)) suites.push({ name, needsBuild, run: () => runVitest(name, ['--project', name]) });
  }
  if (hasTests('emulator')) suites.push({ name: 'emulator', run: runEmulator });
  suites.push({ name: 'accuracy', run: runAccuracy });
  if (hasTests('e2e')) suites.push({ name: 'e2e', needsBuild: true, needsChromium: true, run: runPlaywright });
  if (process.env.CI) suites.push({ name: 'engine on Node 24', run: runOnNode24 });
  return suites;
}
