import { describe, expect, it } from 'vitest';
import type { Reader, Reading } from '#catalog/models/deployment/client.ts';
import { pollAll, type PolledInput } from '#catalog/models/deployment/handler/poll.ts';

const input: PolledInput = {
  protocol: 'sqs-receive',
  address: 'queue',
  maxEntries: 10,
  waitSeconds: 0,
  idleMs: 0,
  readers: 1,
  maxAttempts: 1,
  backoffMs: 0,
};

/** Stops after so many waits. */
function readingFor(waits: number, work: Reading['work'] = () => Promise.resolve()) {
  let left = waits;
  const waited: number[] = [];
  const wait = (ms: number): Promise<void> => {
    waited.push(ms);
    left -= 1;
    return Promise.resolve();
  };
  return { reading: { work, wait, isStopped: () => left <= 0 }, waited };
}

describe('the loop of a container', () => {
  it('reads its inputs until it is stopped', async () => {
    const { reading } = readingFor(3);
    let reads = 0;
    const reader: Reader = async (_input, { wait }) => {
      reads += 1;
      await wait(1);
    };
    await pollAll(
      [input],
      () => reader,
      reading,
      () => undefined,
    );
    expect(reads).toBe(3);
  });

  it('rests and begins again when a source cannot be read, and says so', async () => {
    const { reading, waited } = readingFor(2);
    const complaints: string[] = [];
    const reader: Reader = () => Promise.reject(new Error('no such queue'));
    await pollAll(
      [input],
      () => reader,
      reading,
      (text) => complaints.push(text),
    );
    expect(waited).toEqual([5000, 5000]);
    expect(complaints).toEqual(Array(2).fill('sqs-receive queue: Error: no such queue'));
  });

  it('says what work failed with, and lets the reader decide', async () => {
    const { reading } = readingFor(1, () => Promise.reject(new Error('broken')));
    const complaints: string[] = [];
    const reader: Reader = async (_input, { work, wait }) => {
      await expect(work(['body'])).rejects.toThrow('broken');
      await wait(1);
    };
    await pollAll(
      [input],
      () => reader,
      reading,
      (text) => complaints.push(text),
    );
    expect(complaints).toEqual(['Error: broken']);
  });

  it('waits without inputs until it is stopped', async () => {
    const { reading, waited } = readingFor(2);
    await pollAll(
      [],
      () => () => Promise.resolve(),
      reading,
      () => undefined,
    );
    expect(waited).toHaveLength(2);
  });
});
