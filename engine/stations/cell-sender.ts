/**
 * Sends runs of new records that come over the time from now on, as a source makes them: to targets that take them at once, or
 * into calls that collect them. What a target does not take in advance is sent record by record when its time comes.
 */
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { PRIORITY_ARRIVAL } from '#engine/kernel/priorities.ts';
import { CellBuffers, type WaitListener } from './cell-buffers.ts';
import { producerOf } from './producers.ts';
import type { Lane, SenderEnvironment } from './sender.ts';

export class CellSender {
  /** False where records are drawn, packed by a library, multiplied or fed back: then they come one by one. */
  readonly isPossible: boolean;
  /** Some lane collects records for a call. */
  readonly collects: boolean;
  private readonly env: SenderEnvironment;
  private readonly lanes: readonly Lane[];
  private readonly sendOne: (p: number, lane: Lane) => void;
  private readonly offered: ParcelList;
  private readonly buffers: (CellBuffers | undefined)[];
  private readonly producers: number;
  private hasCollected = false;
  private readonly onDue: number;

  /** `flush` sends what a call of a lane has collected, `sendOne` a single record. */
  constructor(
    env: SenderEnvironment,
    lanes: readonly Lane[],
    producers: number,
    flush: (held: ParcelList, lane: Lane) => void,
    sendOne: (p: number, lane: Lane) => void,
  ) {
    this.env = env;
    this.lanes = lanes;
    this.producers = producers;
    this.sendOne = sendOne;
    this.isPossible = lanes.length > 0 && lanes.every(isCellular);
    this.offered = new ParcelList(env.flow.store);
    this.buffers = lanes.map((lane) => {
      const { emit } = lane.output;
      if (!this.isPossible || emit.batchSize * emit.recordsPerMessage === 1) return undefined;
      const limits = { maxRecords: emit.batchSize * emit.recordsPerMessage, maxWaitUs: emit.lingerMs * 1000 };
      const onFlush = (held: ParcelList): void => flush(held, lane);
      const onWaited: WaitListener = (fromUs, toUs, area, leaving) => env.onWaited?.(fromUs, toUs, area, leaving);
      return new CellBuffers(env.kernel, env.flow, producers, limits, onFlush, onWaited);
    });
    this.collects = this.buffers.some((buffer) => buffer !== undefined);
    this.onDue = env.kernel.register((p, lane) => this.sendOne(p, this.lanes[lane]));
  }

  /** Records that wait for their call to fill. */
  get heldRecords(): number {
    let held = 0;
    for (const buffer of this.buffers) held += buffer?.heldRecords ?? 0;
    return held;
  }

  /**
   * Takes a single record into the call of its process where calls are collected here: after a second whose records came in runs, those
   * of a quieter one fill the same calls. Returns whether it did.
   */
  sendOneOf(p: number, lane: Lane): boolean {
    const buffer = this.hasCollected ? this.buffers[lane.index] : undefined;
    buffer?.addOne(p, producerOf(this.env.flow.store.entity[p], this.producers));
    return buffer !== undefined;
  }

  send(p: number, lane: Lane): void {
    const buffer = this.buffers[lane.index];
    if (buffer !== undefined) {
      this.hasCollected = true;
      buffer.add(p);
      return;
    }
    const { offered } = this;
    const { flow, kernel } = this.env;
    offered.push(p);
    lane.outlet.offerCell?.(offered);
    for (let left = offered.length; left > 0; left--) {
      const q = offered.shift();
      if (flow.runs.isRun(q) || flow.store.span[q] > 0) flow.runs.scatter(q, offered);
      else offered.push(q);
    }
    for (let q = offered.shift(); q !== NONE; q = offered.shift()) {
      kernel.at(Math.max(kernel.nowUs, flow.store.a0[q]), this.onDue, q, lane.index, PRIORITY_ARRIVAL);
    }
  }
}

function isCellular({ output: { emit }, outlet }: Lane): boolean {
  const keeps = emit.selectivity === 1 && emit.weight === undefined && emit.client === 'sdk';
  return keeps && outlet.isFeedback !== true && outlet.offerCell !== undefined;
}
