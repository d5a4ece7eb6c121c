/**
 * Turns what came into what leaves by an output: none, itself with another size or key, or several derived records.
 *
 * A parcel that moves on is filtered or absorbed at once. An effect of an invocation that can still fail stays as a *carrier*
 * until the invocation has ended, so that all can be taken back and done again without loss and without false duplicates.
 * O(1) per record that comes or leaves, no allocation.
 */
import type { OutputBinding } from '#engine/behavior.ts';
import type { Flow } from '#engine/flow/flow.ts';
import { FLAG_DUPLICATE, NONE, type ParcelList } from '#engine/flow/parcels.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { derivedEntity, outputCount } from './emission.ts';
import type { Fate } from './run-emission.ts';
import type { Lane } from './sender.ts';

interface ShaperEnvironment {
  readonly flow: Flow;
  readonly node: number;
  draw(purpose: string): DrawStream;
}

export class Shaper {
  private readonly flow: Flow;
  private readonly node: number;
  private readonly emit: OutputBinding['emit'];
  private readonly selectivityDraw: DrawStream;

  /** One for each output. */
  constructor(env: ShaperEnvironment, output: OutputBinding) {
    this.flow = env.flow;
    this.node = env.node;
    this.emit = output.emit;
    this.selectivityDraw = env.draw(`selectivity ${output.id}`);
  }

  /** Shapes a parcel that moves on itself. `ordinal` keys the draw. What leaves is pushed to `into`. */
  forward(p: number, lane: Lane, ordinal: number, into: ParcelList): void {
    const { flow } = this;
    const { store } = flow;
    const n = this.countOf(ordinal);
    if (n === 0) {
      flow.filter(p);
      return;
    }
    this.restyle(p, lane);
    if (n === 1) {
      into.push(p);
      return;
    }
    const isDuplicate = (store.flags[p]! & FLAG_DUPLICATE) !== 0;
    for (let j = 0; j < n; j++) {
      const entity = derivedEntity(store.entity[p]!, j);
      into.push(flow.emit(this.node, p, entity, store.bytes[p]!, store.e0[p]!, store.e1[p]!, isDuplicate));
    }
    flow.absorb(p);
  }

  /**
   * Shapes the effect of one record of an invocation, the same way for every attempt; or that of a run, whose `fate` has been
   * drawn. Carriers are pushed to `carriers`.
   */
  effect(q: number, fate: Fate, lane: Lane, into: ParcelList, carriers: ParcelList): void {
    const { flow } = this;
    const { store } = flow;
    const n = fate === 'drawn singly' ? this.countOf(store.entity[q]!) : fate === 'sent' ? 1 : 0;
    if (n > 0) this.restyle(q, lane);
    if (n === 1) {
      into.push(q);
      return;
    }
    carriers.push(q);
    this.derive(q, lane, n, store.bytes[q]!, store.e0[q]!, store.e1[q]!, isDuplicateOf(flow, q), into);
  }

  /**
   * Shapes the effects of all records of a batch into one or more records derived from all of them, of the size that they have together
   * as their workload drew them.
   */
  batch(effects: ParcelList, lane: Lane, into: ParcelList, carriers: ParcelList): void {
    const { flow } = this;
    const { store } = flow;
    const first = effects.head;
    if (first === NONE) return;
    const held = flow.runs.sizes.drawnSum(first);
    let e0 = store.e0[first]!;
    let e1 = store.e1[first]!;
    let isDuplicate = true;
    for (let q = first; q !== NONE; q = store.next[q]!) {
      if (store.e0[q]! < e0) e0 = store.e0[q]!;
      if (store.e1[q]! > e1) e1 = store.e1[q]!;
      if (!isDuplicateOf(flow, q)) isDuplicate = false;
    }
    const bytes = Math.max(1, Math.round(held * this.emit.sizeFactor));
    const n = this.countOf(store.entity[first]!);
    if (this.emit.key === 'new') store.key[first] = -1;
    carriers.append(effects);
    this.derive(first, lane, n, bytes, e0, e1, isDuplicate, into);
  }

  /** The invocation has ended: settles its carriers through one lane. */
  end(carriers: ParcelList, lane: Lane, hasFailed: boolean): void {
    const { flow } = this;
    const { bit } = lane.outlet;
    const isBatch = this.emit.per === 'batch';
    // The derived records of a batch hang on its first carrier, and all share their fate.
    let kept = carriers.head === NONE ? 0 : flow.keptDerived(carriers.head);
    for (let q = carriers.shift(); q !== NONE; q = carriers.shift()) {
      if (!isBatch) kept = flow.keptDerived(q);
      if (hasFailed && kept === 0) flow.endCarrier(q, bit, 'revoked');
      else flow.endCarrier(q, bit, isBatch || kept > 0 ? 'absorbed' : 'filtered');
    }
  }

  /** Records that leave for one that came, drawn by `index`. */
  countOf(index: number): number {
    const { selectivity } = this.emit;
    return selectivity === 1 ? 1 : outputCount(selectivity, this.selectivityDraw, index);
  }

  /** Size, key and, on a way back, identity of what leaves. */
  restyle(p: number, lane: Lane): void {
    const { store } = this.flow;
    const { emit } = this;
    if (emit.key === 'new') store.key[p] = -1;
    if (emit.sizeFactor !== 1) store.bytes[p] = Math.max(1, Math.round(store.bytes[p]! * emit.sizeFactor));
    if (lane.outlet.isFeedback === true) store.entity[p] = derivedEntity(store.entity[p]!, 0);
  }

  private derive(
    carrier: number,
    lane: Lane,
    n: number,
    bytes: number,
    e0: number,
    e1: number,
    isDuplicate: boolean,
    into: ParcelList,
  ): void {
    const { flow, node } = this;
    const entity = flow.store.entity[carrier]!;
    const owed = isDuplicate ? flow.takeOwed(carrier, lane.outlet.bit) : 0;
    for (let j = 0; j < n; j++) {
      into.push(flow.derive(node, carrier, derivedEntity(entity, j), bytes, e0, e1, isDuplicate && j >= owed));
    }
  }
}

function isDuplicateOf({ store }: Flow, p: number): boolean {
  return (store.flags[p]! & FLAG_DUPLICATE) !== 0;
}
