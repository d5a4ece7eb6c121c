import { describe, expect, it } from 'vitest';
import { Kernel } from '#engine/kernel/kernel.ts';
import { Alarm } from '#engine/stations/alarm.ts';

function build() {
  const kernel = new Kernel();
  const rung: number[] = [];
  const handler = kernel.register((index) => {
    alarm.rang();
    rung.push(kernel.nowUs, index);
  });
  const alarm = new Alarm(kernel, handler, 7);
  return { kernel, alarm, rung };
}

describe('Alarm', () => {
  it('rings once, at the earliest time asked for', () => {
    const { kernel, alarm, rung } = build();
    alarm.set(300);
    alarm.set(100);
    alarm.set(200);
    expect(kernel.pendingCount).toBe(1);
    kernel.run(1000);
    expect(rung).toEqual([100, 7]);
  });

  it('can be set again after it has rung, and rings now when the time is past', () => {
    const { kernel, alarm, rung } = build();
    alarm.set(100);
    kernel.run(500);
    alarm.set(200);
    kernel.run(500);
    expect(rung).toEqual([100, 7, 500, 7]);
  });

  it('never rings before its time when that is not a whole microsecond', () => {
    const { kernel, alarm, rung } = build();
    alarm.set(100.2);
    kernel.run(1000);
    expect(rung).toEqual([101, 7]);
  });
});
