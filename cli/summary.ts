/** The readable summary of one run. */
import { warningTexts } from '#host/runs/run-service.ts';
import type { LimitSummary } from '#schema/component.ts';
import type { LedgerTotals, MetricSummary, RunReport } from '#schema/result.ts';
import { durationText } from './durations.ts';
import { showNumber, showPercent, showSeconds, showUsd, table } from './table.ts';

/** Simulated seconds as the local clock shows them. */
export type Clock = (tSeconds: number) => string;

const METRICS_PER_NODE = 6;
const LOG_ENTRIES = 15;
/** Share of a capacity from which a limit is worth a line. */
const NEAR_LIMIT = 0.8;

export function summaryText(report: RunReport, clock: Clock): string {
  return [
    headText(report),
    recordsText(report),
    section('Nodes', nodesText(report)),
    section('Latency from event time to delivery', pathsText(report)),
    section('Limits reached', limitsText(report.limits)),
    section('Bottlenecks', bottlenecksText(report, clock)),
    section('Events', logText(report, clock)),
    section('Advice', adviceText(report)),
    section('Objectives', objectivesText(report)),
    section('Cost in USD', costText(report)),
    section('Notes', notesText(report)),
  ].join('');
}

/** Titled text; nothing where there is nothing to say. */
export function section(title: string, body: string): string {
  return body === '' ? '' : `\n${title}\n${body}`;
}

function headText(report: RunReport): string {
  const { measurement, fidelity } = report;
  const times = `${durationText(report.horizonSeconds)} simulated after a pre-roll of ${durationText(report.preRollSeconds)}`;
  const speed = `${showNumber(measurement.events)} events in ${showSeconds(measurement.wallSeconds)}`;
  return `${report.scenario}: one run, seed ${report.seed}\n${times}, fidelity ${fidelity.mode}, ${speed}\n`;
}

const LEDGER_WORDS: readonly (readonly [keyof LedgerTotals, string])[] = [
  ['carriedIn', 'carried in'],
  ['created', 'created'],
  ['copied', 'copied'],
  ['replayed', 'replayed'],
  ['emitted', 'emitted'],
  ['delivered', 'delivered'],
  ['filtered', 'filtered'],
  ['absorbed', 'absorbed'],
  ['dropped', 'dropped'],
  ['deadLettered', 'dead-lettered'],
  ['expired', 'expired'],
  ['inside', 'still inside'],
];

function recordsText({ ledger }: RunReport): string {
  const always: readonly string[] = ['created', 'delivered', 'dropped'];
  const shown = LEDGER_WORDS.filter(([name]) => ledger[name] > 0 || always.includes(name));
  const row = shown.map(([name]) => showNumber(ledger[name]));
  const names = shown.map(([, words]) => words);
  const reasons = Object.entries(ledger.droppedBy).map(([reason, n]) => `${reason} ${showNumber(n)}`);
  const { made, delivered, removed, inside } = ledger.duplicates;
  return [
    section('Records', table(names, [row], names)),
    reasons.length === 0 ? '' : `  dropped because of: ${reasons.join(', ')}\n`,
    made === 0
      ? ''
      : `  duplicates: ${showNumber(made)} made, ${showNumber(delivered)} delivered, ${showNumber(removed)} removed, ${showNumber(inside)} inside\n`,
  ].join('');
}

function nodesText(report: RunReport): string {
  const rows = Object.entries(report.nodes).flatMap(([id, { type, metrics }]) => {
    const active = Object.entries(metrics).filter(([, metric]) => metric.max !== 0 || (metric.sum ?? 0) !== 0);
    const shown = active.slice(0, METRICS_PER_NODE).map(([name, metric]) => metricRow(name, metric));
    const first = shown[0] ?? ['-', '', '', '', '', ''];
    return [[id, type, ...first], ...shown.slice(1).map((row) => ['', '', ...row])];
  });
  return table(['node', 'type', 'metric', 'sum', 'mean', 'max', 'p99', 'unit'], rows, ['sum', 'mean', 'max', 'p99']);
}

function metricRow(name: string, { unit, sum, mean, max, p99 }: MetricSummary): string[] {
  const whole = sum === undefined ? '' : showNumber(sum);
  // A counter's mean and largest value are rates.
  const shownUnit = sum === undefined ? unit : `${unit}; mean and max per second`;
  return [name, whole, showNumber(mean), showNumber(max), p99 === undefined ? '' : showNumber(p99), shownUnit];
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
  return table(head, rows, head.slice(2));
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
      group.length === 1 ? worst.name : `${worst.name} (${group.length} of these)`,
      `${showNumber(worst.capacity)} ${worst.unit}`,
      showPercent(worst.peakRatio),
      showNumber(sum('refused')),
      showNumber(sum('waiting')),
      worst.raisable ? 'yes' : 'no',
    ];
  });
  const head = ['node', 'limit', 'capacity', 'peak', 'refused', 'waiting', 'raisable'];
  return table(head, rows, ['capacity', 'peak', 'refused', 'waiting']);
}

export function bottlenecksText({ bottlenecks }: Pick<RunReport, 'bottlenecks'>, clock: Clock, most = 10): string {
  const lines = bottlenecks
    .slice(0, most)
    .map(({ t0, t1, node, text }) => `  ${clock(t0)} to ${clock(t1)}  ${node}: ${text}\n`);
  return lines.join('') + more(bottlenecks.length - most, 'bottlenecks');
}

function logText({ log }: RunReport, clock: Clock): string {
  const lines = log
    .slice(0, LOG_ENTRIES)
    .map(
      ({ t, node, level, text }) =>
        `  ${clock(t)}  ${level === 'info' ? '' : `${level}: `}${node === null ? '' : `${node}: `}${text}\n`,
    );
  return lines.join('') + more(log.length - LOG_ENTRIES, 'entries (see --json)');
}

export function adviceText({ advice }: Pick<RunReport, 'advice'>): string {
  return advice
    .map(({ severity, node, text, patch }) => {
      const steps = patch.map(
        ({ path, from, to }) => `      ${path}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}\n`,
      );
      return `  ${severity}  ${node}: ${text}\n${steps.join('')}`;
    })
    .join('');
}

function objectivesText({ objectives }: RunReport): string {
  if (objectives.length === 0) return '';
  const rows = objectives.map(({ id, unit, measured, target, pass, margin }) => [
    id,
    pass ? 'met' : 'MISSED',
    measured === null ? 'not measured' : showNumber(measured),
    showNumber(target),
    margin === null ? '-' : showNumber(margin),
    unit,
  ]);
  return table(['objective', '', 'measured', 'target', 'margin', 'unit'], rows, ['measured', 'target', 'margin']);
}

function costText({ cost }: RunReport): string {
  if (cost.lines.length === 0) return '';
  const rows = cost.lines.map((line) => [
    line.node,
    line.dimension,
    showNumber(line.quantity),
    line.unit,
    showUsd(line.usdRun),
    showUsd(line.usdPerMonth),
    line.rateDate,
    line.confidence,
  ]);
  const total = ['total', '', '', '', showUsd(cost.run), showUsd(cost.perMonth), '', ''];
  const head = ['node', 'charge', 'quantity', 'unit', 'this run', 'per month', 'price of', 'confidence'];
  return table(head, [...rows, total], ['quantity', 'this run', 'per month']);
}

function notesText(report: RunReport): string {
  const notes = warningTexts(report).map((text) => `  ${text}\n`);
  const guesses = report.assumptions.filter(({ kind }) => kind === 'guess').length;
  const measured = report.assumptions.length - guesses;
  if (report.assumptions.length > 0) {
    notes.push(
      `  ${guesses} guessed and ${measured} measured values that AWS does not document were used (listed by --json)\n`,
    );
  }
  return notes.join('');
}

function more(count: number, what: string): string {
  return count > 0 ? `  ... and ${count} more ${what}\n` : '';
}
