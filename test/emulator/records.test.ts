import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from './deployed.ts';
import type { ClientOptions } from './emulator.ts';
import { FaultProxy, type Spoiling } from './fault-proxy.ts';
import { entries, identities, idsIn, sendAll, takeAll } from './pipeline.ts';
import { everyClick } from './quick.ts';

const stage = new Stage();
const { skeleton } = stage;

let proxy: FaultProxy;

beforeAll(async () => {
  proxy = new FaultProxy(stage.emulator.endpoint);
  await proxy.start();
});
afterAll(() => proxy.stop());

async function deployed(): Promise<{ readonly stream: string; readonly queue: string }> {
  const { outputs } = await stage.deployer.deploy('skeleton', everyClick(skeleton.template));
  return { stream: outputs['AtClicks'] ?? '', queue: outputs['AtOrders'] ?? '' };
}

function throughProxy(): ClientOptions {
  return { ...stage.emulator.options, endpoint: proxy.endpoint };
}

/** How often each identity came more than once. */
function doubled(taken: readonly string[]): Set<string> {
  const seen = new Set<string>();
  return new Set(taken.filter((id) => seen.size === seen.add(id).size));
}

describe('records put into the stream', () => {
  it('come out of the queue: none lost, none twice', async () => {
    const { stream, queue } = await deployed();
    const ids = identities(2000);
    expect(await sendAll(stage.emulator.options, stream, entries(ids))).toEqual({
      calls: 4,
      refused: 0,
      failedCalls: 0,
    });
    const taken = await takeAll(stage.emulator.options, queue, ids.length);
    expect(taken).toHaveLength(2000);
    expect(new Set(taken)).toEqual(new Set(ids));
  });

  it('come out once each though calls are throttled, refused in part, reset, slow, or meet a failing service', async () => {
    const { stream, queue } = await deployed();
    const ids = identities(600);
    const throttled = { kind: 'refused', status: 400, code: 'ProvisionedThroughputExceededException' } as const;
    const plan: readonly (Spoiling | undefined)[] = [
      { kind: 'partial', code: 'ProvisionedThroughputExceededException', isRefused: (index) => index % 3 === 0 },
      { kind: 'partial', code: 'InternalFailure', isRefused: () => true },
      throttled,
      throttled,
      throttled,
      throttled,
      { kind: 'reset' },
      { kind: 'refused', status: 500, code: 'InternalFailure' },
      { kind: 'slow', ms: 500 },
      { kind: 'refused', status: 503, code: 'ServiceUnavailable' },
    ];
    proxy.spoil(({ operation, turn }) => (operation === 'PutRecords' ? plan[turn] : undefined));
    const sent = await sendAll(throughProxy(), stream, entries(ids), 100);
    expect(Object.fromEntries(proxy.done)).toEqual({ partial: 2, refused: 6, reset: 1, slow: 1 });
    // A third of the first hundred; then all of what was left of it.
    expect(sent.refused).toBe(34 + 34);
    const taken = await takeAll(stage.emulator.options, queue, ids.length);
    expect(taken).toHaveLength(600);
    expect(new Set(taken)).toEqual(new Set(ids));
  });

  it('come twice where an answer was lost or cut, as on AWS, and only those: none is lost', async () => {
    const { stream, queue } = await deployed();
    const ids = identities(400);
    const unanswered = new Set<string>();
    proxy.spoil(({ operation, turn, body }) => {
      if (operation !== 'PutRecords' || (turn !== 1 && turn !== 3)) return undefined;
      for (const id of idsIn(body)) unanswered.add(id);
      return { kind: turn === 1 ? 'lost-answer' : 'cut-answer' };
    });
    await sendAll(throughProxy(), stream, entries(ids), 50);
    expect(unanswered.size).toBeGreaterThan(0);
    const taken = await takeAll(stage.emulator.options, queue, ids.length + unanswered.size);
    expect(new Set(taken)).toEqual(new Set(ids));
    expect(doubled(taken)).toEqual(unanswered);
    expect(taken).toHaveLength(ids.length + 2 * 50);
  });
});
