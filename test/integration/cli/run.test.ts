import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '#schema/result.ts';
import { caudal, caudalInto, queue } from './caudal.ts';

let folder = '';

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caudal-cli-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const contract = [
  'scenario',
  'seed',
  'horizonSeconds',
  'preRollSeconds',
  'fidelity',
  'digest',
  'measurement',
  'ledger',
  'nodes',
  'edges',
  'paths',
  'cost',
  'limits',
  'bottlenecks',
  'advice',
  'assumptions',
  'objectives',
  'log',
];

/** The parts of the contract one level down: these keys are there, and others may be. */
const parts: Readonly<Record<string, readonly string[]>> = {
  fidelity: ['mode', 'quantumSeconds', 'warnings'],
  measurement: ['wallSeconds', 'events', 'eventsPerSecond', 'peakRssBytes'],
  ledger:
    'carriedIn created copied replayed emitted delivered filtered absorbed dropped deadLettered expired inside droppedBy duplicates'.split(
      ' ',
    ),
  'ledger.duplicates': ['made', 'delivered', 'removed', 'inside'],
  'nodes.clicks': ['type', 'ledger', 'metrics'],
  'nodes.clicks.ledger': ['created', 'delivered', 'inside', 'in', 'out'],
  'nodes.clicks.metrics.IncomingRecords': ['unit', 'sum', 'mean', 'max'],
  'nodes.enrich.metrics.Duration': ['unit', 'mean', 'max', 'p50', 'p99'],
  'edges.poll': ['records', 'units', 'requests', 'bytes', 'retried', 'refused', 'dropped'],
  'paths.0': ['source', 'sink', 'count', 'latencySeconds'],
  'paths.0.latencySeconds': ['mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'],
  cost: ['currency', 'run', 'perMonth', 'lines'],
  'cost.lines.0': ['node', 'dimension', 'quantity', 'unit', 'usdRun', 'usdPerMonth'],
  'limits.0': ['id', 'node', 'name', 'unit', 'capacity', 'peakRatio', 'refused', 'waiting', 'source', 'raisable'],
  'bottlenecks.0': ['t0', 't1', 'node', 'limit', 'text'],
  'advice.0': ['code', 'severity', 'text', 'evidence', 'patch'],
  'assumptions.0': ['path', 'value', 'kind', 'source'],
  'objectives.0': ['id', 'unit', 'measured', 'target', 'pass', 'margin'],
  'log.0': ['t', 'node', 'level', 'code', 'text'],
};

const skeleton = fileURLToPath(new URL('../../../scenarios/walking-skeleton/scenario.caudal.json', import.meta.url));

describe('caudal run', () => {
  it('keeps the contract in every part of the object', async () => {
    const load = 'workloads.visitors.arrivals={"kind":"constant","recordsPerSecond":3000}';
    const flags = ['--horizon', '30s', '--pre-roll', '0', '--set', load];
    const { out } = await caudal('run', skeleton, '--json', ...flags);
    const report: unknown = JSON.parse(out);
    const missing = Object.entries(parts).flatMap(([path, names]) => {
      const part = path.split('.').reduce((held, key) => (held as Record<string, unknown> | undefined)?.[key], report);
      return names.filter((name) => !Object.hasOwn(Object(part), name)).map((name) => `${path}.${name}`);
    });
    expect(missing).toEqual([]);
    // What the summary says of the same run is about the same run.
    const { out: text } = await caudal('run', skeleton, ...flags);
    const { ledger } = report as RunReport;
    expect(text).toContain(`  ${ledger.created.toLocaleString('en-US')}  `);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('prints one JSON object with every part of the contract, and nothing else on standard output', async () => {
    const { code, out, err } = await caudal('run', await file('a.caudal.json', queue()), '--json');
    expect([code, err]).toEqual([0, '']);
    expect(out.trim().split('\n')).toHaveLength(1);
    const report = JSON.parse(out) as RunReport;
    expect(Object.keys(report).sort()).toEqual([...contract].sort());
    const { ledger } = report;
    const came = ledger.carriedIn + ledger.created + ledger.copied + ledger.replayed + ledger.emitted;
    const went =
      ledger.delivered +
      ledger.filtered +
      ledger.absorbed +
      ledger.dropped +
      ledger.deadLettered +
      ledger.expired +
      ledger.inside;
    expect(came).toBe(went);
    // 600 s at 20/s: a Poisson count with mean 12,000; six standard deviations are 657.
    expect(Math.abs(ledger.created - 12_000)).toBeLessThan(657);
    expect(report.paths).toMatchObject([{ source: 'app', sink: 'server' }]);
    expect(report.nodes['server']).not.toHaveProperty('series');
  });

  it('gives the same digest for the same seed and another for another', async () => {
    const path = await file('b.caudal.json', queue());
    const digests = await Promise.all(
      [
        ['--seed', '1'],
        ['--seed', '1'],
        ['--seed', '2'],
      ].map(async (flags) => {
        const { out } = await caudal('run', path, '--json', ...flags);
        return (JSON.parse(out) as RunReport).digest;
      }),
    );
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  });

  it('says which run its numbers are from, and sets what it is told to', async () => {
    const path = await file('c.caudal.json', queue());
    const { code, out } = await caudal(
      'run',
      path,
      '--horizon',
      '2m',
      '--pre-roll',
      '0',
      '--set',
      'nodes.server.config.servers=3',
    );
    expect(code).toBe(0);
    expect(out).toContain('one run, seed 7');
    expect(out).toContain('2 min simulated');
    const { out: json } = await caudal(
      'run',
      path,
      '--horizon',
      '2m',
      '--set',
      'nodes.server.config.servers=3',
      '--json',
    );
    const report = JSON.parse(json) as RunReport;
    expect(report.horizonSeconds).toBe(120);
    expect(report.limits[0]?.capacity).toBe(3);
  });

  it('ends with 1 when an objective is missed and that is to be checked', async () => {
    const missed = [{ id: 'quick', kind: 'latency', node: 'server', quantile: 0.5, maxSeconds: 0.000_001 }];
    const path = await file('d.caudal.json', queue({ objectives: missed }));
    expect((await caudal('run', path)).code).toBe(0);
    expect((await caudal('run', path, '--check')).code).toBe(1);
    expect((await caudal('run', path, '--check', '--replications', '2')).code).toBe(1);
    expect((await caudal('run', await file('e.caudal.json', queue()), '--check')).code).toBe(0);
  });

  it('gives intervals over replications that do not depend on the number of workers', async () => {
    const path = await file('f.caudal.json', queue());
    const run = async (workers: string) => {
      const { code, out } = await caudal(
        'run',
        path,
        '--replications',
        '3',
        '--workers',
        workers,
        '--horizon',
        '1m',
        '--json',
      );
      expect(code).toBe(0);
      const { measurement: _, ...rest } = JSON.parse(out) as Record<string, unknown>;
      return rest;
    };
    const one = await run('1');
    expect(await run('2')).toEqual(one);
    expect(one).toMatchObject({ seed: 7, replications: 3, ledger: { created: { n: 3 } } });
    const [objective] = one['objectives'] as { passShare: number; interval: number[] }[];
    expect(objective).toMatchObject({ passShare: 1 });
    expect(objective?.interval[1]).toBe(1);
  });

  it('fails with every wrong option and field at once', async () => {
    const path = await file('k.caudal.json', queue());
    const wrong = ['--seed', 'x', '--horizon', 'soon', '--pre-roll=-5', '--fidelity', 'fast'];
    const { code, out } = await caudal('run', path, ...wrong, '--set', 'nodes.server.config.servers=many', '--json');
    expect(code).toBe(2);
    const { error } = JSON.parse(out) as { error: { faults: { path: string }[] } };
    expect(error.faults.map((fault) => fault.path).toSorted()).toEqual([
      '--horizon',
      '--pre-roll',
      'nodes.server.config.servers',
      'run.fidelity',
      'run.seed',
    ]);
  });

  it('fails for replications whose seeds would run over', async () => {
    const path = await file('l.caudal.json', queue());
    const { code, err } = await caudal('run', path, '--replications', '3', '--seed', '4294967294');
    expect([code, err]).toEqual([2, expect.stringContaining('allowed: from 1 to 2')]);
  });

  it('says so when there is no objective to check', async () => {
    const path = await file('m.caudal.json', queue({ objectives: [] }));
    const { code, err } = await caudal('run', path, '--check', '--json');
    expect([code, err]).toEqual([0, 'nothing to check: the document has no objectives\n']);
  });

  it.runIf(existsSync('/dev/full'))('ends with 3 and one sentence when standard output cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const { code, err } = await caudalInto(full, 'run', await file('n.caudal.json', queue()), '--json');
    closeSync(full);
    expect([code, err]).toEqual([3, 'standard output cannot be written (ENOSPC) [file/write-failed]\n']);
  });

  it('shows control characters of a document and does not print them', async () => {
    const path = await file('o.caudal.json', queue({ name: 'x\u001b[31m\u009b\ny' }));
    const { out } = await caudal('run', path, '--horizon', '10s');
    expect(out.split('\n')[0]).toBe('x\\u001b[31m\\u009b\\u000ay: one run, seed 7');
    const { out: json } = await caudal('run', path, '--horizon', '10s', '--json');
    expect(json).not.toContain('\u009b');
    expect((JSON.parse(json) as RunReport).scenario).toBe('x\u001b[31m\u009b\ny');
  });

  it('bills a month without the faults of the timeline', async () => {
    const faults = [{ id: 'dead', kind: 'outage', node: 'server', startSeconds: 60, durationSeconds: 60 }];
    const { code, out } = await caudal('run', await file('g.caudal.json', queue({ faults })), '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out) as RunReport;
    expect(report.log.map(({ t, code: entry }) => [t, entry])).toEqual(
      expect.arrayContaining([
        [60, 'fault/begins'],
        [120, 'fault/ends'],
      ]),
    );
  });

  it('replays a trace from a CSV file beside the document', async () => {
    await file('trace.csv', 'second,records\n0,100\n60,0\n120,50\n');
    const [workload] = queue()['workloads'] as object[];
    const workloads = [{ ...workload, arrivals: { kind: 'trace', csv: { path: 'trace.csv' } } }];
    const path = await file('h.caudal.json', queue({ workloads, run: { horizonSeconds: 600, preRollSeconds: 0 } }));
    const { out } = await caudal('run', path, '--json');
    expect((JSON.parse(out) as RunReport).ledger.created).toBe(150);
    await file('trace.csv', 'second,records\n0,100\n60,many\n');
    const broken = await caudal('run', path);
    expect(broken.code).toBe(2);
    expect(broken.err).toContain('trace.csv:3:4');
    expect(broken.err).toContain('workloads.visits.arrivals.csv.path');
  });

  it('fails with 2 and every fault, in the order of the file, each with line, column and path', async () => {
    const nodes = [
      { id: 'app', type: 'traffic-source', outputs: [{ id: 'requests' }] },
      { id: 'server', type: 'custom-service', config: { servers: 0, colour: 'red' } },
    ];
    const path = await file(
      'i.caudal.json',
      queue({ nodes, faults: [{ id: 'x', kind: 'outage', node: 'servre', startSeconds: 0, durationSeconds: 1 }] }),
    );
    const { code, out, err } = await caudal('run', path, '--set', 'nodes.sever.config.servers=1');
    expect([code, out]).toEqual([2, '']);
    const lines = err.trim().split('\n');
    expect(lines[0]).toBe('4 faults in the input');
    expect(lines[1]).toContain('nodes.sever.config.servers: ');
    const placed = lines.slice(2).map((line) => /^ {2}(\d+):(\d+) (\S+):/.exec(line)?.slice(1) ?? []);
    expect(placed.map(([, , where]) => where).sort((a, b) => String(a).localeCompare(String(b)))).toEqual([
      'faults.x.node',
      'nodes.server.config.colour',
      'nodes.server.config.servers',
    ]);
    const numbers = placed.map(([line]) => Number(line));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(numbers[0]).toBeGreaterThan(1);
  });

  it('fails with 2 for a file that is missing, a folder, or not JSON, and for a wrong command line', async () => {
    expect((await caudal('run', join(folder, 'none.caudal.json'))).code).toBe(2);
    expect((await caudal('run', folder)).code).toBe(2);
    const broken = await caudal('run', await file('j.caudal.json', '{\n  "name": "x",\n  nodes: []\n}'));
    expect(broken.code).toBe(2);
    expect(broken.err).toContain('  3:3 ');
    expect((await caudal('run')).code).toBe(2);
    expect((await caudal('run', folder, '--horizn', '2h')).code).toBe(2);
    expect((await caudal('jump')).code).toBe(2);
    const spans = await caudal('run', await file('k.caudal.json', queue()), '--horizon', 'soon', '--json');
    expect([spans.code, JSON.parse(spans.out)]).toMatchObject([
      2,
      { error: { kind: 'input', faults: [{ code: 'cli/not-a-duration' }] } },
    ]);
  });
});
