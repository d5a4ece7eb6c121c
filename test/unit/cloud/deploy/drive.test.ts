import { describe, expect, it } from 'vitest';
import { validateDocument } from '#analysis/validate.ts';
import { type Entry, type Refusal, type TargetClient, wireLine } from '#catalog/clients.ts';
import { components, connections } from '#catalog/specs.ts';
import { type CallFailure, drive, type DriveOptions, type DriveWorld } from '#cloud/deploy/drive.ts';
import { LoadRecords } from '#cloud/deploy/load-records.ts';
import type { DriveProgress } from '#schema/deployment-drive.ts';
import type { CaudalDocument } from '#schema/document.ts';

const accessPoints = [{ node: 'clicks', port: 'records', protocol: 'kinesis-put', outputKey: 'AtClicks' }];

function documentOf(emit: Record<string, unknown>, recordsPerSecond = 100): CaudalDocument {
  const validated = validateDocument(
    {
      schemaVersion: 1,
      name: 'Driven',
      nodes: [
        { id: 'app', type: 'traffic-source', outputs: [{ id: 'events', emit }] },
        { id: 'clicks', type: 'kinesis-data-streams' },
      ],
      edges: [{ id: 'put', source: 'app', output: 'events', target: 'clicks', port: 'records' }],
      workloads: [
        {
          id: 'load',
          node: 'app',
          arrivals: { kind: 'poisson', recordsPerSecond },
          recordSize: { kind: 'constant', bytes: 300 },
          partitionKey: { kind: 'uniform', keys: 1000 },
        },
      ],
    },
    { components, connections },
  );
  if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
  return validated.document;
}

/** A clock that jumps to whatever is waited for, and a client that answers as it is told. */
class FakeWorld implements DriveWorld {
  now = 1_790_000_000_000;
  readonly calls: { at: number; entries: readonly Entry[] }[] = [];
  private readonly answer: (entries: readonly Entry[], call: number) => readonly Refusal[];

  constructor(answer: (entries: readonly Entry[], call: number) => readonly Refusal[] = () => []) {
    this.answer = answer;
  }

  nowMs = (): number => this.now;
  random = (): number => 0.5;
  wait = async (ms: number): Promise<void> => {
    this.now += ms;
    await Promise.resolve();
  };
  client = (): TargetClient => ({
    maxEntries: 500,
    maxBytes: 10_485_760,
    send: async (_, entries) => {
      this.calls.push({ at: this.now, entries });
      return Promise.resolve(this.answer(entries, this.calls.length));
    },
    close: () => undefined,
  });

  get ids(): string[] {
    return this.calls.flatMap(({ entries }) => entries.flatMap(({ body }) => body.split('\n').map(idOf)));
  }
}

/** Two applications, one of them with two loads, each with a stream of its own. */
function twoLoads(): CaudalDocument {
  const load = (id: string, node: string, recordsPerSecond: number) => ({
    id,
    node,
    arrivals: { kind: 'poisson', recordsPerSecond },
    recordSize: { kind: 'constant', bytes: 300 },
    partitionKey: { kind: 'uniform', keys: 1000 },
  });
  const put = (source: string, target: string) => ({
    id: `${source}-${target}`,
    source,
    output: 'events',
    target,
    port: 'records',
  });
  const validated = validateDocument(
    {
      schemaVersion: 1,
      name: 'Driven',
      nodes: [
        { id: 'app', type: 'traffic-source', outputs: [{ id: 'events', emit: { batchSize: 1 } }] },
        { id: 'site', type: 'traffic-source', outputs: [{ id: 'events', emit: { batchSize: 1 } }] },
        { id: 'clicks', type: 'kinesis-data-streams' },
        { id: 'views', type: 'kinesis-data-streams' },
      ],
      edges: [put('app', 'clicks'), put('site', 'views')],
      workloads: [load('taps', 'app', 30), load('swipes', 'app', 10), load('hits', 'site', 20)],
    },
    { components, connections },
  );
  if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
  return validated.document;
}

const twoTargets = [...accessPoints, { node: 'views', port: 'records', protocol: 'kinesis-put', outputKey: 'AtViews' }];

function both(world: FakeWorld, more: Partial<DriveOptions> = {}): DriveOptions {
  const outputs = { AtClicks: 'stream', AtViews: 'other' };
  return options(world, twoLoads(), { accessPoints: twoTargets, outputs, ...more });
}

const timeOf = (entry: Entry | undefined): number => (JSON.parse(entry?.body ?? '{}') as { t: number }).t;

const idOf = (line: string): string => (JSON.parse(line) as { id: string }).id;

function options(world: FakeWorld, document: CaudalDocument, more: Partial<DriveOptions> = {}): DriveOptions {
  return {
    document,
    accessPoints,
    outputs: { AtClicks: 'stream' },
    settings: {},
    seed: 7,
    seconds: 10,
    world,
    ...more,
  };
}

describe('driving a deployed stack', () => {
  it('puts the same records whatever the size of its calls, each once', async () => {
    const single = new FakeWorld();
    const packed = new FakeWorld();
    await drive(options(single, documentOf({ batchSize: 1 })));
    const { targets } = await drive(options(packed, documentOf({ batchSize: 100, recordsPerMessage: 5 })));
    expect(new Set(single.ids).size).toBe(single.ids.length);
    expect(packed.ids.toSorted()).toEqual(single.ids.toSorted());
    expect(single.ids.length).toBeGreaterThan(900);
    expect(targets[0]?.sent).toBe(single.ids.length);
    expect(targets[0]?.messages).toBeLessThan(single.ids.length / 4);
  });

  it('sends only what was refused again, and gives up after the last attempt', async () => {
    const world = new FakeWorld((entries, call) =>
      call === 1
        ? entries.slice(0, 3).map((_, index) => ({ index, code: 'ProvisionedThroughputExceededException' }))
        : [],
    );
    const report = await drive(options(world, documentOf({ batchSize: 50 }), { seconds: 2 }));
    const [first, ...others] = world.calls;
    const again = others.find(({ entries }) => entries.length === 3);
    expect(again?.entries).toEqual(first?.entries.slice(0, 3));
    expect(report.targets[0]?.retriedBy).toEqual({ ProvisionedThroughputExceededException: 3 });
    expect(new Set(world.ids).size).toBe(report.targets[0]?.sent);

    const closed = new FakeWorld((entries) => entries.map((_, index) => ({ index, code: 'InternalFailure' })));
    const failed = await drive(options(closed, documentOf({ batchSize: 500, maxAttempts: 2 }), { seconds: 1 }));
    expect(failed.targets[0]?.sent).toBe(0);
    expect(failed.targets[0]?.failed).toBe(new Set(closed.ids).size);
    expect(closed.ids.length).toBe(2 * new Set(closed.ids).size);
  });

  it('keeps to the clock, to the cap on the rate and to the cap on the number', async () => {
    const paced = new FakeWorld();
    const start = paced.now;
    await drive(options(paced, documentOf({ batchSize: 1 }), { seconds: 20, speed: 10 }));
    expect(paced.now - start).toBeGreaterThan(1900);
    expect(paced.now - start).toBeLessThan(2100);

    const slow = new FakeWorld();
    const from = slow.now;
    const report = await drive(
      options(slow, documentOf({ batchSize: 1 }), { seconds: 10, recordsPerSecondCap: 10, totalCap: 100 }),
    );
    expect(report.ended).toBe('capped');
    expect(slow.ids).toHaveLength(100);
    expect(slow.now - from).toBeGreaterThan(9500);
  });

  it('stops when told, and says so', async () => {
    const stop = new AbortController();
    const world = new FakeWorld((_, call) => {
      if (call === 5) stop.abort();
      return [];
    });
    const report = await drive(options(world, documentOf({ batchSize: 1 }), { signal: stop.signal }));
    expect(report.ended).toBe('stopped');
    expect(world.calls.length).toBeLessThan(30);
  });

  it('counts a call whose answer was lost as uncertain and sends it again', async () => {
    const world = new FakeWorld((_, call) => {
      if (call === 2) throw new Error('socket hang up');
      return [];
    });
    const report = await drive(options(world, documentOf({ batchSize: 500, lingerMs: 50 }), { seconds: 1 }));
    expect(report.targets[0]?.uncertainCalls).toBe(1);
    expect(report.targets[0]?.sent).toBe(new Set(world.ids).size);
  });

  it('goes on when the network comes back within a minute, and otherwise ends with what was sent', async () => {
    const gap = new FakeWorld((_, call) => {
      if (call > 3 && call < 12) throw new Error('ECONNRESET');
      return [];
    });
    const resumed = await drive(options(gap, documentOf({ batchSize: 50, maxAttempts: 2 }), { seconds: 5 }));
    expect(resumed).toMatchObject({ ended: 'complete', targets: [{ failed: 0 }] });
    expect(resumed.targets[0]?.sent).toBe(new Set(gap.ids).size);

    const cut = new FakeWorld((_, call) => {
      if (call > 3) throw new Error('nothing answers');
      return [];
    });
    const ended = await drive(options(cut, documentOf({ batchSize: 50, maxAttempts: 2 }), { seconds: 3600 }));
    expect(ended).toMatchObject({ ended: 'failed', reason: 'nothing answers' });
    const taken = cut.calls.slice(0, 3).flatMap(({ entries }) => entries);
    expect(ended.targets[0]?.sent).toBe(taken.length);
    expect(ended.wallSeconds).toBeLessThan(200);
  });

  it('ends at once where a call can never go well, and at a limit, each with the reason', async () => {
    const denied = new FakeWorld(() => {
      throw new Error('denied');
    });
    const explain = (): CallFailure => ({ code: 'aws/access-denied', message: 'not allowed', kind: 'final' });
    const failed = await drive(options(denied, documentOf({ batchSize: 50 }), { explain }));
    expect(failed).toMatchObject({ ended: 'failed', reason: 'not allowed', targets: [{ sent: 0, uncertainCalls: 0 }] });
    expect(failed.wallSeconds).toBeLessThan(3);

    const world = new FakeWorld();
    const limit = ({ sent }: DriveProgress): string | undefined => (sent > 300 ? 'over 300' : undefined);
    const limited = await drive(options(world, documentOf({ batchSize: 10 }), { limit, seconds: 100 }));
    expect(limited).toMatchObject({ ended: 'limited', reason: 'over 300' });
    expect(limited.targets[0]?.sent).toBeLessThan(600);
  });

  it('keeps every call below the bytes that the target takes', async () => {
    const world = new FakeWorld();
    const small = { ...world.client(), maxBytes: 2000 };
    await drive(
      options(world, documentOf({ batchSize: 500, lingerMs: 5000 }), {
        world: Object.assign(world, { client: () => small }),
      }),
    );
    expect(world.calls.length).toBeGreaterThan(100);
    for (const { entries } of world.calls) {
      expect(entries.reduce((sum, { body, key }) => sum + body.length + key.length, 0)).toBeLessThanOrEqual(2000);
    }
  });

  it('sends several loads on one clock: each record when it is due, whatever the load', async () => {
    const world = new FakeWorld();
    const { targets } = await drive(both(world));
    const times = world.calls.map(({ entries: [entry] }) => timeOf(entry));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const { at, entries } of world.calls) expect(Math.abs(at - timeOf(entries[0]))).toBeLessThan(3);
    const loadsInTurn = world.ids.map((id) => id.split('-')[0]);
    const turns = loadsInTurn.filter((load, i) => load !== loadsInTurn[i - 1]).length;
    // 600 records of three loads, mixed: one load after the other would take 3 turns in each of 10 seconds.
    expect(turns).toBeGreaterThan(200);
    expect(targets.map(({ node }) => node)).toEqual(['clicks', 'views']);
    expect(targets.reduce((sum, { sent }) => sum + sent, 0)).toBe(world.ids.length);
  });

  it('sends of several loads the records that each would have alone', async () => {
    const together = new FakeWorld();
    await drive(both(together));
    const document = twoLoads();
    const alone: string[] = [];
    for (const workload of document.workloads) {
      const records = new LoadRecords(document, workload, 7);
      for (let second = 0; second < 10; second += 1) alone.push(...records.second(second).map(({ id }) => id));
    }
    expect(together.ids.toSorted()).toEqual(alone.toSorted());
  });

  it('keeps to one cap on the rate, one on the number and one progress over all loads', async () => {
    const world = new FakeWorld();
    const from = world.now;
    const progress: number[] = [];
    const report = await drive(
      both(world, { recordsPerSecondCap: 20, totalCap: 200, onProgress: ({ sent }) => progress.push(sent) }),
    );
    expect(report.ended).toBe('capped');
    expect(world.ids).toHaveLength(200);
    expect(new Set(world.ids.map((id) => id.split('-')[0]))).toEqual(new Set(['taps', 'swipes', 'hits']));
    expect(world.now - from).toBeGreaterThan(9500);
    // Told once a simulated second: of all loads, which no load alone comes to.
    expect(progress.at(-1)).toBeGreaterThan(150);
  });

  it('goes on from where it was when the machine has slept, instead of sending all that was missed at once', async () => {
    const world = new FakeWorld();
    const wait = world.wait;
    let naps = 0;
    world.wait = async (ms) => {
      await wait(ms);
      naps += 1;
      if (naps === 300) world.now += 3_600_000;
    };
    const slept: number[] = [];
    const report = await drive(
      options(world, documentOf({ batchSize: 1 }), { onSlept: (seconds) => slept.push(seconds) }),
    );
    expect(slept).toEqual([3600]);
    expect(report).toMatchObject({ ended: 'complete', sleptSeconds: 3600 });
    expect(report.targets[0]?.sent).toBe(new Set(world.ids).size);
    expect(report.wallSeconds).toBeGreaterThan(3600);
    for (const { at, entries } of world.calls) expect(Math.abs(at - timeOf(entries[0]))).toBeLessThan(3);
    const after = world.calls.filter(({ at }) => at > 1_790_000_000_000 + 3_600_000);
    expect(after.length).toBeGreaterThan(500);
    const firstSecond = after.filter(({ at }) => at < (after[0]?.at ?? 0) + 1000);
    expect(firstSecond.length).toBeLessThan(150);
  });

  it('takes a call that was under way while the machine slept for one without an answer, and not for the end', async () => {
    const world = new FakeWorld((_, call) => {
      if (call !== 5) return [];
      world.now += 3_600_000;
      throw new Error('ECONNRESET');
    });
    const report = await drive(options(world, documentOf({ batchSize: 50 })));
    expect(report).toMatchObject({
      ended: 'complete',
      sleptSeconds: 3600,
      targets: [{ failed: 0, uncertainCalls: 1 }],
    });
    expect(report.targets[0]?.sent).toBe(new Set(world.ids).size);
    expect(report.targets[0]?.callLatencyMs.max).toBeLessThan(1000);
  });

  it('goes on when the clock was refused once, as the client goes by that of AWS then, and ends when it is refused again', async () => {
    const explain = (): CallFailure => ({
      code: 'RequestTimeTooSkewed',
      message: 'the clock is wrong',
      kind: 'skewed',
    });
    const refuse = (): never => {
      throw new Error('skewed');
    };
    const once = new FakeWorld((_, call) => (call === 3 ? refuse() : []));
    const fine = await drive(options(once, documentOf({ batchSize: 50 }), { explain }));
    expect(fine).toMatchObject({
      ended: 'complete',
      targets: [{ failed: 0, retriedBy: { RequestTimeTooSkewed: once.calls[2]?.entries.length } }],
    });
    const always = new FakeWorld((_, call) => (call > 2 ? refuse() : []));
    const ended = await drive(options(always, documentOf({ batchSize: 50 }), { explain }));
    expect(ended).toMatchObject({ ended: 'failed', reason: 'the clock is wrong' });
    expect(ended.targets[0]?.sent).toBe(always.calls.slice(0, 2).flatMap(({ entries }) => entries).length);
  });

  it('fails when the load reaches nothing that is deployed', async () => {
    const world = new FakeWorld();
    await expect(drive(options(world, documentOf({}), { accessPoints: [] }))).rejects.toThrow(
      'the load of app reaches nothing that is deployed',
    );
  });

  it('pads a record to the bytes that the workload drew', () => {
    const record = { id: 'load-1', t: 5, k: 'key-1' };
    expect(wireLine(record, 600)).toHaveLength(600);
    expect(JSON.parse(wireLine(record, 1))).toEqual({ id: 'load-1', t: 5, k: 'key-1', p: '' });
  });
});
