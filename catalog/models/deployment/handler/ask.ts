/** What code asks a cache before it works on records, and what it marks there. */
import type { HandlerTarget } from '#schema/deployment.ts';
import { backoffMs, type Emit, type Surroundings } from './plan.ts';
import type { WireRecord } from '../client.ts';

type Call = (keys: readonly string[]) => Promise<readonly boolean[]>;

/** How long a mark is kept, and how large its key and value are, when a plan does not say. */
const MARK = { seconds: 3600, keyBytes: 0, valueBytes: 1 };
/** Keys of records in a cache: apart for each node that asks. */
function keysOf(node: string, records: readonly WireRecord[], { keyBytes = MARK.keyBytes }: HandlerTarget): string[] {
  return records.map(({ id }) => `${node}:${id}`.padEnd(keyBytes, '.'));
}

/** Leaves out what the cache has seen before, and marks the rest where that comes first. */
export async function keepNew(
  node: string,
  records: WireRecord[],
  emit: Emit,
  target: HandlerTarget,
  world: Surroundings,
): Promise<WireRecord[]> {
  const client = world.asked(target.protocol);
  const isFree = await inTurn(keysOf(node, records, target), emit, world, async (keys) =>
    target.mark === 'afterProcessing'
      ? (await client.has(target.address, keys)).map((isThere) => !isThere)
      : client.put(target.address, keys, markOf(target, true)),
  );
  return records.filter((_, i) => isFree[i] === true);
}

/** Marks what has been worked on, where that comes last. */
export async function markDone(
  node: string,
  records: readonly WireRecord[],
  emit: Emit,
  target: HandlerTarget,
  world: Surroundings,
): Promise<void> {
  if (target.mark !== 'afterProcessing') return;
  const client = world.asked(target.protocol);
  await inTurn(keysOf(node, records, target), emit, world, (keys) =>
    client.put(target.address, keys, markOf(target, false)),
  );
}

function markOf({ timeToLiveSeconds = MARK.seconds, valueBytes = MARK.valueBytes }: HandlerTarget, onlyNew: boolean) {
  return { value: '1'.padEnd(valueBytes, '1').slice(0, valueBytes), timeToLiveSeconds, onlyNew };
}

/** Calls one after the other, or all keys in one go. */
async function inTurn(
  keys: readonly string[],
  emit: Emit,
  world: Surroundings,
  call: Call,
): Promise<readonly boolean[]> {
  if (keys.length === 0) return [];
  if (emit.order !== 'sequential') return await repeated(keys, emit, world, call);
  const answers: boolean[] = [];
  for (const key of keys) answers.push(...(await repeated([key], emit, world, call)));
  return answers;
}

/** Tries again while it fails; then the invocation fails, or goes on as if nothing had been there. */
async function repeated(keys: readonly string[], emit: Emit, world: Surroundings, call: Call) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(keys);
    } catch (error) {
      if (attempt < emit.maxAttempts) await world.wait(backoffMs(emit, attempt, world));
      else if (emit.onExhausted === 'drop') return keys.map(() => true);
      else throw error;
    }
  }
}
