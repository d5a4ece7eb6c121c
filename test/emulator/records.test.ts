import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Template } from './adapt-template.ts';
import { Stage } from './deployed.ts';
import { FaultProxy } from './fault-proxy.ts';
import { entries, identities, sendAll, takeAll } from './pipeline.ts';

const stage = new Stage();
const { skeleton } = stage;

let proxy: FaultProxy;

beforeAll(async () => {
  proxy = new FaultProxy(stage.emulator.endpoint);
  await proxy.start();
});
afterAll(() => proxy.stop());

/** The skeleton lets a fifth of its clicks through and takes its time; here all go through at once. */
function quick(template: Template): Template {
  const text = JSON.stringify(template)
    .replace(/\\"selectivity\\":0\.2/g, '\\"selectivity\\":1')
    .replace(/\\"per(Invocation|Record)Ms\\":[\d.]+/g, (_, of: string) => `\\"per${of}Ms\\":0`);
  return JSON.parse(text.replaceAll('"StartingPosition":"LATEST"', '"StartingPosition":"TRIM_HORIZON"')) as Template;
}

async function deployed(): Promise<{ readonly stream: string; readonly queue: string }> {
  const { outputs } = await stage.deployer.deploy('skeleton', quick(skeleton.template));
  return { stream: outputs['AtClicks'] ?? '', queue: outputs['AtOrders'] ?? '' };
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
});
