/** The suites of `npm test`: how each is run and how its outcome is counted. A suite that ran nothing has failed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#bin/build-state.mjs';
import { runNpm, runScript } from './setup/steps.mjs';

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

/** A run that crashed, or in which nothing ran, counts as one failure more. */
function settle(counts, code, output) {
  const crashed = code !== 0 && counts.failed === 0;
  const empty = counts.passed + counts.failed === 0;
  const failed = counts.failed + (crashed || empty ? 1 : 0);
  const reason = empty && code === 0 ? 'no test ran\n' : '';
  const loud = counts.reasons?.length ? `skipped: ${counts.reasons.join('; ')}` : undefined;
  return { ...counts, failed, report: failed > 0 ? `${reason}${tail(output)}` : loud };
}

export function countVitest(report) {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const left = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: tests.filter((test) => test.status === 'failed').length + brokenFiles.length,
    skipped: left.length,
    reasons: left.map((test) => test.fullName),
  };
}

export function countPlaywright({ stats, errors }) {
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length, skipped: stats.skipped };
}

const NOTHING = { passed: 0, failed: 0, skipped: 0 };

/** Runs vitest with the Node that `start` brings: this one, or another. */
async function runVitest(name, args, start = runScript) {
  const file = freshReport(name);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { code, output } = await start('vitest/vitest.mjs', ['run', ...args, ...reporters]);
  const report = readReport(file);
  return settle(report ? countVitest(report) : NOTHING, code, output);
}

async function runPlaywright() {
  const file = freshReport('e2e');
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  const { code, output } = await runScript('@playwright/test/cli.js', ['test', '--reporter=list,json'], { env });
  const report = readReport(file);
  return settle(report ? countPlaywright(report) : NOTHING, code, output);
}

/** The engine must compute the same on a newer V8: its suites once more, under Node 24 from the npm registry. */
async function runOnNode24() {
  const onNode24 = (args, options) => runNpm(['exec', '-y', '-p', 'node@24', '--', 'node', ...args], options);
  const probe = await onNode24(['-p', 'process.version'], { limitSeconds: NODE_24_LIMIT_SECONDS });
  if (probe.code !== 0 || !/^v24\./m.test(probe.output)) {
    return {
      passed: 0,
      failed: 0,
      skipped: 1,
      report: `SKIPPED: Node 24 could not be fetched from the npm registry\n${tail(probe.output, 5)}`,
    };
  }
  const suites = ['unit', 'property', 'theory'].filter(hasTests).flatMap((name) => ['--project', name]);
  return runVitest('node 24', suites, (script, args) => onNode24([`node_modules/${script}`, ...args]));
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
  if (hasTests('e2e')) suites.push({ name: 'e2e', needsBuild: true, needsChromium: true, run: runPlaywright });
  if (process.env.CI) suites.push({ name: 'engine on Node 24', run: runOnNode24 });
  return suites;
}
