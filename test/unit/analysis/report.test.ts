import { describe, expect, it } from 'vitest';
import { assembleReport, digestText, printedReport } from '#analysis/report.ts';
import { validateDocument } from '#analysis/validate.ts';
import { catalog, design, emptyResult, rates } from './fixture-catalog.ts';

function reportOf(part: Parameters<typeof emptyResult>[0] = {}, wallSeconds = 1) {
  const validated = validateDocument(design(), catalog);
  if ('faults' in validated) throw new Error('the design is valid');
  const measurement = { wallSeconds, events: 10, eventsPerSecond: 10 / wallSeconds, peakRssBytes: 1 };
  return assembleReport({
    document: validated.document,
    catalog,
    rates,
    result: emptyResult(part),
    limitColumns: [],
    measurement,
  });
}

const refusing = {
  id: 'write/shard-0',
  node: 'clicks',
  name: 'records written',
  unit: 'records/s',
  capacity: 1000,
  peakRatio: 1,
  refused: 5,
  waiting: 0,
  source: '',
  raisable: false,
};

describe('assembleReport', () => {
  it('turns codes into sentences, of the component or of the run itself', () => {
    const { log } = reportOf({
      log: [
        { t: 1, node: 'clicks', level: 'warning', code: 'throttled', params: { shard: 3 } },
        { t: 2, node: 'clicks', level: 'info', code: 'fault/begins', params: { id: 'f', kind: 'outage' } },
        { t: 3, node: null, level: 'info', code: 'unheard-of', params: { n: 1 } },
      ],
    });
    expect(log.map(({ text }) => text)).toEqual([
      'shard 3 throttled',
      'your fault “f” begins: an outage',
      'unheard-of (n 1)',
    ]);
  });

  it('finds the sentence of a connection under the node where it counts', () => {
    const { log } = reportOf({
      log: [{ t: 1, node: 'enrich', level: 'warning', code: 'window-above-timeout', params: { timeout: 3 } }],
    });
    expect(log[0]?.text).toBe('the window may not exceed the timeout of 3 s');
  });

  it('gives advice absolute paths, of the node, of the edge and of what the edge leads to, the severest first', () => {
    const { advice } = reportOf({ limits: [refusing] });
    expect(advice.map(({ code, node, text }) => [code, node, text])).toEqual([
      ['more-shards', 'clicks', 'use 2 shards in place of 1'],
      ['longer-timeout', 'poll', 'longer-timeout'],
    ]);
    expect(advice[0]?.patch).toEqual([{ path: 'nodes.clicks.config.shardCount', from: 1, to: 2 }]);
    expect(advice[1]?.patch.map(({ path }) => path)).toEqual([
      'edges.poll.config.batchSize',
      'nodes.enrich.config.timeoutSeconds',
    ]);
  });

  it('lists what the run assumed: guessed and measured settings in use, and prices without a source', () => {
    const { assumptions } = reportOf({ usage: { clicks: { storedGbMonths: 1 } } });
    expect(assumptions.map(({ path, value, kind }) => [path, value, kind])).toEqual([
      ['nodes.clicks.config.latencyMs', 5, 'measured'],
      ['nodes.enrich.config.overheadMs', 2, 'guess'],
      ['edges.poll.config.windowSeconds', 0, 'guess'],
      ['rates.test/stored', 0.1, 'guess'],
    ]);
    expect(assumptions[0]?.source).toBe('https://docs.aws.amazon.com/example (2026-11-21): measured in one Region');
  });

  it('says when the event log was cut', () => {
    expect(reportOf({ logDropped: 3 }).fidelity.warnings).toEqual(['log/entries-dropped']);
  });
});

describe('digestText', () => {
  it('does not depend on the machine, the order of keys or the series', () => {
    const series = [{ metric: 'm', unit: '', startSeconds: 0, stepSeconds: 1, values: new Float64Array(3) }];
    const ledger = { ...emptyResult().ledger, in: 0, out: 0 };
    const nodes = { a: { type: 'sink', ledger, metrics: {}, series } };
    const other = { a: { series: [], metrics: {}, ledger, type: 'sink' } };
    expect(digestText(reportOf({ nodes }))).toBe(digestText(reportOf({ nodes: other }, 99)));
  });

  it('changes with any result', () => {
    const ledger = { ...emptyResult().ledger, delivered: 1 };
    expect(digestText(reportOf({ ledger }))).not.toBe(digestText(reportOf()));
  });
});

describe('printedReport', () => {
  it('leaves out the series', () => {
    const ledger = { ...emptyResult().ledger, in: 0, out: 0 };
    const report = reportOf({ nodes: { a: { type: 'sink', ledger, metrics: {}, series: [] } } });
    expect(Object.keys(printedReport(report).nodes['a'] ?? {})).toEqual(['type', 'ledger', 'metrics']);
  });
});
