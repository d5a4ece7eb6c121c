import { describe, expect, it } from 'vitest';
import { config, declaration } from '#catalog/components/ecs-service/config.ts';

function refused(given: Record<string, unknown>): string[] {
  const findings = declaration.check?.({ config: config.parse(given), linkedPorts: [] }) ?? [];
  return findings.map(({ code, path }) => `${code} ${path}`);
}

describe('ecs-service: settings that AWS refuses', () => {
  it('takes the memory sizes of each CPU size and no others', () => {
    const sizes: [string, number[], number[]][] = [
      ['256', [512, 1024, 2048], [1536, 4096]],
      ['1024', [2048, 3072, 8192], [1024, 2560, 9216]],
      ['4096', [8192, 30_720], [7168, 31_744]],
      ['8192', [16_384, 20_480, 61_440], [17_408]],
      ['16384', [32_768, 40_960, 122_880], [36_864]],
    ];
    for (const [cpu, legal, illegal] of sizes) {
      for (const memoryMiB of legal) expect(refused({ cpu, memoryMiB }), `${cpu} ${memoryMiB}`).toEqual([]);
      for (const memoryMiB of illegal) {
        expect(refused({ cpu, memoryMiB }), `${cpu} ${memoryMiB}`).toEqual([
          'ecs-service/memory-size config.memoryMiB',
        ]);
      }
    }
  });

  it('wants the desired tasks between the fewest and the most', () => {
    const autoScaling = 'ECSServiceAverageCPUUtilization';
    expect(refused({ autoScaling, desiredCount: 20 })).toEqual([
      'ecs-service/desired-outside-capacity config.desiredCount',
    ]);
    expect(refused({ autoScaling, minCapacity: 11 })).toEqual(['ecs-service/capacity-reversed config.minCapacity']);
    expect(refused({ desiredCount: 20 })).toEqual([]);
  });

  it('wants ranges the right way round, and a hyperexponential law that varies', () => {
    expect(refused({ startUpMinSeconds: 100 })).toEqual(['ecs-service/start-up-reversed config.startUpMinSeconds']);
    expect(refused({ serviceTimeLaw: 'hyperexponential', coefficientOfVariation: 0.5 })).toEqual([
      'ecs-service/hyperexponential-variation config.coefficientOfVariation',
    ]);
  });
});
