import { describe, expect, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { LogPush } from '#engine/stations/log-push.ts';
import { PartitionedLog } from '#engine/stations/partitioned-log.ts';

const SECOND = 1_000_000;
const DELAY = 70_000;
const LOG = 1;

/** A log with one partition and one pushed consumer of 1,000 bytes/s that reads as soon as it is told. */
function setUp() {
  const kernel = new Kernel(0);
  const flow = new Flow(2, () => undefined);
  const log = new PartitionedLog(flow, LOG, 3600 * SECOND);
  const seen: number[] = [];
  const state = { notices: 0, isReading: true };
  const consumer = {
    onPartitionOpened: () => undefined,
    onRecords: () => {
      state.notices += 1;
      if (state.isReading) read();
    },
  };
  const push = new LogPush(kernel, log, consumer, log.subscribe(), 1000, DELAY);
  const partition = log.divideEqually(1, 0, [])[0]!;
  push.onOpened(partition);
  const read = (): void => {
    const into = new ParcelList(flow.store);
    if (push.bytesLeft(partition) >= 1) {
      log.take(0, partition, 1e9, push.bytesLeft(partition), push.cutoffUs, into);
    }
    const { bytes } = into;
    for (let p = into.shift(); p !== NONE; p = into.shift()) {
      seen.push(kernel.nowUs);
      flow.settle(p, LOG, kernel.nowUs);
    }
    push.onRead(partition, bytes);
  };
  const put = (bytes: number): void => {
    log.append(partition, flow.create(0, 0, seen.length, -1, bytes, kernel.nowUs), kernel.nowUs);
    push.onChanged(partition);
  };
  const close = (): void => {
    log.divideEqually(2, kernel.nowUs, []);
    push.onChanged(partition);
  };
  return { kernel, push, put, read, close, seen, state };
}

describe('LogPush', () => {
  it('tells the consumer of a record when its delay has passed', () => {
    const { kernel, put, seen } = setUp();
    put(10);
    kernel.run(DELAY / 2);
    put(10);
    kernel.run(SECOND);
    expect(seen).toEqual([DELAY, DELAY * 1.5]);
  });

  it('does not tell again before the consumer has read', () => {
    const { kernel, put, read, state, seen } = setUp();
    state.isReading = false;
    put(10);
    kernel.run(SECOND);
    put(10);
    kernel.run(2 * SECOND);
    expect(state.notices).toBe(1);
    read();
    expect(seen).toHaveLength(2);
    put(10);
    kernel.run(3 * SECOND);
    expect(state.notices).toBe(2);
  });

  it('waits until the byte rate allows, overdraft included', () => {
    const { kernel, put, seen } = setUp();
    put(3000);
    put(500);
    kernel.run(10 * SECOND);
    // The bucket of 1,000 bytes pays for 3,000 with 2,000 owed at 0.07 s, and holds one byte 2.001 s later.
    expect(seen).toEqual([DELAY, DELAY + 2_001_000]);
  });

  it('is silent while out of order and makes good for it afterwards', () => {
    const { kernel, push, put, seen } = setUp();
    put(10);
    push.configure(1000, DELAY, true);
    put(10);
    kernel.run(5 * SECOND);
    expect(seen).toEqual([]);
    push.configure(1000, DELAY, false);
    kernel.run(6 * SECOND);
    expect(seen).toEqual([5 * SECOND, 5 * SECOND]);
  });

  it('tells once more when the partition is closed, even an empty one, and never after that', () => {
    const { kernel, close, state } = setUp();
    close();
    kernel.run(SECOND);
    expect(state.notices).toBe(1);
    kernel.run(100 * SECOND);
    expect(state.notices).toBe(1);
  });

  it('tells of the end after an outage during which the partition was closed', () => {
    const { kernel, push, close, state } = setUp();
    push.configure(1000, DELAY, true);
    close();
    kernel.run(SECOND);
    expect(state.notices).toBe(0);
    push.configure(1000, DELAY, false);
    kernel.run(2 * SECOND);
    expect(state.notices).toBe(1);
  });
});
