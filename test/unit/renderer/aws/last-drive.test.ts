import { describe, expect, it } from 'vitest';
import { type LastDrive, lastDriveOf, readLastDrive, writeLastDrive } from '#renderer/aws/last-drive.ts';

function storage(text: string | null = null) {
  let held = text;
  return {
    getItem: () => held,
    setItem: (_: string, value: string) => {
      held = value;
    },
  };
}

const drive = (stackName: string, wallSeconds = 60): LastDrive => ({
  stackName,
  region: 'us-east-1',
  startedAt: '2026-11-21T20:30:00.000Z',
  wallSeconds,
  fromSecond: 0,
  speed: 1,
});

describe('the last drive of a stack', () => {
  it('is found again by stack and Region', () => {
    const own = storage();
    writeLastDrive(own, drive('shop'));
    writeLastDrive(own, drive('lake'));
    writeLastDrive(own, drive('shop', 300));
    expect(readLastDrive(own, 'shop', 'us-east-1')).toEqual(drive('shop', 300));
    expect(readLastDrive(own, 'lake', 'us-east-1')).toEqual(drive('lake'));
    expect(readLastDrive(own, 'shop', 'eu-west-1')).toBeUndefined();
  });

  it('is remembered of twenty stacks', () => {
    const own = storage();
    for (let number = 0; number < 25; number += 1) writeLastDrive(own, drive(`stack-${number}`));
    expect(readLastDrive(own, 'stack-4', 'us-east-1')).toBeUndefined();
    expect(readLastDrive(own, 'stack-5', 'us-east-1')).toBeDefined();
  });

  it.each(['nonsense', '{}', '[{"stackName":1}]'])('is forgotten where the storage holds %s', (text) => {
    expect(readLastDrive(storage(text), 'shop', 'us-east-1')).toBeUndefined();
  });

  it('is lost without harm where the storage is full', () => {
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new Error('full');
      },
    };
    expect(() => writeLastDrive(full, drive('shop'))).not.toThrow();
  });

  it('keeps the speed at which the load was sent', () => {
    const driven = {
      stackName: 'shop',
      region: 'us-east-1',
      fromSecond: 60,
      drive: {
        startedAt: '2026-11-21T20:30:00.000Z',
        ended: 'complete',
        wallSeconds: 12,
        sleptSeconds: 0,
        targets: [],
      },
      estimatedUsd: 0,
      sinks: [],
    } as const;
    expect(lastDriveOf(driven, 4)).toEqual({ ...drive('shop', 12), fromSecond: 60, speed: 4 });
  });
});
