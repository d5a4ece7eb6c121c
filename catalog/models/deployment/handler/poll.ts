/** The loop of a container that polls: every input is read until the process is told to stop, whatever fails in between. */
import type { Reader, ReaderInput, Reading } from '../client.ts';

export interface PolledInput extends ReaderInput {
  readonly protocol: string;
}

/** Wait after a source could not be read. */
const REST_MS = 5000;

/** Ends when all readers have stopped; without inputs it waits to be stopped. `complain` is told what fails. */
export async function pollAll(
  inputs: readonly PolledInput[],
  readerOf: (protocol: string) => Reader,
  reading: Reading,
  complain: (text: string) => void,
): Promise<void> {
  const work = async (bodies: readonly string[]): Promise<void> => {
    try {
      await reading.work(bodies);
    } catch (error) {
      complain(String(error));
      throw error;
    }
  };
  const poll = async (input: PolledInput): Promise<void> => {
    while (!reading.isStopped()) {
      try {
        await readerOf(input.protocol)(input, { ...reading, work });
      } catch (error) {
        complain(`${input.protocol} ${input.address}: ${String(error)}`);
        await reading.wait(REST_MS);
      }
    }
  };
  const idle = async (): Promise<void> => {
    while (!reading.isStopped()) await reading.wait(REST_MS);
  };
  await Promise.all(inputs.length === 0 ? [idle()] : inputs.map(poll));
}
