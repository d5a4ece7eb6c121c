import { describe, expect, it } from 'vitest';
import { driveFaults, driveInput, firstDriveForm, loadRecords } from '#renderer/aws/drive-form.ts';
import { documentSchema, schemaVersion } from '#schema/document.ts';

describe('the form of a drive', () => {
  it('begins with five minutes of the load, at its own pace, for a dollar at most', () => {
    expect(driveInput(firstDriveForm)).toEqual({
      seconds: 300,
      fromSecond: 0,
      speed: 1,
      ceilingUsd: 1,
      waitSeconds: 120,
    });
  });

  it('reads times and numbers as people write them', () => {
    const form = {
      ...firstDriveForm,
      seconds: '1 h 30 min',
      fromSecond: '20h',
      recordsPerSecondCap: '1,500',
      totalCap: ' 500 ',
    };
    expect(driveInput(form)).toMatchObject({
      seconds: 5400,
      fromSecond: 72_000,
      recordsPerSecondCap: 1500,
      totalCap: 500,
    });
  });

  it.each([
    ['seconds', '0 s'],
    ['seconds', 'soon'],
    ['fromSecond', '-1'],
    ['speed', '0'],
    ['speed', ''],
    ['recordsPerSecondCap', '-5'],
    ['totalCap', '1.5'],
    ['totalCap', '0'],
    ['ceilingUsd', '0'],
    ['ceilingUsd', ''],
    ['ceilingUsd', '1,5'],
    ['waitSeconds', '25 h'],
  ] as const)('fails for %s "%s", at that field and no other', (field, text) => {
    const form = { ...firstDriveForm, [field]: text };
    expect(Object.keys(driveFaults(form))).toEqual([field]);
    expect(driveFaults(form)[field]).toMatch(/^Write .+\.$/);
    expect(driveInput(form)).toBeUndefined();
  });

  it('says how many records the load has in that time', () => {
    const { workloads, account } = documentSchema.parse({
      schemaVersion,
      name: 'x',
      nodes: [],
      workloads: [
        {
          id: 'a',
          node: 'n',
          arrivals: {
            kind: 'ramp',
            fromRecordsPerSecond: 0,
            toRecordsPerSecond: 100,
            startSeconds: 0,
            durationSeconds: 100,
          },
          recordSize: { kind: 'constant', bytes: 100 },
          partitionKey: { kind: 'uniform', keys: 10 },
        },
      ],
    });
    // Under a ramp of 1/s each second, from second 10 to 30: (30² - 10²) / 2.
    expect(loadRecords({ workloads, account }, { fromSecond: 10, seconds: 20 })).toBeCloseTo(400, 6);
    expect(loadRecords({ workloads: [], account }, { fromSecond: 0, seconds: 20 })).toBe(0);
  });
});
