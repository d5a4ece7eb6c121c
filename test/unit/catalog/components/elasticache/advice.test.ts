import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/components/elasticache/advice.ts';
import { type Config, config } from '#catalog/components/elasticache/config.ts';
import { messages } from '#catalog/components/elasticache/messages.en.ts';
import type { AdviceInput, Finding } from '#schema/component.ts';

type Input = AdviceInput<Config>;

function adviceFor(settings: Record<string, unknown>, changes: Partial<Input>): readonly Finding[] {
  const findings = advise({
    id: 'cache',
    config: config.parse(settings),
    horizonSeconds: 600,
    limits: [],
    metrics: {},
    log: [],
    ...changes,
  });
  for (const { code, params } of findings) expect(messages[code]?.(params), code).not.toMatch(/undefined|NaN/);
  return findings;
}

const counted = (sum: number) => ({ sum, mean: 0, max: sum });
const level = (max: number) => ({ mean: max, max });

describe('advice on a cache', () => {
  it('says nothing of a cache that holds its keys', () => {
    expect(adviceFor({}, { metrics: { Evictions: counted(0), EngineCPUUtilization: level(50) } })).toEqual([]);
  });

  it('adds shards that would have held the keys that were evicted', () => {
    const [finding] = adviceFor({ numNodeGroups: 2 }, { metrics: { Evictions: counted(150), CurrItems: level(100) } });
    expect(finding?.patch).toEqual([{ path: 'config.numNodeGroups', from: 2, to: 5 }]);
  });

  it('adds shards that would have held the keys that were refused', () => {
    const metrics = { OutOfMemoryErrors: counted(50), CurrItems: level(100) };
    expect(adviceFor({}, { metrics }).map(({ code, patch }) => [code, patch[0]?.to])).toEqual([
      ['elasticache/writes-refused', 2],
    ]);
  });

  it('adds shards when an engine thread has no time left', () => {
    const at = (percent: number) => adviceFor({}, { metrics: { EngineCPUUtilization: level(percent) } });
    expect(at(89)).toEqual([]);
    expect(at(95)[0]?.patch).toEqual([{ path: 'config.numNodeGroups', from: 1, to: 2 }]);
    expect(at(100)[0]?.code).toBe('elasticache/engine-saturated');
  });

  it('adds a replica where an outage emptied the cache', () => {
    const log = [{ t: 60, code: 'elasticache/keys-lost', params: { lost: 7, replicas: 0 } }];
    expect(adviceFor({ replicasPerNodeGroup: 0 }, { log })[0]?.patch).toEqual([
      { path: 'config.replicasPerNodeGroup', from: 0, to: 1 },
    ]);
    expect(adviceFor({ replicasPerNodeGroup: 1 }, { log })).toEqual([]);
  });

  it('raises the maximum of a serverless cache that stands at it, else the minimum', () => {
    const limits = (capacity: number) => [{ id: 'ecpu', capacity, refused: 5 }] as unknown as Input['limits'];
    const metrics = { ThrottledCmds: counted(5) };
    const serverless = { deployment: 'serverless' };
    const atMost = adviceFor({ ...serverless, maximumEcpuPerSecond: 1000 }, { limits: limits(1000), metrics });
    expect(atMost[0]?.patch).toEqual([{ path: 'config.maximumEcpuPerSecond', from: 1000, to: 2000 }]);
    const growing = adviceFor(serverless, { limits: limits(30_000), metrics });
    expect(growing[0]?.patch).toEqual([{ path: 'config.minimumEcpuPerSecond', from: 0, to: 60_000 }]);
  });
});
