import { describe, expect, it } from 'vitest';
import { summaryText } from '#cli/summary.ts';
import type { MetricSummary, NodeResult, RunReport } from '#schema/result.ts';
import { emptyResult } from '#test/unit/analysis/fixture-catalog.ts';

const { usage: _, log: __, logDropped: ___, cancelled: ____, ...empty } = emptyResult();

function report(part: Partial<RunReport>): RunReport {
  return {
    ...empty,
    digest: '',
    measurement: { wallSeconds: 1, events: 1, eventsPerSecond: 1, peakRssBytes: 1 },
    cost: { currency: 'USD', run: 0, perMonth: 0, lines: [] },
    bottlenecks: [],
    advice: [],
    assumptions: [],
    objectives: [],
    log: [],
    ...part,
  };
}

function node(type: string, metrics: Record<string, MetricSummary>): NodeResult {
  const { droppedBy: _1, duplicates: _2, ...totals } = empty.ledger;
  return { type, ledger: { ...totals, in: 0, out: 0 }, metrics, series: [] };
}

const clock = (t: number): string => `00:00:${String(t).padStart(2, '0')}`;

describe('summaryText', () => {
  it('says which run it is, on one line whatever the name holds', () => {
    const [first] = summaryText(report({ scenario: 'a\nb\u001b[31m' }), clock).split('\n');
    expect(first).toBe('a\\u000ab\\u001b[31m: one run, seed 7');
  });

  it('shows metrics with their units, and rates of what is counted', () => {
    const text = summaryText(
      report({
        nodes: {
          clicks: node('stream', {
            IncomingBytes: { unit: 'Bytes', sum: 3_145_728, mean: 1024, max: 2048 },
            Latency: { unit: 'Milliseconds', mean: 250, max: 2000, p50: 200, p99: 1500 },
            Idle: { unit: 'Count', sum: 0, mean: 0, max: 0 },
          }),
        },
      }),
      clock,
    );
    const rows = text.split('\n').map((line) => line.trim().split(/ {2,}/));
    expect(rows).toContainEqual(['clicks (stream)']);
    expect(rows).toContainEqual(['IncomingBytes', '3 MiB', '1 KiB/s', '2 KiB/s']);
    expect(rows).toContainEqual(['Latency', '250 ms', '2 s', '1.5 s']);
    expect(text).not.toContain('Idle');
  });

  it('tells in words why records were lost', () => {
    const ledger = { ...empty.ledger, dropped: 4, droppedBy: { 'send-attempts-exhausted': 4 } };
    expect(summaryText(report({ ledger }), clock)).toContain('dropped: 4 (every attempt to send was refused)');
  });

  it('gathers nodes at which nothing happened in one line', () => {
    const nodes = Object.fromEntries(Array.from({ length: 2000 }, (_1, index) => [`n${index}`, node('sqs', {})]));
    const text = summaryText(report({ nodes }), clock);
    expect(text).toContain('nothing happened at: n0, n1, ');
    expect(text).toContain('(2000 of 2000)');
    expect(text.split('\n').length).toBeLessThan(20);
  });

  it('stays within 120 columns', () => {
    const words = 'records written to a shard were refused because its write limit was used up '.repeat(5).trim();
    const text = summaryText(
      report({
        bottlenecks: [{ t0: 0, t1: 10, node: 'clicks', limit: 'a', text: words }],
        log: [{ t: 3, node: 'clicks', level: 'warning', code: 'x/y', params: {}, text: words }],
        advice: [
          { code: 'x/z', severity: 'critical', node: 'clicks', text: words, params: {}, evidence: [], patch: [] },
        ],
        fidelity: { mode: 'auto', quantumSeconds: 1, warnings: ['fidelity/auto-runs-exact'] },
      }),
      clock,
    );
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('shows objectives and charges in the units of the reader', () => {
    const text = summaryText(
      report({
        objectives: [
          { id: 'fresh', unit: 's', measured: 111.1, target: 5, pass: false, margin: -106.1 },
          { id: 'no-loss', unit: 'ratio', measured: null, target: 0, pass: false, margin: null },
        ],
        cost: {
          currency: 'USD',
          run: 0.01,
          perMonth: 22,
          lines: [
            {
              node: 'clicks',
              dimension: 'shardHours',
              quantity: 2,
              unit: 'shard-hour',
              usdRun: 0.01,
              usdPerMonth: 22,
              rateId: 'r',
              rateDate: '2026-09-25',
              confidence: 'A',
            },
          ],
        },
      }),
      clock,
    );
    const rows = text.split('\n').map((line) => line.trim().split(/ {2,}/));
    expect(rows).toContainEqual(['fresh', 'MISSED', '111 s', '5 s', '-106 s']);
    expect(rows).toContainEqual(['no-loss', 'MISSED', 'not measured', '0 %', '-']);
    expect(rows).toContainEqual(['clicks', 'shard hours', '2 shard-hours', '0.0100', '22.00', 'AWS, 2026-09-25']);
  });
});
