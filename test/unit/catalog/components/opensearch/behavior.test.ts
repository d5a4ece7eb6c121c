import { afterEach, describe, expect, it } from 'vitest';
import { build as buildConsumer } from '#catalog/components/consumer-application/behavior.ts';
import { config as consumerConfig } from '#catalog/components/consumer-application/config.ts';
import { build } from '#catalog/components/opensearch/behavior/behavior.ts';
import { config } from '#catalog/components/opensearch/config.ts';
import { FLAG_POISON } from '#engine/flow/parcels.ts';
import type { QueryPort, QueryReply } from '#engine/flow/ports.ts';
import { type BuiltNode, pushOf, World } from '#test/harness/behavior.ts';
import { codes, sum } from '#test/harness/queues.ts';

const worlds: World[] = [];

function world(options: ConstructorParameters<typeof World>[0] = {}): World {
  const made = new World({ horizonSeconds: 7200, ...options });
  worlds.push(made);
  return made;
}

afterEach(() => {
  for (const w of worlds.splice(0)) for (const difference of w.imbalances()) expect(difference).toBe(0);
});

/** One node of two vCPU, one shard; a document of 1 KiB takes 100 us + 100 us, a bulk request 20 ms beside it. */
const plain = {
  instanceType: 'm6g.large.search',
  instanceCount: 1,
  primaryShards: 1,
  replicas: 0,
  mebibytesPerSecondPerVcpu: 10_240 / 1024,
  indexRotation: 'none',
};
const documentUs = 100 + 1e6 / 10_240;

function addDomain(w: World, given: Record<string, unknown> = {}): BuiltNode {
  return w.add('search', build, config.parse({ ...plain, ...given }));
}

/** Sends one bulk request of documents now. */
function bulk(w: World, node: BuiltNode, documents: number, bytes = 1024) {
  return w.send(
    pushOf(node, 'documents'),
    Array.from({ length: documents }, () => w.record({ bytes })),
    true,
  );
}

const level = (node: BuiltNode, metric: string): number => node.gauges.get(metric)?.value ?? Number.NaN;

function search(node: BuiltNode): QueryReply {
  const reply: QueryReply = { refused: false, failed: false, latencyUs: 0 };
  (node.behavior.inputs['searches'] as QueryPort).query(reply);
  return reply;
}

describe('opensearch, bulk requests', () => {
  it('answers when the documents are indexed, and shows them at the next refresh', () => {
    const w = world();
    const node = addDomain(w);
    w.run(10.5);
    const { reply } = bulk(w, node, 1000);
    expect(reply).toMatchObject({ accepted: 1000, refused: 0, failed: 0 });
    expect(reply.latencyUs).toBeCloseTo(20_000 + 1000 * documentUs, 3);
    expect(w.ledger().delivered).toBe(0);
    w.run(11);
    expect(w.ledger().delivered).toBe(1000);
    expect(w.deliveries[0]?.seconds).toBe(0.5);
    expect(level(node, 'SearchableDocuments')).toBe(1000);
    expect(sum(node, 'IndexingRate')).toBe(1000);
    expect(sum(node, '2xx')).toBe(1);
  });

  it('works on the shards of a request side by side, and on each copy', () => {
    const latency = (given: Record<string, unknown>): number => {
      const w = world();
      const node = addDomain(w, given);
      w.run(0);
      const { reply } = bulk(w, node, 1000);
      expect(sum(node, 'IndexingRate')).toBe(1000 * (given['replicas'] === 1 ? 2 : 1));
      return reply.latencyUs - 20_000;
    };
    const one = latency({});
    // Two shards on two threads: half the time, but for the uneven split of a hash.
    expect(latency({ primaryShards: 2 }) / one).toBeGreaterThan(0.5);
    expect(latency({ primaryShards: 2 }) / one).toBeLessThan(0.55);
    // A copy on the second node, whose threads are free.
    expect(latency({ replicas: 1, instanceCount: 2 })).toBeCloseTo(one, 6);
    // A copy that finds no node of its own is not kept.
    const w = world();
    const node = addDomain(w, { replicas: 3 });
    w.run(0);
    bulk(w, node, 10);
    expect(sum(node, 'IndexingRate')).toBe(10);
  });

  it('measures the processors', () => {
    const w = world();
    const node = addDomain(w);
    w.run(0);
    for (let second = 0; second < 60; second++) w.at(second, () => bulk(w, node, 2500));
    w.run(59.9);
    // Half a second of work a second on two cores, but for rounding of the setting.
    expect(node.gauges.get('CPUUtilization')?.mean(w.kernel.nowUs)).toBeGreaterThan(18);
    expect(level(node, 'CPUUtilization')).toBeCloseTo((100 * 2500 * documentUs) / 2e6, 6);
  });

  it('indexes what its threads can when they are all busy, as nothing else shares the cores', () => {
    const w = world();
    const node = addDomain(w, { documentsPerSecondPerVcpu: 100, mebibytesPerSecondPerVcpu: 10_000 });
    w.run(0);
    const replies = Array.from({ length: 10 }, () => bulk(w, node, 100, 1).reply.latencyUs);
    // Ten tasks of one second on two threads.
    expect(Math.max(...replies) / 1e6).toBeCloseTo(5.02, 4);
  });

  it('rejects the documents of shards whose task finds the write queue full', () => {
    const w = world();
    const node = addDomain(w, { documentsPerSecondPerVcpu: 1 });
    w.run(0);
    // Two threads at work and 10,000 tasks waiting.
    for (let i = 0; i < 10_002; i++) expect(bulk(w, node, 1).reply.accepted).toBe(1);
    expect(bulk(w, node, 3).reply).toMatchObject({ accepted: 0, refused: 3, failed: 0 });
    expect(level(node, 'ThreadpoolWriteQueue')).toBe(10_000);
    expect(sum(node, 'ThreadpoolWriteRejected')).toBe(1);
    expect(node.limits.get('write-queue')?.refused).toBe(3);
    expect(codes(node)).toEqual(['opensearch/rejecting']);
  });

  it('refuses a request that would bring those in work above a tenth of the heap', () => {
    const w = world();
    // 4 GiB of heap: 429,496,729.6 bytes may be in work; each request has 10,000,000.
    const node = addDomain(w, { documentsPerSecondPerVcpu: 1 });
    w.run(0);
    for (let i = 0; i < 42; i++) expect(bulk(w, node, 1, 10_000_000).reply.accepted).toBe(1);
    expect(bulk(w, node, 1, 10_000_000).reply).toMatchObject({ accepted: 0, refused: 1 });
    expect(sum(node, 'CoordinatingWriteRejected')).toBe(1);
    w.run(60);
    expect(bulk(w, node, 1, 10_000_000).reply.accepted).toBe(1);
  });

  it('fails a request above 10 MiB, or above 100 MiB where the type takes as much', () => {
    const taken = (instanceType: string, bytes: number): number => {
      const w = world();
      const node = addDomain(w, { instanceType });
      w.run(0);
      const { reply } = bulk(w, node, 2, bytes / 2);
      expect(reply.accepted + reply.failed).toBe(2);
      if (reply.failed > 0) expect(codes(node)).toEqual(['opensearch/payload-too-large']);
      return reply.accepted;
    };
    expect([taken('m6g.large.search', 10 * 1_048_576), taken('m6g.large.search', 10 * 1_048_576 + 2)]).toEqual([2, 0]);
    expect([taken('r6g.large.search', 100 * 1_048_576), taken('r6g.large.search', 100 * 1_048_576 + 2)]).toEqual([
      2, 0,
    ]);
  });

  it('fails documents that the mapping refuses, and takes the others of the request', () => {
    const w = world();
    const node = addDomain(w);
    w.run(0);
    const poison = w.record();
    w.flow.store.flags[poison]! |= FLAG_POISON;
    const { reply, left } = w.send(pushOf(node, 'documents'), [w.record(), poison, w.record()], true);
    expect(reply).toMatchObject({ accepted: 2, refused: 0, failed: 1 });
    expect(left.head).toBe(poison);
    w.setFaults(node, { invocationErrorRatio: 1 });
    expect(bulk(w, node, 2).reply).toMatchObject({ accepted: 0, failed: 2 });
    expect(sum(node, '5xx')).toBe(1);
  });

  it('keeps a repeated record once when its id is taken from the record', () => {
    const duplicates = (documentIds: string) => {
      const w = world();
      const node = addDomain(w, { documentIds });
      w.run(0);
      const p = w.record();
      w.send(pushOf(node, 'documents'), [p, w.flow.duplicate(p)], true);
      w.run(5);
      return { ...w.ledger().duplicates, documents: level(node, 'SearchableDocuments') };
    };
    expect(duplicates('automatic')).toMatchObject({ made: 1, delivered: 1, removed: 0, documents: 2 });
    expect(duplicates('fromRecord')).toMatchObject({ made: 1, delivered: 0, removed: 1, documents: 1 });
  });

  it('slows to the share of nodes that is left', () => {
    const w = world();
    const node = addDomain(w, { instanceCount: 4, primaryShards: 8 });
    w.run(0);
    const before = bulk(w, node, 8000).reply.latencyUs;
    w.run(10);
    w.setFaults(node, { capacityRatio: 0.25 });
    const after = bulk(w, node, 8000).reply.latencyUs;
    // Eight tasks on eight threads, then on two: four rounds.
    expect((after - 20_000) / (before - 20_000)).toBeGreaterThan(3.5);
    w.run(20);
    expect(level(node, 'Nodes')).toBe(1);
  });

  it('is held up by the node with the most shards', () => {
    const threads = (primaryShards: number): number => {
      const w = world();
      const node = addDomain(w, { instanceCount: 3, primaryShards, documentsPerSecondPerVcpu: 1 });
      w.run(0);
      return node.limits.get('write-queue')?.capacity ?? 0;
    };
    // Four shards on three nodes: two on one of them, so that the others are half idle.
    expect([threads(3), threads(4), threads(6)]).toEqual([30_000, 20_000, 30_000]);
  });
});

describe('opensearch, storage', () => {
  it('stores the source, a tenth more, and every copy, on volumes that the file system takes a twentieth of', () => {
    const w = world();
    const node = addDomain(w, { instanceCount: 2, replicas: 1, volumeSizeGiB: 100, storedGiB: 20 });
    w.run(60);
    expect(level(node, 'ClusterUsedSpace')).toBeCloseTo(20 * 1.1 * 2 * 1024, 6);
    expect(level(node, 'FreeStorageSpace')).toBeCloseTo((95 - 22) * 1024, 6);
  });

  it('blocks writes below a fifth of the volume or 20 GiB, whichever is less, until an old index is deleted', () => {
    const w = world();
    // 50 GiB: 47.5 of them usable, blocked below 10 free. Three indexes hold 3 x 10 x 1.1 = 33 GiB: room for 4.5.
    const stored = { storedGiB: 30, indexRotation: 'hourly', keptIndexes: 3 };
    const fast = { instanceType: 'r6g.large.search', mebibytesPerSecondPerVcpu: 1000 };
    const node = addDomain(w, { volumeSizeGiB: 50, ...stored, ...fast });
    let taken = 0;
    for (let i = 0; i < 100; i++) {
      w.run(i + 1);
      taken += bulk(w, node, 1, 90 * 1_048_576).reply.accepted;
    }
    // 99 MiB each: the 47th takes the last of 4,608 MiB.
    expect(taken).toBe(47);
    expect(level(node, 'ClusterIndexWritesBlocked')).toBe(1);
    expect(codes(node)).toEqual(['opensearch/writes-blocked']);
    w.run(3601);
    expect(level(node, 'ClusterIndexWritesBlocked')).toBe(0);
    expect(codes(node)).toEqual(['opensearch/writes-blocked', 'opensearch/writes-free']);
    expect(bulk(w, node, 1).reply.accepted).toBe(1);
    expect(node.limits.get('storage')?.refused).toBeGreaterThan(0);
  });

  it('counts shards, and says when there are more than 1,000 on a node', () => {
    const w = world();
    const node = addDomain(w, { primaryShards: 400, indexRotation: 'hourly', keptIndexes: 10 });
    w.run(3600);
    expect(codes(node)).toEqual([]);
    w.run(7200);
    w.run(7210);
    expect(level(node, 'Shards.active')).toBe(1200);
    expect(codes(node)).toEqual(['opensearch/too-many-shards']);
  });
});

describe('opensearch, searches', () => {
  it('takes longer on larger shards and on more indexes', () => {
    const latency = (given: Record<string, unknown>): number => {
      const w = world({ preRollSeconds: 60 });
      const node = addDomain(w, { primaryShards: 2, searchMsPerShard: 3, searchMsPerGiB: 5, ...given });
      w.run(-30);
      return search(node).latencyUs / 1000;
    };
    expect(latency({})).toBe(13);
    // 20 GiB x 1.1 in two shards: 11 GiB each, 55 ms more.
    expect(latency({ storedGiB: 20 })).toBeCloseTo(68, 9);
    // Six tasks on four search threads of two cores, which share them.
    const kept = { indexRotation: 'daily', keptIndexes: 3, storedGiB: 0.000_001, searchedIndexes: 3 };
    expect(latency(kept)).toBeGreaterThan(15);
  });

  it('waits while others search, and is rejected when the queue is full', () => {
    const w = world();
    const node = addDomain(w, { searchMsPerShard: 10_000 });
    w.run(0);
    const replies = Array.from({ length: 1010 }, () => search(node));
    // Four threads and a queue of 1,000.
    expect(replies.filter(({ refused }) => refused)).toHaveLength(6);
    expect(sum(node, 'ThreadpoolSearchRejected')).toBe(6);
    expect(replies[4]!.latencyUs).toBeGreaterThan(replies[0]!.latencyUs);
    expect(codes(node)).toEqual(['opensearch/searches-rejected']);
  });

  it('shares the cores with writes', () => {
    const w = world();
    const node = addDomain(w, { documentsPerSecondPerVcpu: 1, searchMsPerShard: 100 });
    w.run(0);
    const alone = search(node).latencyUs;
    w.run(10);
    for (let i = 0; i < 2; i++) bulk(w, node, 1);
    // Two writes on two cores and a search: half as long again.
    expect((search(node).latencyUs - 10_000) / (alone - 10_000)).toBeCloseTo(1.5, 5);
  });

  it('answers the dashboards of an application, and fails them in an outage', () => {
    const w = world({ horizonSeconds: 600 });
    const node = addDomain(w);
    const given = { dashboardUsers: 5, panelsPerDashboard: 4, dashboardRefreshSeconds: 30 };
    const application = w.add('dashboards', buildConsumer, consumerConfig.parse(given), {
      polled: { store: [{ node, port: 'searches' }] },
    });
    w.run(299.999);
    expect(sum(application, 'QueriesSent')).toBe(200);
    expect(sum(application, 'QueriesFailed')).toBe(0);
    expect(sum(node, 'SearchRate')).toBe(200);
    expect(application.polledEdges[0]?.requests).toBe(200);
    w.setFaults(node, { outage: true });
    w.run(329.999);
    expect(sum(application, 'QueriesFailed')).toBe(20);
    w.setFaults(application, { outage: true });
    w.run(599);
    expect(sum(application, 'QueriesSent')).toBe(220);
  });
});
