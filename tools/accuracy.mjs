/**
 * docs/accuracy.md from the tests: every claim about a component, how it was checked, with which error.
 * `node tools/accuracy.mjs` writes it from the last reports of the unit and theory suites; `--check` fails if it is not current.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '#bin/build-state.mjs';

const TARGET = 'docs/accuracy.md';
/** Day on which the facts behind the documented rules were last read. */
const FACTS_READ = '2026-11-21';

/** Claims that this project's own tests cannot show where they run; the command shows them elsewhere. */
const NOT_SEEN = [
  [
    'Figures of a real AWS account agree with the simulated ones',
    'deploy, drive and observe each scenario and compare; no measurement of ours exists yet',
    'an AWS account',
  ],
  [
    'The Price List answers in the shape that `prices refresh` reads, under the usage types of the rate table',
    '`caudal prices refresh --region us-east-1`: no price is told as absent or ambiguous without a reason',
    'an AWS account (`pricing:GetProducts`, `ec2:DescribeSpotPriceHistory`)',
  ],
  [
    'Service Quotas has the quotas that the plan asks for',
    '`caudal plan FILE --stack-name x --read-only --json` of a design near a quota: `quotas[].from` is `account`',
    'an AWS account (`servicequotas:GetServiceQuota`, `servicequotas:ListServiceQuotas`)',
  ],
  [
    "The guard's service role is enough to make, change and delete every type of resource",
    'deploy, change and destroy each scenario; a right that is missing is named in the events of the stack',
    'an AWS account',
  ],
  [
    'The first chain in a real account: accepted, made and deleted by the roles of the guard stack, its expiry as EventBridge Scheduler has it, no drift; 1,000 records counted at the queue; CloudWatch has the metrics under the names and dimensions that are asked for',
    '`CAUDAL_TEST_AWS=<account number> npm run test:aws` (ceiling 1 USD, at most 0.05 by the plan): every line begins with `ok`',
    'an AWS account',
  ],
  [
    'CloudFormation accepts each stack, and its steps, replacements, roll-backs, drift and deletion are told as it tells them',
    '`caudal deploy FILE --stack-name x --expires-in 1h`, again with a changed queue name and with a setting that AWS refuses, then `caudal status x --drift` and `caudal destroy x`',
    'an AWS account',
  ],
  [
    'The schedule of the guard stack deletes a deployment at its expiry, with this machine off',
    '`caudal deploy FILE --stack-name x --expires-in 15m`; an hour later `caudal status` lists only `x-guard`',
    'an AWS account',
  ],
  [
    'Buckets that a deployment has left are found, counted and removed as on the emulator',
    '`caudal destroy x`, `caudal status`, `caudal destroy x --empty-bucket BUCKET`',
    'an AWS account',
  ],
  ['`npm ci` and `npm test` pass on macOS and Windows', '`npm ci && npm test`', 'macOS, Windows'],
  ['`npm start` opens the default browser of a desktop', '`npm start`', 'a desktop session'],
];

const FOLDERS = [
  ['test/unit/catalog/components/', 'documentation'],
  ['test/unit/catalog/connections/', 'documentation'],
  ['test/unit/catalog/models/', 'documentation'],
  ['test/unit/engine/stations/', 'construction'],
];

function readTests(suite) {
  const file = join(ROOT, 'build/reports', `${suite}.json`);
  if (!existsSync(file)) throw new Error(`no report of the ${suite} suite: run npm test -- ${suite} first`);
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  // Files are reported as they end; the page must not depend on that.
  const files = testResults.map(({ name, assertionResults }) => ({
    file: relative(ROOT, name).replaceAll('\\', '/'),
    assertionResults,
  }));
  files.sort((a, b) => (a.file < b.file ? -1 : 1));
  return files.flatMap(({ file: path, assertionResults }) => assertionResults.map((test) => ({ file: path, ...test })));
}

const percent = (ratio) => `${(100 * ratio).toPrecision(2)} %`;

/** Rows by subject: a component, a connection or a station. */
function documentedRows() {
  const rows = new Map();
  for (const test of readTests('unit')) {
    const found = FOLDERS.find(([folder]) => test.file.startsWith(folder));
    if (found === undefined || test.status !== 'passed') continue;
    const rest = test.file.slice(found[0].length);
    const subject = found[0].endsWith('stations/') ? `station ${rest.replace('.test.ts', '')}` : rest.split('/')[0];
    const own = rows.get(subject) ?? [];
    const check = rest.endsWith('advice.test.ts') ? 'construction' : found[1];
    own.push([[...test.ancestorTitles.slice(1), test.title].join(': '), check, 'exact', FACTS_READ]);
    rows.set(subject, own);
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
}

function theoryRows() {
  return readTests('theory').flatMap((test) =>
    (test.meta?.claims ?? []).map(({ quantity, errorRatio, halfWidthRatio }) => [
      test.title,
      `formula: ${quantity}`,
      `${percent(errorRatio)} (interval +/- ${percent(halfWidthRatio)})`,
      FACTS_READ,
    ]),
  );
}

const rounded = (value) => Number(value.toPrecision(4));

const FIDELITY = '## Auto against exact';
const FIDELITY_HEAD = ['pipeline', 'number', 'pairs', 'exact', 'auto', 'difference', 'interval', 'verdict'];

/** Per pipeline, the headline number closest to what is allowed, and all numbers that are apart or whose interval is too wide. */
function fidelityRows(tests) {
  return tests.flatMap((test) =>
    test.meta.fidelity.map(({ number, exact, auto, differenceRatio, halfWidthRatio, verdict }) => [
      test.title,
      number,
      test.meta.pairs,
      rounded(exact),
      rounded(auto),
      percent(differenceRatio),
      `+/- ${percent(halfWidthRatio)}`,
      verdict,
    ]),
  );
}

/** From what the table is, and how the comparison came out. */
function fidelitySummary(tests) {
  const count = (holds) => tests.filter(({ meta }) => meta.fidelity.some(holds)).length;
  const apart = count(({ verdict }) => verdict.startsWith('apart'));
  const wide = count(({ verdict }) => verdict.endsWith('too wide'));
  const isFull = tests.every(({ meta }) => meta.isFull);
  const from = isFull
    ? 'From `npm run test:all`: 20 pairs, and 40 where a number is apart or an interval too wide; intervals of headline numbers are of 95 %.'
    : 'From `npm test`, a quick look of few pairs; intervals of headline numbers are of 99 %. `npm run test:all` compares 20 pairs and more.';
  const found = `${tests.length} pipelines were compared. In ${apart} of them some number is apart; in ${wide} an interval of throughput, loss or cost is too wide.`;
  return `${from}\n${found}`;
}

/**
 * The comparison of both fidelities. A report of `npm test` has few pairs: then it is what the page says already, if that is about the
 * same pipelines.
 */
function fidelitySection(committed) {
  const tests = readTests('theory').filter(({ meta }) => meta?.fidelity !== undefined);
  const kept = committed.split(`${FIDELITY}\n\n${FIDELITY_TEXT}\n\n`)[1]?.split('\n\n## ')[0] ?? '';
  const shown = new Set([...kept.matchAll(/^\| ((?:agrees|document).*?) \|/gm)].map((found) => found[1]));
  const isCurrent = shown.size === tests.length && tests.every(({ title }) => shown.has(title));
  if (isCurrent && !tests.every(({ meta }) => meta.isFull)) return kept;
  return [fidelitySummary(tests), table(FIDELITY_HEAD, fidelityRows(tests))].join('\n\n');
}

const FIDELITY_TEXT = [
  'Records in runs (fidelity `auto`) against records one by one (`exact`), in pairs of runs with equal seeds. Every headline number (what arrived,',
  'was lost, costs; latency quantiles; cold starts, throttles, errors, invocations) and every metric of every node is compared. Allowed are 0.5 %',
  'for throughput, loss and cost, 5 % for all else. Shown are, of each pipeline, the headline number that comes closest to what is allowed, and all',
  'numbers that are apart or whose interval is too wide. **within**: the mean difference is within what is allowed; **chance**: it is not, but its',
  'interval holds 0; **apart**: neither, with the reason; **interval too wide**: of throughput, loss or cost, and wider than 0.5 %, so that a',
  'difference of that size would not be seen. Intervals of metrics are of 99.9 %, as there are so many.',
].join('\n');

async function limits() {
  const rows = [];
  for (const type of readdirSync(join(ROOT, 'catalog/components')).sort()) {
    const readme = readFileSync(join(ROOT, 'catalog/components', type, 'README.md'), 'utf8');
    const leftOut = /## Left out\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? '';
    const checked = /## Checked against\n([\s\S]*)$/.exec(readme)?.[1] ?? '';
    rows.push([type, oneLine(leftOut), oneLine(checked)]);
  }
  return rows;
}

const oneLine = (text) =>
  text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => String(cell).replaceAll(/(?<!\\)\|/g, '\\|')).join(' | ')} |`)
    .join('\n');

export async function accuracy() {
  const parts = [
    '# Accuracy',
    [
      'Generated by `tools/accuracy.mjs` from the tests; do not edit.',
      '**formula**: compared with a closed formula over ten replications; the formula lies within the interval of confidence 1 - 1e-4.',
      "**documentation**: a rule or a price of AWS's documentation, as the component's README cites it, reproduced exactly.",
      '**construction**: a block or an advice does what its description says.',
      'Nothing here has been compared with a running AWS account yet: no component counts as measured.',
    ].join('\n'),
    '## Against formulas',
    table(['claim', 'check', 'error', 'date'], theoryRows()),
    FIDELITY,
    FIDELITY_TEXT,
    fidelitySection(readCommitted()),
    '## Against documentation and by construction',
  ];
  for (const [subject, rows] of documentedRows()) {
    parts.push(`### ${subject}`, table(['claim', 'check', 'error', 'date of the facts'], rows));
  }
  parts.push('## What each component leaves out', table(['component', 'left out', 'checked against'], await limits()));
  parts.push('## Not seen here', table(['claim', 'command that would show it', 'platform'], NOT_SEEN));
  return `${parts.join('\n\n')}\n`;
}

function readCommitted() {
  const path = join(ROOT, TARGET);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** As a check of `npm test`: passes when the committed page is what the last reports give. */
export async function checkAccuracy() {
  return readCommitted() === (await accuracy());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--check')) {
    const current = await checkAccuracy();
    console.log(current ? `${TARGET} is current` : `${TARGET} is not current: run npm run accuracy`);
    process.exitCode = current ? 0 : 1;
  } else {
    writeFileSync(join(ROOT, TARGET), await accuracy());
    console.log(`wrote ${TARGET}`);
  }
}
