/** Which child process answers, told by children that answer with their own number. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { askChild, ChildEnded } from '#cloud/deploy/cdk-children.ts';
import type { SynthRequest } from '#schema/deployment.ts';
import { smallScenario } from '#test/contract/small-scenarios.ts';

const CHILD = `
process.on('message', ({ stackName }) => {
  if (stackName === 'ends') {
    console.error('out of memory');
    process.exitCode = 1;
    process.disconnect();
    return;
  }
  if (stackName === 'silent') return;
  const template = { pid: process.pid, secret: process.env.AWS_SECRET_ACCESS_KEY ?? 'none' };
  const result = { template, resources: {}, leftOut: [], notes: [], accessPoints: [] };
  process.send(stackName === 'fails' ? { kind: 'failed', error: {} } : { kind: 'done', result });
});
`;

const folder = mkdtempSync(join(tmpdir(), 'caudal-children-'));
const file = join(folder, 'child.cjs');
writeFileSync(file, CHILD);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const request = (stackName: string): SynthRequest => ({ document: smallScenario('sns'), stackName, version: '0' });

async function pid(): Promise<unknown> {
  const reply = await askChild(file, request('answers'));
  return reply.kind === 'done' ? reply.result.template['pid'] : reply;
}

describe('a CDK child', () => {
  it('is kept for the next template, and another is started only while it is at work', async () => {
    const first = await pid();
    expect(await pid()).toBe(first);
    const both = await Promise.all([pid(), pid()]);
    expect(both).toContain(first);
    expect(new Set(both).size).toBe(2);
  });

  it('that has failed makes no other template', async () => {
    const before = await pid();
    expect(await askChild(file, request('fails'))).toMatchObject({ kind: 'failed' });
    expect(await pid()).not.toBe(before);
  });

  it('that ends without an answer leaves what it said, and the next request has a child of its own', async () => {
    await expect(askChild(file, request('ends'))).rejects.toThrow(ChildEnded);
    await expect(askChild(file, request('ends'))).rejects.toMatchObject({ complaint: 'out of memory' });
    expect(await pid()).toBeTypeOf('number');
  });

  it('is ended when the work is called off', async () => {
    const before = await pid();
    const calledOff = new AbortController();
    const asked = askChild(file, request('silent'), calledOff.signal);
    calledOff.abort(new Error('called off'));
    await expect(asked).rejects.toThrow('called off');
    expect(await pid()).not.toBe(before);
  });

  it('makes fifty templates at most', async () => {
    const pids: unknown[] = [];
    for (let index = 0; index < 101; index++) pids.push(await pid());
    expect(new Set(pids).size).toBeGreaterThanOrEqual(2);
    expect(pids.filter((one) => one === pids[50])).toHaveLength(50);
  });

  it('that cannot be started is told of once, and harms nobody', async () => {
    await askChild(file, request('fails'));
    const program = process.execPath;
    process.execPath = join(folder, 'no-such-node');
    const asked = askChild(file, request('answers'));
    process.execPath = program;
    await expect(asked).rejects.toMatchObject({ code: 'ENOENT' });
    // Another complaint of the same child would come now: an error that nobody listens to ends the tests.
    await sleep(50);
    expect(await pid()).toBeTypeOf('number');
  });

  it('that was killed while nobody asked is replaced', async () => {
    const before = Number(await pid());
    process.kill(before, 'SIGKILL');
    // Before this process has heard of it.
    await askChild(file, request('answers')).catch((error: unknown) => expect(error).toBeInstanceOf(ChildEnded));
    expect(await pid()).not.toBe(before);
  });

  it('is given no credentials', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
    await askChild(file, request('fails'));
    const reply = await askChild(file, request('answers'));
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    expect(reply).toMatchObject({ result: { template: { secret: 'none' } } });
  });
});
