import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestText } from '#analysis/report.ts';
import { sha256 } from '#host/runs/run-service.ts';
import { migrated } from '#host/saved-runs/migrations.ts';
import { readRunBytes, runBytes } from '#host/saved-runs/run-bytes.ts';
import { InputError } from '#schema/errors.ts';
import { limitRows, nodeRows } from '#schema/playback.ts';
import { emptyLedger, type RunReport } from '#schema/result.ts';
import { encodeFrame } from '#schema/rpc-frame.ts';
import { beginsAsSavedRun, type SavedRun } from '#schema/saved-run.ts';

const origin = {
  origin: 'simulated',
  engineVersion: '0.1.0',
  ratesDate: '2026-10-08',
  savedAt: '2026-11-21T12:00:00.000Z',
} as const;

const totals = { ...emptyLedger, created: 12, delivered: 12 };

function report(): RunReport {
  const unsealed: Omit<RunReport, 'digest'> = {
    scenario: 'orders',
    seed: 7,
    horizonSeconds: 60,
    preRollSeconds: 0,
    fidelity: { mode: 'auto', quantumSeconds: 1, warnings: [] },
    ledger: { ...totals, droppedBy: {}, duplicates: { made: 0, delivered: 0, removed: 0, inside: 0 } },
    nodes: {
      web: {
        type: 'traffic-source',
        ledger: { ...totals, in: 0, out: 12 },
        metrics: { Records: { unit: 'Count', sum: 12, mean: 0.2, max: 1 } },
        series: [
          { metric: 'Records', unit: 'Count', startSeconds: 0, stepSeconds: 30, values: new Float64Array([5, 7 / 3]) },
        ],
      },
    },
    edges: {},
    paths: [],
    measurement: { wallSeconds: 0.1, events: 30, eventsPerSecond: 300, peakRssBytes: 1000 },
    cost: { currency: 'USD', run: 0, perMonth: 0, lines: [] },
    limits: [
      {
        id: 'records',
        node: 'web',
        name: 'records',
        unit: '1/s',
        capacity: 10,
        peakRatio: 0.5,
        refused: 0,
        waiting: 0,
        source: 'https://docs.aws.amazon.com/',
        raisable: true,
      },
    ],
    bottlenecks: [],
    advice: [
      {
        code: 'more',
        severity: 'info',
        node: 'web',
        text: 'More.',
        params: { count: 2 },
        evidence: [{ limit: 'records', t0: 0, t1: 60, value: 0.5 }],
        patch: [{ path: 'nodes.web.config.x', from: 1, to: 2 }],
      },
    ],
    assumptions: [{ path: 'nodes.web.config.x', value: 1, kind: 'guess', source: 'none' }],
    objectives: [{ id: 'fresh', unit: 's', measured: null, target: 5, pass: false, margin: null }],
    log: [{ t: 1, node: null, level: 'info', code: 'run/began', params: {}, text: 'It began.' }],
  };
  return { ...unsealed, digest: sha256(digestText(unsealed)) };
}

function run(change: Partial<SavedRun> = {}): SavedRun {
  const rows = nodeRows.length + limitRows.length;
  return {
    document: { name: 'orders', nodes: [{ id: 'web' }], edges: [] },
    report: report(),
    playback: { binSeconds: 30, fromBin: 0, bins: 2, limitCount: 1, values: new Float32Array(rows * 2).fill(0.25) },
    usage: { web: { records: 12 } },
    ...change,
  };
}

/** The file of any content, with a first line that is true of it. */
function file(content: unknown, head: Record<string, unknown> = {}): Uint8Array {
  const frame = encodeFrame(content);
  const packed = gzipSync(frame);
  const hash = createHash('sha256').update(packed).digest('hex');
  const sizes = { bytes: packed.byteLength, unpackedBytes: frame.byteLength, sha256: hash };
  const line = JSON.stringify({ caudalRun: 2, ...origin, ...sizes, ...head });
  return Buffer.concat([Buffer.from(`${line}\n`), packed]);
}

async function codeOf(bytes: Uint8Array): Promise<string> {
  const error = await readRunBytes(bytes, 'x.caudal-run').then(
    () => undefined,
    (found: unknown) => found,
  );
  if (!(error instanceof InputError)) throw error;
  expect(error.message).toContain('x.caudal-run');
  return error.faults[0]?.code ?? '';
}

describe('a saved run', () => {
  it('is read back as it was: numbers, columns and the order of names', async () => {
    const bytes = await runBytes(run(), origin);
    expect(beginsAsSavedRun(bytes)).toBe(true);
    const read = await readRunBytes(bytes, 'x.caudal-run');
    expect(read.run).toEqual(run());
    expect(JSON.stringify(read.run.report)).toBe(JSON.stringify(run().report));
    expect(read.run.report.nodes['web']?.series[0]?.values).toBeInstanceOf(Float64Array);
    expect(read.run.playback.values).toBeInstanceOf(Float32Array);
    expect(read.head).toMatchObject(origin);
  });

  it('says in its first line what it is, for people and for other programs', async () => {
    const text = Buffer.from(await runBytes(run(), origin)).toString('latin1');
    expect(JSON.parse(text.slice(0, text.indexOf('\n')))).toMatchObject({ caudalRun: 2, engineVersion: '0.1.0' });
  });

  it('fails to be read when it is cut short, and says how much is there', async () => {
    const bytes = await runBytes(run(), origin);
    for (const kept of [bytes.length - 1, bytes.length - 200]) {
      expect(await codeOf(bytes.subarray(0, kept))).toBe('run/truncated');
    }
    expect(await codeOf(bytes.subarray(0, 40))).toBe('run/not-a-run');
  });

  it('fails to be read when a byte of its content has changed, or something was added', async () => {
    const bytes = await runBytes(run(), origin);
    const flipped = Uint8Array.from(bytes);
    flipped[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    expect(await codeOf(flipped)).toBe('run/damaged');
    expect(await codeOf(Buffer.concat([bytes, Buffer.from('more')]))).toBe('run/damaged');
  });

  it('fails to be read when it is something else', async () => {
    for (const text of ['', '\n', '{}\n', '{"schemaVersion":1}\n', 'caudal\n', '{"caudalRun":"1"}\n']) {
      expect(await codeOf(Buffer.from(text))).toBe('run/not-a-run');
    }
  });

  it('fails to be read when a newer Caudal wrote it, whatever else it holds', async () => {
    expect(await codeOf(Buffer.from('{"caudalRun":3,"anything":true}\nrest'))).toBe('run/newer-format');
  });

  it('fails to be read when its numbers do not have its digest', async () => {
    const sound = run();
    const changed = { ...sound, report: { ...sound.report, ledger: { ...sound.report.ledger, delivered: 13 } } };
    expect(await codeOf(file(changed))).toBe('run/damaged');
    expect((await readRunBytes(file(sound), 'x')).run.report.digest).toBe(sound.report.digest);
  });

  it('fails to be read when its parts do not fit one another', async () => {
    const { playback } = run();
    const others: readonly unknown[] = [
      run({ document: { nodes: [{ id: 'other' }], edges: [] } }),
      run({ document: { nodes: [{ id: 'web' }], edges: [{ id: 'put' }] } }),
      run({ playback: { ...playback, bins: 3 } }),
      { ...run(), more: 1 },
      { ...run(), usage: { web: { records: 'many' } } },
      null,
    ];
    for (const content of others) expect(await codeOf(file(content))).toBe('run/damaged');
  });

  it('fails to be read when it would unpack to more than it says', async () => {
    expect(await codeOf(file(run(), { unpackedBytes: 64 }))).toBe('run/damaged');
  });

  it('is read as it was written in format 1, which had no codes for what is said of a bottleneck', async () => {
    const bottleneck = { t0: 0, t1: 60, node: 'web', limit: 'calls', text: 'calls: 90 % of 10 in use, on average' };
    const { digest: _, ...report } = { ...run().report, bottlenecks: [bottleneck] };
    const old = { ...run(), report: { ...report, digest: sha256(digestText(report)) } };
    expect((await readRunBytes(file(old, { caudalRun: 1 }), 'x')).run.report.bottlenecks).toEqual([bottleneck]);
  });

  it('is brought from an older format to the newest, step by step', () => {
    const steps = [(content: unknown) => [content, 'two'], (content: unknown) => [content, 'three']];
    expect(migrated('one', 1, steps)).toEqual([['one', 'two'], 'three']);
    expect(migrated('two', 2, steps)).toEqual(['two', 'three']);
    expect(migrated('three', 3, steps)).toBe('three');
  });
});
