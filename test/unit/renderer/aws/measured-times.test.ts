import { describe, expect, it } from 'vitest';
import type { LastDrive } from '#renderer/aws/last-drive.ts';
import {
  driveWarning,
  firstTimeChoice,
  type MeasuredTimes,
  momentOf,
  shortMoment,
  timesOf,
  typedMoment,
} from '#renderer/aws/measured-times.ts';

const NOW = Date.parse('2026-11-21T21:00:00Z');
const drive: LastDrive = {
  stackName: 'shop',
  region: 'eu-west-1',
  startedAt: '2026-11-21T20:30:40.000Z',
  wallSeconds: 300,
  fromSecond: 0,
  speed: 1,
};

function span(times: ReturnType<typeof timesOf>): readonly string[] {
  if ('fault' in times) throw new Error(times.fault);
  const { since, until }: MeasuredTimes = times;
  return [since.toISOString(), until.toISOString()];
}

describe('the minutes of CloudWatch that are read', () => {
  it('end with the last minute that the drive filled', () => {
    expect(span(timesOf(firstTimeChoice, drive, NOW))).toEqual([
      '2026-11-21T20:30:40.000Z',
      '2026-11-21T20:35:00.000Z',
    ]);
  });

  it('are those that a short drive touched, with a word about it', () => {
    const short = { ...drive, wallSeconds: 50 };
    expect(span(timesOf(firstTimeChoice, short, NOW))[1]).toBe('2026-11-21T20:32:00.000Z');
    expect(driveWarning(short)).toContain('drive for at least 3 minutes');
    expect(driveWarning(drive)).toBeUndefined();
  });

  it('do not reach beyond now while the drive has just ended', () => {
    const now = Date.parse('2026-11-21T20:31:20Z');
    expect(span(timesOf(firstTimeChoice, { ...drive, wallSeconds: 30 }, now))[1]).toBe('2026-11-21T20:31:20.000Z');
  });

  it('cannot be compared where the load was sent faster than it is simulated', () => {
    expect(driveWarning({ ...drive, speed: 5 })).toContain('5 times as fast');
  });

  it('are the last so many, or between two moments of this machine', () => {
    expect(span(timesOf({ ...firstTimeChoice, kind: 'last', seconds: 900 }, undefined, NOW))).toEqual([
      '2026-11-21T20:45:00.000Z',
      '2026-11-21T21:00:00.000Z',
    ]);
    const since = new Date(2026, 10, 21, 8, 5);
    const choice = { ...firstTimeChoice, kind: 'between', since: typedMoment(since), until: '' } as const;
    expect(span(timesOf(choice, undefined, NOW))).toEqual([since.toISOString(), new Date(NOW).toISOString()]);
  });

  it.each([
    [{ kind: 'drive' }, 'Nothing is known of a drive'],
    [{ kind: 'between', since: 'yesterday' }, 'such as 2026-11-21 20:31'],
    [{ kind: 'between', since: '2026-02-30 10:00' }, 'such as 2026-11-21 20:31'],
    [{ kind: 'between', since: '2026-11-20 10:00', until: '2026-11-20 09:00' }, 'after the begin'],
  ] as const)('fails for %o', (change, words) => {
    const times = timesOf({ ...firstTimeChoice, ...change }, undefined, NOW);
    expect('fault' in times && times.fault).toContain(words);
  });
});

describe('moments', () => {
  it('are read as local time', () => {
    expect(momentOf('2026-11-21 20:31')).toEqual(new Date(2026, 10, 21, 20, 31));
    expect(momentOf('2026-1-2T03:04:05')).toEqual(new Date(2026, 0, 2, 3, 4, 5));
    expect(momentOf('2026-11-21 25:00')).toBeUndefined();
  });

  it('are written short on the same day', () => {
    const at = new Date(2026, 10, 21, 8, 5);
    expect(shortMoment(at.toISOString(), at.getTime())).toBe('08:05');
    expect(shortMoment(at.toISOString(), at.getTime() + 2 * 86_400_000)).toBe('2026-11-21 08:05');
  });
});
