/** Sending in calls within the limits of a target; only what was refused is sent again. */
import type { Entry, Refusal, TargetClient } from '../client.ts';
import type { HandlerTarget } from '#schema/deployment.ts';
import { backoffMs, type Emit, type Surroundings } from './plan.ts';
import type { WireRecord } from '../client.ts';
import { packed } from './shape.ts';

/** Sends the records of an output to one of its targets. Rejects when attempts run out and the output wants that. */
export async function sendAll(
  records: readonly WireRecord[],
  emit: Emit,
  target: HandlerTarget,
  world: Surroundings,
): Promise<void> {
  const client = world.target(target.protocol);
  const calls = callsOf(
    packed(records, emit.recordsPerMessage),
    Math.min(emit.batchSize, client.maxEntries),
    client.maxBytes,
  );
  if (emit.order === 'parallel') {
    await Promise.all(calls.map((call) => sendCall(call, emit, target, client, world)));
    return;
  }
  for (const call of calls) await sendCall(call, emit, target, client, world);
}

/** Calls within the target's limits of entries and bytes. */
export function callsOf(entries: readonly Entry[], maxEntries: number, maxBytes: number): Entry[][] {
  const calls: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.body) + Buffer.byteLength(entry.key);
    const last = calls.at(-1);
    if (last === undefined || last.length >= maxEntries || bytes + size > maxBytes) {
      calls.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return calls;
}

/** One call, tried again for what was refused only, with full jitter. */
async function sendCall(
  call: readonly Entry[],
  emit: Emit,
  target: HandlerTarget,
  client: TargetClient,
  world: Surroundings,
): Promise<void> {
  let left = [...call];
  for (let attempt = 1; ; attempt += 1) {
    const refused = await offer(client, target, left);
    if (refused.length === 0) return;
    if (attempt >= emit.maxAttempts) {
      if (emit.onExhausted === 'drop') return;
      throw new Error(`${refused.length} of ${left.length} entries refused by ${target.protocol}: ${refused[0]?.code}`);
    }
    left = refused.flatMap(({ index }) => left[index] ?? []);
    await world.wait(backoffMs(emit, attempt, world));
  }
}

/** A call that fails as a whole refuses every entry: the SDK has repeated it by then. */
async function offer(
  client: TargetClient,
  target: HandlerTarget,
  entries: readonly Entry[],
): Promise<readonly Refusal[]> {
  try {
    return await client.send(target.address, entries);
  } catch (error) {
    const { name, message } = error as Error;
    return entries.map((_, index) => ({ index, code: `${name}: ${message}` }));
  }
}
