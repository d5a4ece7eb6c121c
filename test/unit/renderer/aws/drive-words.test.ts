import { describe, expect, it } from 'vitest';
import {
  endWords,
  progressFigures,
  progressWords,
  sinkGrade,
  sinkWords,
  targetWords,
} from '#renderer/aws/drive-words.ts';
import type { DriveReport, SinkReport, TargetReport } from '#schema/deployment-drive.ts';

const progress = { second: 10, seconds: 60, sent: 1234, failed: 0, wallSeconds: 10, behindMs: 40, usd: 0.0123 };
const target: TargetReport = {
  node: 'clicks',
  protocol: 'kinesis-put',
  sent: 500,
  messages: 500,
  calls: 5,
  retriedBy: {},
  failed: 0,
  uncertainCalls: 0,
  uncertainRecords: 0,
  callLatencyMs: { mean: 5, p50: 5, p99: 9, max: 9 },
};
const report: DriveReport = {
  startedAt: '2026-11-21T20:00:00.000Z',
  ended: 'complete',
  wallSeconds: 12,
  sleptSeconds: 0,
  targets: [target],
};
const sink: SinkReport = {
  node: 'orders',
  address: 'q',
  units: 500,
  records: 500,
  distinct: 500,
  doubled: 0,
  doubledUnexplained: 0,
  missing: 0,
  foreign: 0,
  latencyMs: { mean: 100, p50: 90, p99: 200, max: 300 },
  clockAheadMs: 0,
};

describe('the words of driving', () => {
  it('say how long it will take at the pace so far', () => {
    expect(progressWords(progress)).toBe('Sending the load, about 50 s left');
    expect(progressWords({ ...progress, wallSeconds: 25 })).toBe('Sending the load, about 2 min 5 s left');
    expect(progressWords({ ...progress, second: 0, wallSeconds: 0 })).toBe('Sending the load');
    expect(progressWords({ ...progress, second: 60 })).toBe('Sending the last records');
  });

  it('list how far it is, and what has arrived once the sinks are looked at', () => {
    expect(progressFigures(progress, undefined)).toEqual([
      ['Load sent', '10 s of 1 min'],
      ['Records', '1,234'],
      ['Failed', '0'],
      ['Rate', '123/s'],
      ['Schedule', 'on time'],
      ['Spent by the estimate', '$0.01'],
    ]);
    expect(progressFigures({ ...progress, wallSeconds: 0, behindMs: 3000 }, 7)).toEqual(
      expect.arrayContaining([
        ['Rate', '0/s'],
        ['Schedule', '3 s behind'],
        ['Arrived at the sinks', '7'],
      ]),
    );
  });

  it('say how it ended, and what to do where it ended early', () => {
    const said = (change: Partial<DriveReport>): string =>
      endWords({ drive: { ...report, ...change }, estimatedUsd: 0.5 });
    expect(said({})).toBe('500 records sent in 12 s, about $0.50 by the estimate. All of the load was sent.');
    expect(said({ ended: 'stopped' })).toContain('You stopped it');
    expect(said({ ended: 'capped' })).toContain('the most records that you allowed');
    expect(said({ ended: 'failed', reason: 'the credentials have expired: sign in again' })).toMatch(
      /The credentials have expired: sign in again\.$/,
    );
    const ceiling = 'by the estimate 1.1 USD have been spent, more than the ceiling of 1 USD: raise it with --ceiling';
    expect(said({ ended: 'limited', reason: ceiling })).not.toContain('--');
  });

  it('say what a target refused, gave up and left in doubt', () => {
    expect(targetWords(target)).toBe('everything was taken at once');
    const troubled = { ...target, retriedBy: { Throttled: 20 }, failed: 1, uncertainCalls: 2, uncertainRecords: 40 };
    expect(targetWords(troubled)).toBe(
      '20 sent again (Throttled); 1 record given up after the last attempt; 2 calls were not answered: 40 records may be there twice',
    );
  });
});

describe('the words about a sink', () => {
  it('say that all came, and once', () => {
    expect(sinkWords(sink)).toBe('All 500 records arrived, none missing. None came twice.');
    expect(sinkGrade(sink)).toBe('success');
  });

  it('say what is missing and what came twice, and how much of that an unanswered call explains', () => {
    const bad = { ...sink, distinct: 490, missing: 10, doubled: 5, doubledUnexplained: 2, foreign: 7 };
    expect(sinkWords(bad)).toBe(
      '490 records arrived, 10 are missing. 5 came more than once, 3 of them through calls that were not answered. 7 lines are of something else, or of an earlier drive.',
    );
    expect(sinkGrade(bad)).toBe('error');
    expect(sinkGrade({ ...sink, doubled: 3, doubledUnexplained: 0 })).toBe('success');
  });

  it('say where not every record is to come, and that a clock is ahead', () => {
    const said = { ...sink, missing: null, distinct: 1, clockAheadMs: 2500 };
    expect(sinkWords(said)).toContain('1 record arrived; not every record is to come here. None came twice.');
    expect(sinkWords(said)).toContain('at least 2.5 s ahead of AWS');
    expect(sinkGrade(said)).toBe('warning');
  });

  it('say why one could not be read', () => {
    const closed = { ...sink, unreachable: 'sqs:ReceiveMessage is not allowed' };
    expect(sinkWords(closed)).toBe('could not be read: sqs:ReceiveMessage is not allowed.');
    expect(sinkGrade(closed)).toBe('error');
  });
});
