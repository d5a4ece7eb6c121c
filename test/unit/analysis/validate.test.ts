import { describe, expect, it } from 'vitest';
import { validateDocument } from '#analysis/validate.ts';
import type { Fault } from '#schema/errors.ts';
import { catalog, design } from './fixture-catalog.ts';

function faultsOf(input: unknown): readonly Fault[] {
  const validated = validateDocument(input, catalog);
  return 'faults' in validated ? validated.faults : [];
}

/** The design with one value changed; a path of keys and indices. */
function changed(path: readonly (string | number)[], value: unknown): Record<string, unknown> {
  const copy = structuredClone(design());
  let held = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) {
    held[key] ??= {};
    held = held[key] as Record<string | number, unknown>;
  }
  held[path.at(-1) ?? ''] = value;
  return copy;
}

function codeAndPath(input: unknown): string[] {
  return faultsOf(input).map(({ code, path }) => `${code} ${path}`);
}

describe('validateDocument', () => {
  it('accepts a valid document and fills in every default', () => {
    const validated = validateDocument(design(), catalog);
    if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
    const { document } = validated;
    expect(document.nodes[1]?.config).toEqual({
      mode: 'PROVISIONED',
      shardCount: 2,
      warmShards: 4,
      latencyMs: 5,
      retentionHours: 24,
    });
    expect(document.edges[1]?.config).toEqual({ batchSize: 20, windowSeconds: 0 });
    expect(document.account.region).toBe('us-east-1');
    expect(document.nodes[2]?.outputs[0]?.emit.maxAttempts).toBe(3);
  });

  it('accepts what it has completed, unchanged', () => {
    const first = validateDocument(design(), catalog);
    if ('faults' in first) throw new Error('the design is valid');
    const second = validateDocument(first.document, catalog);
    expect(second).toEqual({ document: first.document, warnings: [] });
  });

  it.each([[null], [[]], ['text'], [7], [undefined]])('fails when the document is %j', (input) => {
    expect(codeAndPath(input)).toEqual(['document/not-an-object ']);
  });

  it('fails when the schema version is missing, unknown or newer', () => {
    expect(codeAndPath({ name: 'x' })).toEqual(['document/missing-field schemaVersion']);
    expect(codeAndPath(design({ schemaVersion: '1' }))).toEqual(['document/unknown-version schemaVersion']);
    expect(codeAndPath(design({ schemaVersion: 2 }))).toEqual(['document/newer-version schemaVersion']);
  });

  it('fails with every fault at once, each with its path', () => {
    const broken = structuredClone(design());
    Object.assign(broken, { colour: 'red', run: { seed: -1 } });
    (broken['nodes'] as Record<string, unknown>[])[1] = {
      id: 'clicks',
      type: 'stream',
      config: { shardCount: 0, shards: 3 },
    };
    (broken['edges'] as Record<string, unknown>[])[2] = {
      id: 'send',
      source: 'enrich',
      output: 'orders',
      target: 'shopp',
      port: 'requests',
    };
    expect(codeAndPath(broken).sort()).toEqual(
      [
        'document/out-of-range nodes.clicks.config.shardCount',
        'document/out-of-range run.seed',
        'document/unknown-field colour',
        'document/unknown-field nodes.clicks.config.shards',
        'document/unknown-node edges.send.target',
      ].sort(),
    );
  });

  it('fails with what was received and what is allowed', () => {
    const [fault] = faultsOf(changed(['nodes', 1, 'config', 'shardCount'], 101));
    expect(fault).toMatchObject({
      code: 'document/out-of-range',
      path: 'nodes.clicks.config.shardCount',
      received: '101',
      allowed: 'an integer from 1 to 100 (shards)',
    });
  });

  it('fails for a misspelt component and suggests the right one', () => {
    const [fault] = faultsOf(changed(['nodes', 3, 'type'], 'snik'));
    expect(fault).toMatchObject({ code: 'document/unknown-component', path: 'nodes.shop.type' });
    expect(fault?.message).toContain('did you mean `sink`');
  });

  it('fails for a setting whose condition does not hold, but not for its default', () => {
    const onDemand = { mode: 'ON_DEMAND', shardCount: 3 };
    const [fault, ...rest] = faultsOf(changed(['nodes', 1, 'config'], onDemand));
    expect(rest).toEqual([]);
    expect(fault).toMatchObject({
      code: 'document/field-not-in-use',
      path: 'nodes.clicks.config.shardCount',
      received: '3',
    });
    expect(fault?.message).toContain('mode is PROVISIONED');
    expect(faultsOf(changed(['nodes', 1, 'config'], { mode: 'ON_DEMAND', shardCount: 1 }))).toEqual([]);
  });

  it('fails for ids used twice, also between nodes and edges', () => {
    const twice = design();
    (twice['nodes'] as unknown[]).push({ id: 'shop', type: 'sink' });
    expect(codeAndPath(twice)).toContain('document/duplicate-id nodes.shop.id');
    expect(codeAndPath(changed(['edges', 0, 'id'], 'app'))).toEqual(['document/duplicate-id edges.app.id']);
  });

  it('shows an index where an id is missing', () => {
    expect(codeAndPath(changed(['nodes', 3], { type: 'sink' }))).toContain('document/missing-field nodes.3.id');
  });

  it('fails for an output on a component that has none, and for an output nobody named', () => {
    expect(codeAndPath(changed(['nodes', 3, 'outputs'], [{ id: 'more' }]))).toEqual([
      'document/unknown-output nodes.shop.outputs.more',
    ]);
    const [fault] = faultsOf(changed(['edges', 2, 'output'], 'order'));
    expect(fault).toMatchObject({
      code: 'document/unknown-output',
      path: 'edges.send.output',
      allowed: 'orders, on-failure',
    });
  });

  it('fails for a link between ends that speak no common protocol, with the sentence of the protocol', () => {
    const wrong = changed(['edges', 2], {
      id: 'send',
      source: 'clicks',
      output: 'consumers',
      target: 'shop',
      port: 'requests',
    });
    const [fault] = faultsOf(wrong);
    expect(fault).toMatchObject({ code: 'document/illegal-link', path: 'edges.send.port' });
    expect(fault?.message).toContain('requests handed to a service');
    expect(fault?.message).toContain('Link an output of an application');
  });

  it('fails for an edge that points the wrong way', () => {
    const wrong = changed(['edges', 0], {
      id: 'put',
      source: 'clicks',
      output: 'records',
      target: 'app',
      port: 'records',
    });
    expect(codeAndPath(wrong)).toContain('document/wrong-direction edges.put.output');
  });

  it('fails for more links than a port takes', () => {
    const many = design();
    (many['nodes'] as unknown[]).push({ id: 'w2', type: 'worker' }, { id: 'w3', type: 'worker' });
    for (const target of ['w2', 'w3'])
      (many['edges'] as unknown[]).push({
        id: `e-${target}`,
        source: 'clicks',
        output: 'consumers',
        target,
        port: 'polled',
      });
    expect(codeAndPath(many)).toEqual(['document/too-many-links edges.e-w3.output']);
  });

  it('fails for settings on an edge that has none', () => {
    expect(codeAndPath(changed(['edges', 0, 'config'], { batchSize: 3 }))).toEqual([
      'document/unknown-field edges.put.config.batchSize',
    ]);
  });

  it('reports what AWS would refuse, from nodes and from connections', () => {
    const node = faultsOf(changed(['nodes', 1, 'config'], { mode: 'ON_DEMAND', retentionHours: 200 }));
    expect(node).toMatchObject([
      {
        code: 'stream/long-retention',
        path: 'nodes.clicks.config.retentionHours',
        received: '200',
        message: 'a retention of 200 h needs provisioned shards',
      },
    ]);
    const edge = faultsOf(changed(['edges', 1, 'config'], { windowSeconds: 4 }));
    expect(edge).toMatchObject([
      { code: 'stream--worker/window-above-timeout', path: 'edges.poll.config.windowSeconds' },
    ]);
  });

  it('fails for a workload on a node that creates nothing, and for a source without one', () => {
    const [fault, ...rest] = faultsOf(changed(['workloads', 0, 'node'], 'clicks'));
    expect(fault).toMatchObject({ code: 'document/no-load-port', path: 'workloads.visits.node', allowed: 'app' });
    // The source that it was meant for is not blamed as well.
    expect(rest).toEqual([]);
    expect(codeAndPath(design({ workloads: [] }))).toEqual(['document/no-workload nodes.app']);
  });

  it('fails for a load that creates no record within the run', () => {
    const silent = changed(['workloads', 0, 'arrivals'], {
      kind: 'ramp',
      fromRecordsPerSecond: 0,
      toRecordsPerSecond: 5,
      startSeconds: 4000,
      durationSeconds: 60,
    });
    expect(codeAndPath(silent)).toEqual(['document/empty-workload workloads.visits.arrivals']);
  });

  it('fails for faults and objectives that name what does not exist', () => {
    const when = { startSeconds: 0, durationSeconds: 60 };
    const faults = [
      { id: 'a', kind: 'outage', node: 'nowhere', ...when },
      { id: 'b', kind: 'hotKey', node: 'shop', shareRatio: 0.5, ...when },
    ];
    const objectives = [
      { id: 'c', kind: 'metric', node: 'clicks', metric: 'IncomingRecord', max: 1 },
      { id: 'd', kind: 'metric', node: 'clicks', metric: 'WarmShards', max: 1 },
      { id: 'e', kind: 'latency', node: 'nowhere', quantile: 0.99, maxSeconds: 1 },
    ];
    expect(codeAndPath(design({ faults, objectives }))).toEqual([
      'document/unknown-node faults.a.node',
      'document/fault-without-effect faults.b.node',
      'document/unknown-metric objectives.c.metric',
      'document/unknown-metric objectives.d.metric',
      'document/unknown-node objectives.e.node',
    ]);
  });

  it('fails for what names a node or a quota that does not exist, though it has other faults too', () => {
    const plain = design();
    const [first, ...others] = plain['edges'] as Record<string, unknown>[];
    const [load] = plain['workloads'] as Record<string, unknown>[];
    const edges = [{ ...first, target: 'nowhere', colour: 'red' }, ...others];
    const workloads = [{ ...load, node: 'nobody', producers: -1 }];
    const faults = [{ id: 'down', kind: 'outage', node: 'ghost', startSeconds: 0, durationSeconds: -1 }];
    const objectives = [{ id: 'fast', kind: 'latency', node: 'ghost', quantile: 2, maxSeconds: 1 }];
    const account = { region: 7, quotas: { 'no/such': 1 } };
    const given = codeAndPath(design({ edges, workloads, faults, objectives, account }));
    expect(given).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^document\/unknown-node edges\..*\.target$/),
        expect.stringMatching(/^document\/unknown-field edges\./),
        expect.stringMatching(/^document\/unknown-node workloads\..*\.node$/),
        'document/unknown-node faults.down.node',
        'document/out-of-range faults.down.durationSeconds',
        'document/unknown-node objectives.fast.node',
        'document/unknown-quota account.quotas.no/such',
      ]),
    );
    expect(new Set(given).size).toBe(given.length);
  });

  it('warns about a fault that lies outside the run', () => {
    const faults = [{ id: 'late', kind: 'outage', node: 'shop', startSeconds: 3600, durationSeconds: 60 }];
    const validated = validateDocument(design({ faults }), catalog);
    expect('faults' in validated ? [] : validated.warnings).toMatchObject([
      { code: 'document/fault-outside-run', path: 'faults.late.startSeconds' },
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300])('fails for the number %d', (value) => {
    expect(codeAndPath(changed(['nodes', 0, 'position'], { x: value, y: 0 }))).toContain(
      'document/number-too-large nodes.app.position.x',
    );
  });

  it('fails with one sentence for a document with too many nodes', () => {
    const nodes = Array.from({ length: 2001 }, (_, index) => ({ id: `n-${index}`, type: 'nothing' }));
    expect(faultsOf(design({ nodes }))).toMatchObject([
      { code: 'document/too-large', path: 'nodes', received: '"2001 nodes"' },
    ]);
  });

  it('fails for a Region and for a time zone that do not exist', () => {
    expect(codeAndPath(design({ account: { region: 'eu-north-9', timeZone: 'Moon/Base' } }))).toEqual([
      'document/unknown-region account.region',
      'document/unknown-time-zone account.timeZone',
    ]);
  });

  it('fails for each wrong value of the account, though another has the wrong form', () => {
    const account = { region: 'Ireland', startsAt: '2026-01-05T00:00:00Z', timeZone: 'Moon/Base' };
    expect(codeAndPath(design({ account })).toSorted()).toEqual([
      'document/unknown-time-zone account.timeZone',
      'document/wrong-format account.region',
      'document/wrong-format account.startsAt',
    ]);
  });

  it('warns of what is assumed of a load that does not say it', () => {
    const [load] = design()['workloads'] as Record<string, unknown>[];
    const { recordSize: _, partitionKey: __, ...silent } = load ?? {};
    const validated = validateDocument(design({ workloads: [silent] }), catalog);
    if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
    expect(validated.warnings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'document/assumed-load workloads.visits.recordSize',
      'document/assumed-load workloads.visits.partitionKey',
    ]);
    expect(validated.document.workloads[0]).toMatchObject({
      recordSize: { kind: 'constant', bytes: 1024 },
      partitionKey: { kind: 'uniform', keys: 10_000 },
    });
  });

  it('says how to write a value that has the wrong type', () => {
    const faultAt = (path: readonly (string | number)[], value: unknown): Fault | undefined =>
      faultsOf(changed(path, value))[0];
    expect(faultAt(['nodes', 1, 'config', 'shardCount'], '4')?.message).toContain('without quotes');
    expect(faultAt(['nodes', 1, 'config', 'shardCount'], 'four')?.message).not.toContain('quotes');
    expect(faultAt(['workloads', 0, 'recordSize'], 500)).toMatchObject({
      code: 'document/wrong-type',
      allowed: 'an object whose kind is constant, uniform, lognormal or empirical',
    });
  });

  it('fails for a link at an end where there is nothing to link, and says that', () => {
    const edge = (change: object): Record<string, unknown> => {
      const copy = design();
      const [first] = copy['edges'] as object[];
      return { ...copy, edges: [...(copy['edges'] as object[]), { ...first, id: 'odd', ...change }] };
    };
    const messageAt = (input: unknown, path: string): string | undefined =>
      faultsOf(input).find((fault) => fault.path === path)?.message;
    expect(messageAt(edge({ target: 'app', port: 'entry' }), 'edges.odd.port')).toMatch(/takes nothing in/);
    expect(messageAt(edge({ source: 'shop', output: 'more' }), 'edges.odd.output')).toMatch(/nothing goes out of/);
  });

  it('fails for a cycle that makes more records than it takes, but not for a failure path that goes round', () => {
    const loop = design();
    const edges = loop['edges'] as unknown[];
    (loop['nodes'] as { outputs?: unknown[] }[])[2]?.outputs?.push({ id: 'again', emit: { selectivity: 1 } });
    edges.push({ id: 'back', source: 'enrich', output: 'again', target: 'clicks', port: 'records' });
    const [fault] = faultsOf(loop);
    expect(fault).toMatchObject({ code: 'document/runaway-cycle' });
    expect(fault?.message).toContain('gain 1.000');
    const harmless = design();
    (harmless['edges'] as unknown[]).push({
      id: 'failed',
      source: 'enrich',
      output: 'on-failure',
      target: 'enrich',
      port: 'requests',
    });
    expect(codeAndPath(harmless)).toEqual([]);
  });

  it('reports faults of well-formed items although others are malformed', () => {
    const broken = changed(['nodes', 0], { id: 'app', type: 'source', outputs: 7 });
    (broken['nodes'] as { config?: unknown }[])[1] = {
      ...(broken['nodes'] as object[])[1],
      config: { latencyMs: 'fast' },
    };
    expect(codeAndPath(broken)).toEqual([
      'document/wrong-type nodes.app.outputs',
      'document/wrong-type nodes.clicks.config.latencyMs',
    ]);
  });

  it('reports the settings of a node or an edge together with its other faults', () => {
    const broken = changed(['nodes', 1], { id: 'Clicks', type: 'stream', config: { shardCount: 0, shards: 3 } });
    (broken['nodes'] as unknown[])[3] = { id: 'shop', type: 'snik', colour: 'red' };
    (broken['edges'] as unknown[])[1] = {
      id: 'poll',
      source: 'clicks',
      output: 7,
      target: 'enrich',
      port: 'polled',
      config: { batchSize: 'many' },
    };
    expect(codeAndPath(broken)).toEqual(
      expect.arrayContaining([
        'document/wrong-format nodes.Clicks.id',
        'document/out-of-range nodes.Clicks.config.shardCount',
        'document/unknown-field nodes.Clicks.config.shards',
        'document/unknown-field nodes.shop.colour',
        'document/unknown-component nodes.shop.type',
        'document/wrong-type edges.poll.output',
      ]),
    );
    const edge = changed(['edges', 1, 'output'], 7);
    (edge['edges'] as { config?: unknown }[])[1] = { ...(edge['edges'] as object[])[1], config: { batchSize: 'many' } };
    expect(codeAndPath(edge)).toEqual([
      'document/wrong-type edges.poll.output',
      'document/wrong-type edges.poll.config.batchSize',
    ]);
  });

  it('does not blame a node for a link that went astray, nor ids for a list that could not be read', () => {
    expect(codeAndPath(changed(['edges', 2, 'target'], 'shopp'))).toEqual(['document/unknown-node edges.send.target']);
    expect(codeAndPath(changed(['edges', 2, 'port'], 'request'))).toEqual(['document/unknown-port edges.send.port']);
    expect(codeAndPath(design({ nodes: {} }))).toEqual(['document/wrong-type nodes']);
  });

  it('tells a number that cannot be kept once, and a fraction where whole numbers count', () => {
    const huge = faultsOf(changed(['nodes', 1, 'config', 'shardCount'], Number.POSITIVE_INFINITY));
    expect(huge.map(({ code }) => code)).toEqual(['document/number-too-large']);
    const [fraction] = faultsOf(changed(['nodes', 1, 'config', 'shardCount'], 2.5));
    expect(fraction).toMatchObject({ code: 'document/wrong-type', message: 'must be a whole number' });
  });

  it('says what text is allowed in words', () => {
    const allowed = (input: unknown): (string | undefined)[] => faultsOf(input).map((fault) => fault.allowed);
    expect(allowed(design({ name: '' }))).toEqual(['text of 1 to 200 characters']);
    expect(allowed(changed(['edges', 0, 'id'], undefined))).toEqual([
      'text of lower-case letters, digits and hyphens, at most 64',
    ]);
    expect(allowed(design({ account: { region: 'mars' } }))).toEqual(['the code of a Region, such as us-east-1']);
  });

  it('keeps its sentences short, however long the names in a document are', () => {
    const long = 'x'.repeat(1_000_000);
    const faults = [
      ...faultsOf(changed(['nodes', 1, 'config', long], 1)),
      ...faultsOf(changed(['nodes', 0, 'id'], long)),
      ...faultsOf(design({ name: long })),
    ];
    expect(faults.length).toBeGreaterThan(2);
    for (const fault of faults) expect(JSON.stringify({ ...fault, pointer: [] }).length).toBeLessThan(5000);
  });

  it('joins a suggestion and a remedy into sentences', () => {
    const [fault] = faultsOf(changed(['edges', 2, 'target'], 'shopp'));
    expect(fault?.message).toBe(
      'names a node that does not exist; did you mean `shop`? Name an existing node or remove the edge',
    );
  });
});
