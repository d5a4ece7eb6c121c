/** The bundle that deployed code runs is what its sources make, and small enough to stand in a template. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { handlerCode } from '#catalog/handler-code.ts';
import { bundleHandler, moduleOf } from '#tools/write-handler.mjs';

/** Bytes that are taken for small: a task definition holds 64 KiB, a template without a bucket 51,200. */
const MOST_BYTES = 17_408;

describe('the handler bundle', () => {
  it('is current: npm run handler changes nothing', async () => {
    const file = new URL('../../../catalog/handler-code.ts', import.meta.url);
    expect(moduleOf(await bundleHandler())).toBe(readFileSync(file, 'utf8'));
  });

  it('is small', () => {
    expect(Buffer.byteLength(handlerCode)).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('loads nothing but Node’s own modules before a client is needed', () => {
    const required = [...handlerCode.matchAll(/(?<![\w$])require\((["'`])([^"'`]+)\1\)/g)].map(([, , name]) => name);
    expect(required.length).toBeGreaterThan(0);
    for (const name of required) expect(name).toMatch(/^node:/);
  });

  it('runs as the program of a container, and ends when it is told to stop', () => {
    const plan = {
      node: 'worker',
      work: { law: 'deterministic', coefficientOfVariation: 0, perInvocationMs: 0, perRecordMs: 0, errorRatio: 0 },
      outputs: [],
      inputs: [],
    };
    const stop = 'setTimeout(() => process.kill(process.pid, "SIGTERM"), 100); console.log(typeof exports.handler)';
    const ended = execFileSync(process.execPath, ['-e', `${handlerCode};${stop}`], {
      env: { ...process.env, CAUDAL_PLAN: JSON.stringify(plan) },
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(ended).toBe('function\n');
  });

  it('answers a batch as a function does', async () => {
    const plan = {
      node: 'transform',
      work: { law: 'deterministic', coefficientOfVariation: 0, perInvocationMs: 0, perRecordMs: 0, errorRatio: 0 },
      outputs: [],
    };
    process.env['CAUDAL_PLAN'] = JSON.stringify(plan);
    const module = { exports: {} as { handler(event: object): Promise<unknown> } };
    runInNewContext(handlerCode, {
      ...globalThis,
      ...module,
      require: createRequire(import.meta.url),
      process,
      Buffer,
    });
    delete process.env['CAUDAL_PLAN'];
    const event = { records: [{ recordId: 'a', data: 'eA==' }] };
    expect(await module.exports.handler(event)).toEqual({ records: [{ recordId: 'a', result: 'Ok', data: 'eA==' }] });
  });
});
