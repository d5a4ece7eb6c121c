import { describe, expect, it } from 'vitest';
import { applySettings } from '#analysis/set-path.ts';
import { validateDocument } from '#analysis/validate.ts';
import { wireLine } from '#catalog/clients.ts';
import { components, connections } from '#catalog/specs.ts';
import { digestsOf } from '#cloud/deploy/deployed-parts.ts';
import { checkSinks, type Sink, sinksOf, type SinkWorld } from '#cloud/deploy/sinks.ts';
import type { CaudalDocument } from '#schema/document.ts';

const START_MS = 1_790_000_000_000;

/** A load into a function, which sends to a queue that a back end reads and, what has failed, to a dead-letter queue. */
function documentOf(...settings: readonly string[]): CaudalDocument {
  const { root } = applySettings(
    {
      schemaVersion: 1,
      name: 'Checked',
      nodes: [
        { id: 'app', type: 'traffic-source', outputs: [{ id: 'events', emit: {} }] },
        { id: 'topic', type: 'sns' },
        { id: 'jobs', type: 'sqs' },
        { id: 'dead', type: 'sqs' },
        { id: 'back-end', type: 'consumer-application' },
      ],
      edges: [
        { id: 'put', source: 'app', output: 'events', target: 'topic', port: 'messages' },
        { id: 'fan', source: 'topic', output: 'subscriptions', target: 'jobs', port: 'messages' },
        { id: 'read', source: 'jobs', output: 'consumers', target: 'back-end', port: 'queue' },
        { id: 'lost', source: 'jobs', output: 'dead-letter', target: 'dead', port: 'dead-letters' },
      ],
      workloads: [
        {
          id: 'load',
          node: 'app',
          arrivals: { kind: 'poisson', recordsPerSecond: 10 },
          recordSize: { kind: 'constant', bytes: 300 },
          partitionKey: { kind: 'uniform', keys: 10 },
        },
      ],
    },
    settings,
  );
  const validated = validateDocument(root, { components, connections });
  if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
  return validated.document;
}

function deployedOf(document: CaudalDocument) {
  const { app: _app, put: _put, read: _read, 'back-end': _end, ...digests } = digestsOf(document);
  const point = (node: string, port: string, protocol: string) => ({ node, port, protocol, outputKey: node });
  const accessPoints = [
    point('topic', 'messages', 'sns-publish'),
    point('jobs', 'messages', 'sqs-send'),
    point('jobs', 'consumers', 'sqs-receive'),
    point('dead', 'dead-letters', 'sqs-send'),
  ];
  return { digests, accessPoints };
}

const outputs = { topic: 'arn', jobs: 'https://jobs', dead: 'https://dead' };

/** A clock that jumps, and sinks that hold what they are told, one look after the other. */
class FakeWorld implements SinkWorld {
  now = START_MS + 10_000;
  private readonly looks: readonly (readonly (string | Error)[])[];

  constructor(...looks: readonly (readonly (string | Error)[])[]) {
    this.looks = looks;
  }

  nowMs = (): number => this.now;
  wait = async (ms: number): Promise<void> => {
    this.now += ms;
    await Promise.resolve();
  };
  reader = () => {
    let turn = 0;
    return {
      look: async (give: (unit: { body: string; arrivedMs: number }) => void) => {
        for (const unit of this.looks[turn++] ?? []) {
          if (unit instanceof Error) throw unit;
          give({ body: unit, arrivedMs: this.now });
        }
        return Promise.resolve();
      },
      close: () => undefined,
    };
  };
}

const sink: Sink = { node: 'jobs', protocol: 'sqs-send', address: 'https://jobs', takesAll: true, removes: true };
const line = (id: string, t = START_MS): string => wireLine({ id, t, k: 'k' }, 100);

async function check(world: FakeWorld, doubtful: readonly string[] = []) {
  const [report] = await checkSinks({
    sinks: [sink],
    sent: new Map(['a', 'b', 'c'].map((id) => [id, START_MS])),
    doubtful: new Set(doubtful),
    startedMs: START_MS,
    waitMs: 60_000,
    explain: (error) => (error as Error).message,
    settings: {},
    world,
  });
  return report;
}

describe('the sinks of a deployment', () => {
  it('takes all where every one of several loads comes to it whole', () => {
    const one = documentOf();
    const [load] = one.workloads;
    const app = one.nodes.find(({ id }) => id === 'app');
    if (load === undefined || app === undefined) throw new Error('no load');
    const site = { ...app, id: 'site' };
    const [first] = one.edges;
    if (first === undefined) throw new Error('no edge');
    const put = { ...first, id: 'put-too', source: 'site' };
    const two = {
      ...one,
      nodes: [...one.nodes, site],
      edges: [...one.edges, put],
      workloads: [load, { ...load, id: 'other', node: 'site' }],
    };
    const jobs = (document: CaudalDocument) =>
      sinksOf(document, deployedOf(document), outputs).find(({ node }) => node === 'jobs');
    expect(jobs(two)?.takesAll).toBe(true);
    expect(jobs({ ...two, edges: one.edges })?.takesAll).toBe(false);
  });

  it('are what no deployed part takes records from; a queue without its consumer is emptied, a dead-letter queue is not', () => {
    const document = documentOf();
    expect(sinksOf(document, deployedOf(document), outputs)).toEqual([
      { node: 'jobs', protocol: 'sqs-send', address: 'https://jobs', takesAll: true, removes: true },
      { node: 'dead', protocol: 'sqs-send', address: 'https://dead', takesAll: false, removes: false },
    ]);
  });

  it('need not have all records behind a filter or an output that lets only some by', () => {
    for (const setting of ['edges.fan.config.filterPassRatio=0.5', 'nodes.app.outputs.events.emit.selectivity=0.5']) {
      const document = documentOf(setting);
      expect(sinksOf(document, deployedOf(document), outputs)[0]?.takesAll).toBe(false);
    }
  });
});

describe('checking a sink', () => {
  it('counts records over several looks, on lines of one message too, and their latency', async () => {
    const report = await check(new FakeWorld([line('a')], [], [`${line('b')}\n${line('c')}`]));
    expect(report).toMatchObject({
      units: 2,
      records: 3,
      distinct: 3,
      missing: 0,
      doubled: 0,
      foreign: 0,
      clockAheadMs: 0,
    });
    expect(report?.latencyMs?.max).toBe(12_000);
  });

  it('tells what came twice, what of it a lost answer explains, what is missing and what is of others', async () => {
    const world = new FakeWorld([line('a'), line('a'), line('b')], [line('b'), line('a', START_MS - 5000), 'hello']);
    const report = await check(world, ['b']);
    expect(report).toMatchObject({
      records: 4,
      distinct: 2,
      doubled: 2,
      doubledUnexplained: 1,
      missing: 1,
      foreign: 2,
    });
    expect(world.now - START_MS).toBeGreaterThanOrEqual(70_000);
  });

  it('says when a sink cannot be read, and when the clock of this machine is ahead', async () => {
    const dark = new FakeWorld(...Array.from({ length: 100 }, () => [new Error('access denied')]));
    expect(await check(dark)).toMatchObject({
      unreachable: 'access denied',
      missing: null,
      records: 0,
      latencyMs: null,
    });
    const early = new FakeWorld([line('a'), line('b'), line('c')]);
    early.now = START_MS - 8000;
    expect(await check(early)).toMatchObject({ clockAheadMs: 8000, latencyMs: { max: 0 }, missing: 0 });
  });
});
