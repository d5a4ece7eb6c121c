import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '#schema/errors.ts';
import type { OpenDocument } from '#schema/rpc.ts';
import { smallDocument } from '#test/integration/serve-harness.ts';
import { Desktop, failure, isOpen, opened, seeded, type Window } from './windows.ts';

/** A valid design with a stream, so that there is more to break. */
const design = {
  schemaVersion: 1,
  name: 'design',
  nodes: [
    { id: 'app', type: 'traffic-source', outputs: [{ id: 'clicks' }] },
    { id: 'clicks', type: 'kinesis-data-streams', config: { shardCount: 2 } },
    { id: 'enrich', type: 'lambda', outputs: [{ id: 'orders' }] },
    { id: 'orders', type: 'sqs' },
  ],
  edges: [
    { id: 'in', source: 'app', output: 'clicks', target: 'clicks', port: 'records' },
    { id: 'poll', source: 'clicks', output: 'consumers', target: 'enrich', port: 'kinesis' },
    { id: 'out', source: 'enrich', output: 'orders', target: 'orders', port: 'messages' },
  ],
  workloads: smallDocument.workloads.map((workload) => ({ ...workload, node: 'app' })),
  run: smallDocument.run,
};

type Design = typeof design;

/** The design with a part in place of its own. */
const but = (part: Record<string, unknown>): string => JSON.stringify({ ...design, ...part });
const node = (index: number, part: Record<string, unknown>): Design['nodes'] =>
  design.nodes.map((each, at) => (at === index ? { ...each, ...part } : each)) as Design['nodes'];
const traced = (csv: string): string =>
  but({ workloads: design.workloads.map((each) => ({ ...each, arrivals: { kind: 'trace', csv: { path: csv } } })) });

const loop = but({
  nodes: node(2, { outputs: [{ id: 'orders' }, { id: 'again', emit: { selectivity: 1 } }] }),
  edges: [...design.edges, { id: 'back', source: 'enrich', output: 'again', target: 'clicks', port: 'records' }],
});

/** What is wrong, the text of the file, and every fault that must be told of it: code and path. */
const REFUSED: readonly (readonly [what: string, text: string | Uint8Array, faults: readonly string[]])[] = [
  ['nothing', '', ['document/not-json']],
  ['text', 'a pipeline, please', ['document/not-json']],
  ['half a document', but({}).slice(0, 200), ['document/not-json']],
  ['a comment', `// mine\n${but({})}`, ['document/not-json']],
  ['NaN', but({}).replace('"horizonSeconds":60', '"horizonSeconds":NaN'), ['document/not-json']],
  ['UTF-16', Buffer.from(but({}), 'utf16le'), ['file/not-utf-8']],
  ['a list', '[]', ['document/not-an-object']],
  ['no version', but({ schemaVersion: undefined }), ['document/missing-field schemaVersion']],
  ['a wrong version', but({ schemaVersion: 'one' }), ['document/unknown-version schemaVersion']],
  ['a version to come', but({ schemaVersion: 2 }), ['document/newer-version schemaVersion']],
  ['an unknown component', but({ nodes: node(3, { type: 'sqss' }) }), ['document/unknown-component nodes.orders.type']],
  ['an unknown field', but({ colour: 1 }), ['document/unknown-field colour']],
  [
    'an unknown setting',
    but({ nodes: node(1, { config: { shards: 2 } }) }),
    ['document/unknown-field nodes.clicks.config.shards'],
  ],
  [
    'an edge to nowhere',
    but({ edges: [...design.edges, { ...design.edges[0], id: 'lost', target: 'nowhere' }] }),
    ['document/unknown-node edges.lost.target'],
  ],
  [
    'an edge from an output nobody named',
    but({ edges: design.edges.map((edge) => (edge.id === 'out' ? { ...edge, output: 'other' } : edge)) }),
    ['edges.out.output'],
  ],
  [
    'an edge that may not be',
    but({
      edges: [
        ...design.edges,
        { id: 'wrong', source: 'clicks', output: 'consumers', target: 'orders', port: 'messages' },
      ],
    }),
    ['edges.wrong'],
  ],
  ['an id used twice', but({ nodes: [...design.nodes, design.nodes[3]] }), ['document/duplicate-id nodes.orders.id']],
  [
    'negative and huge numbers',
    but({ nodes: node(1, { config: { shardCount: -1 } }), run: { ...design.run, horizonSeconds: 1e300, seed: -7 } }),
    ['nodes.clicks.config.shardCount', 'run.horizonSeconds', 'run.seed'],
  ],
  [
    'a number beyond all numbers',
    but({}).replace('"horizonSeconds":60', '"horizonSeconds":1e999'),
    ['document/number-too-large run.horizonSeconds'],
  ],
  ['a loop that multiplies records', loop, ['document/runaway-cycle edges.back']],
  ['a source without a workload', but({ workloads: [] }), ['document/no-workload nodes.app']],
  [
    'a workload that sends nothing',
    but({
      workloads: design.workloads.map((each) => ({ ...each, arrivals: { kind: 'constant', recordsPerSecond: 0 } })),
    }),
    ['workloads.load'],
  ],
  ['a trace that is not there', traced('none.csv'), ['file/not-found workloads.load.arrivals.csv.path']],
  ['a trace with gaps', traced('gaps.csv'), ['trace/gap workloads.load.arrivals.csv']],
  ['a trace of words', traced('words.csv'), ['trace/time', 'trace/count']],
  ['a trace of other columns', traced('columns.csv'), ['trace/header']],
  ['a trace outside the folder', traced('../../out.csv'), ['file/outside-folder workloads.load.arrivals.csv.path']],
  [
    'more than 2,000 nodes',
    but({ nodes: Array.from({ length: 2001 }, (_, index) => ({ id: `n-${index}`, type: 'sqs' })) }),
    ['document/too-large nodes'],
  ],
  ['deep nesting', but({ name: 0 }).replace('"name":0', `"name":${'['.repeat(5000)}`), ['document/too-deep']],
  [
    'many faults at once',
    but({ colour: 1, nodes: node(0, { type: 'nobody' }), run: { seed: 'x', horizon: 3 }, account: { region: 'moon' } }),
    [
      'document/unknown-field colour',
      'document/unknown-component nodes.app.type',
      'document/wrong-type run.seed',
      'document/unknown-field run.horizon',
      'account.region',
    ],
  ],
];

let desktop: Desktop;
let at: Window;
let before: OpenDocument;

beforeAll(async () => {
  desktop = await Desktop.start();
  const { folder } = desktop.harness;
  await writeFile(join(folder, 'gaps.csv'), 'second,count\n0,5\n1,7\n5,8\n6,1\n');
  await writeFile(join(folder, 'words.csv'), 'second,count\nnow,5\n1,many\n');
  await writeFile(join(folder, 'columns.csv'), 'colour,shape\n1,2\n');
  at = await desktop.window();
  const { id, document } = await opened(at);
  await at.client.document.update({ id, document: seeded(document, 41) });
  before = await opened(at);
});

afterAll(() => desktop.stop());

/** What was open is open still, with its unsaved change, and can be run. */
async function expectUntouched(): Promise<void> {
  expect(await opened(at)).toEqual(before);
  const events = await at.client.run.start({ document: before.id });
  expect((await events.next()).value).toMatchObject({ kind: 'started', seed: 41 });
  await events.return?.();
}

function expectFaults(faults: readonly Fault[], expected: readonly string[]): void {
  const told = faults.map(({ code, path }) => `${code} ${path}`);
  for (const each of expected) expect(told.join('\n')).toContain(each);
  for (const { code, message } of faults) {
    expect(code).toMatch(/^[a-z][a-z0-9-]*\/[a-z0-9-]+$/);
    expect(message.length).toBeGreaterThan(10);
    expect(message).not.toContain(join(desktop.harness.folder, 'wrong.caudal.json'));
  }
}

describe('a design that is right', () => {
  it('is not refused', async () => {
    expect(await at.client.document.validate({ document: design })).toMatchObject({ faults: [] });
  });
});

describe('a document that is wrong', () => {
  it.each(REFUSED)('fails to open, with every fault, and what is open stays: %s', async (_, text, expected) => {
    await writeFile(join(desktop.harness.folder, 'wrong.caudal.json'), text);
    const refused = await at.client.document.open({ path: 'wrong.caudal.json' });
    if (refused.kind !== 'faulty') throw new Error('it was opened');
    expectFaults(refused.faults, expected);
    expect(await opened(at)).toEqual(before);
  });

  it.each(REFUSED.filter(([, text]) => typeof text === 'string'))(
    'fails to be dropped on the window, and what is open stays: %s',
    async (_, text, expected) => {
      const refused = await at.client.document.create({ text: text as string });
      if (refused.kind !== 'faulty') throw new Error('it was opened');
      expectFaults(refused.faults, expected);
      expect(await opened(at)).toEqual(before);
    },
  );

  it('names the line of each fault, and what is allowed', async () => {
    const text = JSON.stringify({ ...design, run: { seed: -1 }, colour: 'red' }, null, 2);
    await writeFile(join(desktop.harness.folder, 'wrong.caudal.json'), text);
    const refused = await at.client.document.open({ path: 'wrong.caudal.json' });
    const faults = refused.kind === 'faulty' ? refused.faults : [];
    const seed = faults.find(({ path }) => path === 'run.seed');
    expect(text.split('\n')[(seed?.position?.line ?? 0) - 1]).toContain('"seed": -1');
    expect(seed).toMatchObject({ received: '-1', allowed: expect.stringContaining('from 0 to') as string });
  });

  it('fails when it comes from a window: nothing of it is run, and it is kept for mending', async () => {
    const other = await desktop.window();
    const { id, document } = isOpen(await other.client.document.create({ name: 'draft' }));
    const nodes = [{ id: 'a', type: 'nobody', label: '', position: { x: 0, y: 0 }, config: {}, outputs: [] }];
    const updated = await other.client.document.update({ id, document: { ...document, nodes, schemaVersion: 9 } });
    expectFaults(updated.faults, ['document/newer-version schemaVersion']);
    const run = other.client.run.start({ document: updated.id }).then((events) => events.next());
    expect(await failure(run)).toMatchObject({ faults: [{ code: 'document/newer-version' }] });
    expect(await opened(other)).toMatchObject({ kind: 'draft', document: { name: 'draft', nodes: [] } });
    other.close();
  });
});

describe('a document that is too large', () => {
  it('fails when it is dropped on the window, and when a window makes it so', async () => {
    const text = JSON.stringify({ ...design, description: 'x'.repeat(51 * 1024 * 1024) });
    const refused = await at.client.document.create({ text });
    expect(refused).toMatchObject({ kind: 'faulty', faults: [{ code: 'file/too-large' }] });
    const other = await desktop.window();
    const { id, document } = isOpen(await other.client.document.create({ name: 'draft' }));
    const nodes = Array.from({ length: 2001 }, (_, index) => ({ id: `n-${index}`, type: 'sqs' }));
    expectFaults((await other.client.document.update({ id, document: { ...document, nodes } })).faults, [
      'document/too-large nodes',
    ]);
    const large = { ...document, description: 'x'.repeat(51 * 1024 * 1024) };
    const { faults } = await other.client.document.update({ id, document: large });
    expectFaults(faults, ['document/too-large']);
    other.close();
    await expectUntouched();
  });
});

describe('a file that cannot be read', () => {
  it('fails when there is none, when it is a folder, and when it is a link that goes round', async () => {
    const { folder } = desktop.harness;
    await mkdir(join(folder, 'folder.caudal.json'));
    await symlink('round.caudal.json', join(folder, 'round.caudal.json'));
    for (const [path, code] of [
      ['none.caudal.json', 'file/not-found'],
      ['folder.caudal.json', 'file/is-a-folder'],
      ['round.caudal.json', 'file/not-found'],
      ['x'.repeat(300), 'file/not-found'],
    ] as const) {
      const refused = await at.client.document.open({ path });
      expect([path, refused]).toMatchObject([path, { kind: 'faulty', canMend: false, faults: [{ code }] }]);
    }
    await expectUntouched();
  });

  it('fails when it is larger than 50 MiB, without reading it to its end', async () => {
    const path = join(desktop.harness.folder, 'large.caudal.json');
    await writeFile(path, '{');
    await truncate(path, 40 * 1024 * 1024 * 1024);
    const refused = await at.client.document.open({ path: 'large.caudal.json' });
    expect(refused).toMatchObject({
      kind: 'faulty',
      faults: [{ code: 'file/too-large', message: expect.stringContaining('50 MiB') as string }],
    });
    await expectUntouched();
  });

  it.skipIf(process.platform !== 'linux' && 'only Linux has a file that fails to be read for everyone')(
    'fails in one sentence when the disk fails',
    async () => {
      await symlink('/proc/self/mem', join(desktop.harness.folder, 'mem.caudal.json'));
      const error = await failure(at.client.document.open({ path: 'mem.caudal.json' }));
      // The link leads out of the folder: refused before it is read.
      expect(error).toMatchObject({ faults: [{ code: 'file/outside-folder' }] });
      await expectUntouched();
    },
  );

  it('fails when the document of the command line is wrong: there is nothing to draw, and the faults are listed', async () => {
    await writeFile(desktop.file, but({ colour: 1 }));
    const other = await desktop.harness.another({ file: desktop.file });
    desktop.atEnd(() => other.served.close());
    const next = await desktop.window(other);
    expect(await next.client.document.current({})).toMatchObject({
      kind: 'faulty',
      path: 'small.caudal.json',
      faults: [{ path: 'colour' }],
    });
    expect(await readFile(desktop.file, 'utf8')).toBe(but({ colour: 1 }));
  });
});
