/** Invokes a function with batches as an event source mapping would, and remembers what came of them. */
import type { Flow } from '#engine/flow/flow.ts';
import type { Batch, InvocationCallee, InvocationCaller, InvokeAnswer } from '#engine/flow/ports.ts';
import { BatchPool } from '#engine/stations/batch-pool.ts';
import type { BuiltNode, World } from '#test/harness/behavior.ts';

export interface Outcome {
  /** Simulated seconds. */
  readonly at: number;
  readonly token: number;
  readonly succeeded: boolean;
  readonly failedAt: number;
  readonly failures: readonly number[];
}

export class Invoker implements InvocationCaller {
  readonly outcomes: Outcome[] = [];
  private readonly world: World;
  private readonly callee: InvocationCallee;
  private readonly node: number;
  private readonly pools: Record<Batch['itemFailures'], BatchPool>;
  private readonly settles: boolean;
  private next = 0;

  /** `settles`: units of successful invocations are settled at the function, as a stream mapping does. */
  constructor(world: World, fn: BuiltNode, port: string, settles = true) {
    const served = fn.behavior.inputs[port];
    if (served?.meeting !== 'invoke') throw new Error(`${fn.id} takes no batches at "${port}"`);
    this.world = world;
    this.callee = served;
    this.node = fn.index;
    this.settles = settles;
    this.pools = {
      off: new BatchPool(this, 'off'),
      first: new BatchPool(this, 'first'),
      each: new BatchPool(this, 'each'),
    };
  }

  invoke(parcels: readonly number[], itemFailures: Batch['itemFailures'] = 'off', ageUs = -1): InvokeAnswer {
    const pool = this.pools[itemFailures];
    const batch = pool.take(this.next++);
    const { store } = this.flow;
    for (const p of parcels) pool.add(batch, p, store.records[p]!, store.bytes[p]!);
    batch.ageUs = ageUs;
    const answer = this.callee.invoke(batch);
    if (answer !== 'started') pool.give(batch);
    return answer;
  }

  onSettled(batch: Batch, succeeded: boolean): void {
    const { flow, world } = this;
    this.outcomes.push({
      at: world.nowSeconds,
      token: batch.token,
      succeeded,
      failedAt: batch.failedAt,
      failures: Array.from(batch.failures.subarray(0, batch.failureCount)),
    });
    if (succeeded && batch.failedAt < 0 && this.settles) {
      for (let i = 0; i < batch.count; i++) flow.settle(batch.units[i]!, this.node, world.kernel.nowUs);
    }
    this.pools[batch.itemFailures].give(batch);
  }

  private get flow(): Flow {
    return this.world.flow;
  }
}
