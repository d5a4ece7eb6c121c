/** The readable summary of one run. */
import { dropReasonTexts, warningTexts } from '#host/runs/run-service.ts';
import type { LimitSummary } from '#schema/component.ts';
import type { CostLine, MetricSummary, NodeResult, RunReport } from '#schema/result.ts';
import { durationText } from './durations.ts';
import { toldTotals } from './ledger-text.ts';
import { oneLine, wrapped } from './plain-text.ts';
import { showAmount, showNumber, showPercent, showSeconds, showUsd, showWords, table } from './table.ts';

/** Simulated seconds as the local clock shows them; `isEnd` for a time at which something ends. */
export type Clock = (tSeconds: number, isEnd?: boolean) => string;

const METRICS_PER_NODE = 8;
const LOG_ENTRIES = 15;
/** Share of a capacity from which a limit is worth a line. */
const NEAR_LIMIT = 0.8;
/** Rows that tables of limits and bills, and lists of idle nodes, have at most. */
const MOST_ROWS = 40;
const MOST_NAMES = 12;

export const limitsTitle = 'Limits used to 80 % or more at their peak';

export function summaryText(report: RunReport, clock: Clock): string {
  return [
    headText(report),
    recordsText(report),
    section('Nodes', nodesText(report)),
    section('Latency from the creation of a record to its delivery', pathsText(report)),
    section(limitsTitle, limitsText(report.limits)),
    section('Bottlenecks', bottlenecksText(report, clock)),
    section('Events', logText(report, clock)),
    section('Advice', adviceText(report)),
    section('Objectives', objectivesText(report)),
    section('Cost in USD; a month has 730 h of this load', costText(report)),
    section('Notes', notesText(report)),
  ].join('');
}

/** Titled text; nothing where there is nothing to say. */
export function section(title: string, body: string): string {
  return body === '' ? '' : `\n${title}\n${body}`;
}

/** Which run the numbers are from. */
export function runTitle({ scenario, seed }: Pick<RunReport, 'scenario' | 'seed'>): string {
  return `${oneLine(scenario)}: one run, seed ${seed}`;
}

function headText(report: RunReport): string {
  const { measurement, fidelity } = report;
  const times = `${durationText(report.horizonSeconds)} simulated after a pre-roll of ${durationText(report.preRollSeconds)}`;
  return `${runTitle(report)}\n${times}, fidelity ${fidelity.mode}, done in ${showSeconds(measurement.wallSeconds)}\n`;
}

function recordsText(report: RunReport): string {
  const { ledger } = report;
  const shown = toldTotals((name) => ledger[name] === 0);
  const row = shown.map(([name]) => showNumber(ledger[name]));
  const names = shown.map(([, words]) => words);
  const reasons = dropReasonTexts(report).map(([words, count]) => `${showNumber(count)} (${words})`);
  const { made, delivered, removed, inside } = ledger.duplicates;
  return [
    section('Records', table(names, [row], names)),
    reasons.length === 0 ? '' : wrapped('  ', `dropped: ${reasons.join(', ')}`, 4),
    made === 0
      ? ''
      : `  duplicates: ${showNumber(made)} made, ${showNumber(delivered)} delivered, ${showNumber(removed)} removed, ${showNumber(inside)} still inside\n`,
  ].join('');
}

function isActive(metric: MetricSummary): boolean {
  return metric.max !== 0 || (metric.sum ?? 0) !== 0;
}

function nodesText(report: RunReport): string {
  const idle: string[] = [];
  let isCut = false;
  const rows = Object.entries(report.nodes).flatMap(([id, node]) => {
    const shown = metricRows(node);
    if (shown.length === 0) idle.push(id);
    if (shown.length > METRICS_PER_NODE) isCut = true;
    return shown.length === 0 ? [] : [[`${id} (${node.type})`], ...shown.slice(0, METRICS_PER_NODE)];
  });
  const head = ['', 'total', 'mean', 'max', 'p99'];
  const names = idle.slice(0, MOST_NAMES).join(', ') + (idle.length > MOST_NAMES ? ', ...' : '');
  return [
    rows.length === 0 ? '' : table(head, rows, head.slice(1)),
    idle.length === 0
      ? ''
      : wrapped('  ', `nothing happened at: ${names} (${idle.length} of ${Object.keys(report.nodes).length})`, 4),
    isCut ? '  ... and more metrics of these nodes (see --json)\n' : '',
  ].join('');
}

/** Of a metric that counts, mean and max are rates. */
function metricRows({ metrics }: Pick<NodeResult, 'metrics'>): string[][] {
  return Object.entries(metrics).flatMap(([name, metric]) => {
    if (!isActive(metric)) return [];
    const { unit, sum, mean, max, p99 } = metric;
    const each = sum === undefined ? '' : '/s';
    return [
      [
        `  ${name}`,
        sum === undefined ? '' : showAmount(sum, unit),
        showAmount(mean, unit) + each,
        showAmount(max, unit) + each,
        p99 === undefined ? '' : showAmount(p99, unit),
      ],
    ];
  });
}

function pathsText({ paths }: RunReport): string {
  if (paths.length === 0) return '';
  const head = ['from', 'to', 'records', 'mean', 'p50', 'p95', 'p99', 'p99.9', 'max'];
  const rows = paths.map(({ source, sink, count, latencySeconds: l }) => [
    source,
    sink,
    showNumber(count),
    ...[l.mean, l.p50, l.p95, l.p99, l.p999, l.max].map(showSeconds),
  ]);
  return shortTable(head, rows, head.slice(2));
}

/** Of limits that are alike (one for each shard) the worst stands for all. */
export function limitsText(limits: readonly LimitSummary[]): string {
  const groups = new Map<string, LimitSummary[]>();
  for (const limit of limits) {
    if (limit.peakRatio < NEAR_LIMIT && limit.refused === 0) continue;
    const key = `${limit.node ?? ''}\0${limit.name}`;
    groups.set(key, [...(groups.get(key) ?? []), limit]);
  }
  if (groups.size === 0) return '';
  const rows = [...groups.values()].map((group) => {
    const worst = group.reduce((a, b) => (b.peakRatio > a.peakRatio ? b : a));
    const sum = (name: 'refused' | 'waiting'): number => group.reduce((total, limit) => total + limit[name], 0);
    return [
      worst.node ?? 'account',
      group.length === 1 ? worst.name : `${worst.name} (${group.length} alike)`,
      showAmount(worst.capacity, worst.unit),
      showPercent(worst.peakRatio),
      showNumber(sum('refused')),
      showNumber(sum('waiting')),
      changeOf(worst),
    ];
  });
  const head = ['node', 'limit', 'capacity', 'peak', 'refused', 'waiting', 'raised by'];
  return shortTable(head, rows, ['capacity', 'peak', 'refused', 'waiting']);
}

function changeOf({ source, raisable }: LimitSummary): string {
  if (source.startsWith('config.')) return 'setting';
  return raisable ? 'AWS' : 'nothing';
}

export function bottlenecksText({ bottlenecks }: Pick<RunReport, 'bottlenecks'>, clock: Clock, most = 10): string {
  const lines = bottlenecks
    .slice(0, most)
    .map(({ t0, t1, node, text }) => wrapped(`  ${clock(t0)} to ${clock(t1, true)}  `, `${node}: ${text}`, 4));
  return lines.join('') + more(bottlenecks.length - most, 'bottlenecks (see explain)');
}

function logText({ log }: RunReport, clock: Clock): string {
  const lines = log
    .slice(0, LOG_ENTRIES)
    .map(({ t, node, level, text }) =>
      wrapped(
        `  ${clock(t)}  `,
        `${level === 'info' ? '' : `${level}: `}${node === null ? '' : `${node}: `}${text}`,
        4,
      ),
    );
  return lines.join('') + more(log.length - LOG_ENTRIES, 'entries (see --json)');
}

export function adviceText({ advice }: Pick<RunReport, 'advice'>): string {
  return advice
    .map(({ severity, node, text, patch }) => {
      const steps = patch.map(
        ({ path, from, to }) => `      ${path}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}\n`,
      );
      return wrapped(`  ${severity}: ${node}: `, text, 4) + steps.join('');
    })
    .join('');
}

function objectivesText({ objectives }: RunReport): string {
  if (objectives.length === 0) return '';
  const rows = objectives.map(({ id, unit, measured, target, pass, margin }) => [
    id,
    pass ? 'met' : 'MISSED',
    measured === null ? 'not measured' : showAmount(measured, unit),
    showAmount(target, unit),
    margin === null ? '-' : showAmount(margin, unit),
  ]);
  return shortTable(['objective', '', 'measured', 'at most', 'margin'], rows, ['measured', 'at most', 'margin']);
}

/** How far a price can be trusted, in words. */
const CONFIDENCE_WORDS: Readonly<Record<string, string>> = {
  A: 'AWS',
  B: 'two other sources',
  C: 'another source',
  D: 'assumed',
};

/** Where a price is from and of which day. */
export function priceWords({ confidence, rateDate }: Pick<CostLine, 'confidence' | 'rateDate'>): string {
  return `${CONFIDENCE_WORDS[confidence] ?? confidence}, ${rateDate}`;
}

/** A quantity in the unit of its price: `2.5` of `1000 requests` are 2,500 requests. */
function quantityText({ quantity, unit }: CostLine): string {
  const [, scale, single] = /^(\d+) (.+)$/.exec(unit) ?? [];
  const amount = scale === undefined ? quantity : quantity * Number(scale);
  return showAmount(amount, plural(single ?? unit, amount));
}

/** `shard-hour` as `shard-hours`; `GB` and `requests` stay. */
function plural(unit: string, quantity: number): string {
  return quantity !== 1 && /[a-rt-z]$/.test(unit) ? `${unit}s` : unit;
}

function costText({ cost }: RunReport): string {
  if (cost.lines.length === 0) return '';
  const rows = cost.lines.map((line) => [
    line.node,
    showWords(line.dimension),
    quantityText(line),
    showUsd(line.usdRun),
    showUsd(line.usdPerMonth),
    priceWords(line),
  ]);
  const total = ['total', '', '', showUsd(cost.run), showUsd(cost.perMonth), ''];
  const head = ['node', 'charge', 'quantity', 'this run', 'per month', 'price from'];
  const numbers = ['quantity', 'this run', 'per month'];
  const hidden = rows.length - MOST_ROWS;
  return table(head, [...rows.slice(0, MOST_ROWS), total], numbers) + more(hidden, 'charges (see --json)');
}

function notesText(report: RunReport): string {
  const notes = warningTexts(report).map((text) => wrapped('  ', text, 4));
  const guesses = report.assumptions.filter(({ kind }) => kind === 'guess').length;
  const measured = report.assumptions.length - guesses;
  if (report.assumptions.length > 0) {
    const kinds = [guesses > 0 ? `${guesses} guessed` : '', measured > 0 ? `${measured} measured` : ''];
    notes.push(
      `  values used that AWS does not document: ${kinds.filter((kind) => kind !== '').join(', ')} (listed by --json)\n`,
    );
  }
  return notes.join('');
}

function shortTable(head: readonly string[], rows: readonly (readonly string[])[], right: readonly string[]): string {
  return table(head, rows.slice(0, MOST_ROWS), right) + more(rows.length - MOST_ROWS, 'rows (see --json)');
}

function more(count: number, what: string): string {
  return count > 0 ? `  ... and ${showNumber(count)} more ${what}\n` : '';
}
