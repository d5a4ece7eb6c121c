/**
 * Sends a document's workload to a deployed stack: record for record the arrivals of the simulation, in the calls that the outputs
 * of the document describe. Every record carries its identity and its event time, so that sinks can be checked.
 */
import { departureOf, nodesById } from '#analysis/catalog.ts';
import { type ClientSettings, clients, type TargetClient } from '#catalog/clients.ts';
import { components } from '#catalog/specs.ts';
import type { AccessPoint } from '#schema/deployment.ts';
import type { DriveProgress, DriveReport } from '#schema/deployment-drive.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { InputError } from '#schema/errors.ts';
import type { ProtocolId } from '#schema/protocols.ts';
import { systemClock } from './clock.ts';
import {
  bytesOf,
  type DueRecord,
  type Lane,
  laneTo,
  type Message,
  messagesOf,
  reportOf,
  type Tally,
} from './drive-lane.ts';
import { type LoadRecord, LoadRecords } from './load-records.ts';

/** Calls under way at once to one target: enough for 50,000 records/s of full calls at 100 ms each. */
const CALLS_AT_ONCE = 16;
/** How long a call without an answer is repeated before driving ends, milliseconds. */
const PATIENCE_MS = 60_000;
/** Longest wait at a stretch; more time than this beyond what was waited: the machine has slept, or its clock was set. */
const NAP_MS = 10_000;
const SLEPT_MS = 30_000;
/** Longer than any call that is answered or given up: the machine has slept meanwhile. */
const LONGEST_CALL_MS = 150_000;
const MS_PER_SECOND = 1000;
const US_PER_MS = 1000;

export interface DriveOptions {
  readonly document: CaudalDocument;
  readonly accessPoints: readonly AccessPoint[];
  /** Outputs of the stack: key -> value. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly settings: ClientSettings;
  readonly seed: number;
  /** Simulated second of the day at which the load begins. Default 0. */
  readonly fromSecond?: number;
  /** Simulated seconds of load, >= 1. */
  readonly seconds: number;
  /** Simulated seconds for each second of the clock, > 0. Default 1. */
  readonly speed?: number;
  /** Most records put in each second of the clock; what is above comes later. No cap when left out. */
  readonly recordsPerSecondCap?: number;
  /** Records after which driving ends. No cap when left out. */
  readonly totalCap?: number;
  readonly signal?: AbortSignal | undefined;
  /** Asked once for each simulated second: a sentence ends driving, as a spending ceiling does. */
  readonly limit?: (progress: DriveProgress) => string | undefined;
  /** What a call that failed as a whole means. Without it, every such call is repeated as one without an answer. */
  readonly explain?: (error: unknown, protocol: ProtocolId) => CallFailure;
  readonly onProgress?: (progress: DriveProgress) => void;
  /** Told when the machine has slept: the load goes on from where it was. */
  readonly onSlept?: (seconds: number) => void;
  /** Told of each record that was taken, for checking the sinks. */
  readonly onSent?: (record: LoadRecord, eventTimeMs: number) => void;
  /** Told of each record whose call got no answer: it may be there twice. */
  readonly onUncertain?: (record: LoadRecord) => void;
  readonly world?: DriveWorld;
}

/** The clock, and the clients, that driving goes by: real unless a test gives its own. */
export interface DriveWorld {
  nowMs(): number;
  wait(ms: number): Promise<void>;
  random(): number;
  client(protocol: ProtocolId, settings: ClientSettings): TargetClient | undefined;
}

export interface CallFailure {
  readonly code: string;
  readonly message: string;
  /**
   * `refused`: nothing was stored; `unanswered`: the network failed; `uncertain`: the service failed, and may have stored;
   * `skewed`: the clock of this machine was refused, and the client goes by AWS's from now on; `final`: it will not go better
   * the next time.
   */
  readonly kind: 'refused' | 'unanswered' | 'uncertain' | 'skewed' | 'final';
}

const realWorld: DriveWorld = {
  nowMs: () => systemClock.nowMs(),
  wait: (ms) => systemClock.sleep(ms),
  random: Math.random,
  client: (protocol, settings) => clients.get(protocol)?.(settings),
};

/**
 * Drives. Rejects with an InputError when a load has no deployed target. Refused messages are sent again, only these, with
 * exponential back-off and full jitter, as often as the output says; the stop signal ends after the calls under way.
 */
export async function drive(options: DriveOptions): Promise<DriveReport> {
  const driver = new Driver(options, options.world ?? realWorld);
  try {
    return await driver.run();
  } finally {
    driver.close();
  }
}

class Driver {
  private readonly options: DriveOptions;
  private readonly world: DriveWorld;
  private readonly loads: { readonly records: LoadRecords; readonly node: string }[] = [];
  /** By node with a load: its outputs carry all loads of the node. */
  private readonly lanes = new Map<string, readonly Lane[]>();
  private startMs = 0;
  private sleptMs = 0;
  private wokeAtMs = Number.NEGATIVE_INFINITY;
  private put = 0;
  private halt: { readonly ended: 'limited' | 'failed'; readonly reason: string } | undefined;

  constructor(options: DriveOptions, world: DriveWorld) {
    this.options = options;
    this.world = world;
    const { document, seed } = options;
    for (const workload of document.workloads) {
      const { node } = workload;
      const lanes = this.lanes.get(node) ?? this.lanesOf(node);
      if (lanes.length === 0) continue;
      this.lanes.set(node, lanes);
      this.loads.push({ records: new LoadRecords(document, workload, seed), node });
    }
    if (this.loads.length === 0) throw nothingToDrive(document);
  }

  async run(): Promise<DriveReport> {
    const { fromSecond = 0, seconds, signal } = this.options;
    this.startMs = this.world.nowMs();
    const startedAt = new Date(this.startMs).toISOString();
    let ended: DriveReport['ended'] = 'complete';
    for (let second = fromSecond; second < fromSecond + seconds; second += 1) {
      await this.sendSecond(second);
      if (this.halt !== undefined) ended = this.halt.ended;
      else if (signal?.aborted === true) ended = 'stopped';
      else if (this.isCapped()) ended = 'capped';
      if (ended !== 'complete') break;
    }
    for (const lane of this.allLanes()) await this.flush(lane);
    await Promise.all(this.allLanes().flatMap(({ underWay }) => [...underWay]));
    const times = {
      wallSeconds: (this.world.nowMs() - this.startMs) / MS_PER_SECOND,
      sleptSeconds: this.sleptMs / MS_PER_SECOND,
    };
    const targets = this.allLanes().map(reportOf);
    // The last calls may have failed for good as well. What was sent is told, however it ended.
    if (this.halt === undefined) return { startedAt, ended, ...times, targets };
    return { startedAt, ...this.halt, ...times, targets };
  }

  close(): void {
    for (const { client } of this.allLanes()) client.close();
  }

  private allLanes(): Lane[] {
    return [...this.lanes.values()].flat();
  }

  private isOver(): boolean {
    return this.halt !== undefined || this.options.signal?.aborted === true;
  }

  private isCapped(): boolean {
    return this.put >= (this.options.totalCap ?? Number.POSITIVE_INFINITY);
  }

  private lanesOf(id: string): Lane[] {
    const { document, accessPoints, outputs, settings } = this.options;
    const node = nodesById(document).get(id);
    const ports = components.get(node?.type ?? '')?.declaration.ports ?? [];
    return document.edges.flatMap((edge) => {
      const departure = edge.source === id && node !== undefined ? departureOf(ports, node, edge.output) : undefined;
      const point = accessPoints.find((one) => one.node === edge.target && one.port === edge.port);
      if (departure?.kind !== 'output' || departure.port.kind !== 'data' || point === undefined) return [];
      const address = outputs[point.outputKey];
      const client = this.world.client(point.protocol as ProtocolId, settings);
      if (address === undefined || client === undefined) return [];
      const protocol = point.protocol as ProtocolId;
      return [laneTo({ node: edge.target, protocol, address, emit: departure.output.emit, client })];
    });
  }

  /** Sends the records of one simulated second, of all loads in the order of their times; each call when its last record is due. */
  private async sendSecond(second: number): Promise<void> {
    for (const { record, node } of this.recordsOf(second)) {
      if (this.isCapped() || this.isOver()) return;
      await this.until(() => this.dueMs(record.atUs));
      this.put += 1;
      const due = { ...record, eventTimeMs: this.eventTimeMs(record) };
      for (const lane of this.lanes.get(node) ?? []) await this.add(lane, due);
    }
    const { speed = 1, seconds, fromSecond = 0 } = this.options;
    const behindMs = Math.max(0, this.world.nowMs() - this.dueMs((second + 1) * MS_PER_SECOND * US_PER_MS));
    const tallies = [...this.lanes.values()].map((lanes) => lanes.map(({ tally }) => tally));
    const progress: DriveProgress = {
      second: second + 1 - fromSecond,
      seconds,
      // A record goes to every output of its node.
      sent: tallies.reduce((sum, own) => sum + Math.max(...own.map(({ sent }) => sent)), 0),
      failed: tallies.flat().reduce((sum, { failed }) => sum + failed, 0),
      wallSeconds: (this.world.nowMs() - this.startMs) / MS_PER_SECOND,
      behindMs: behindMs * speed,
    };
    this.options.onProgress?.(progress);
    const reason = this.options.limit?.(progress);
    if (reason !== undefined) this.halt ??= { ended: 'limited', reason };
  }

  /** Records of all loads, by time; of the same instant in the order of the loads. */
  private recordsOf(second: number): { readonly record: LoadRecord; readonly node: string }[] {
    const all = this.loads.flatMap(({ records, node }) => records.second(second).map((record) => ({ record, node })));
    return this.loads.length === 1 ? all : all.sort((a, b) => a.record.atUs - b.record.atUs);
  }

  /** When a moment of the simulation comes on the clock, or when the cap lets the next record go, if that is later. */
  private dueMs(atUs: number): number {
    const { speed = 1, fromSecond = 0, recordsPerSecondCap } = this.options;
    const byLoad = (atUs / US_PER_MS - fromSecond * MS_PER_SECOND) / speed;
    const byCap = recordsPerSecondCap === undefined ? 0 : (this.put / recordsPerSecondCap) * MS_PER_SECOND;
    return this.startMs + this.sleptMs + Math.max(byLoad, byCap);
  }

  /** Waits for a moment that moves on while the machine sleeps. */
  private async until(dueMs: () => number): Promise<void> {
    // Timers are a millisecond coarse at best: what is due within it goes now.
    while (dueMs() - this.world.nowMs() >= 2) {
      await this.flushLate(dueMs());
      const leftMs = dueMs() - this.world.nowMs();
      if (leftMs <= 0 || this.isOver()) return;
      await this.nap(Math.min(NAP_MS, leftMs));
    }
  }

  private async nap(ms: number): Promise<void> {
    const beforeMs = this.world.nowMs();
    await this.world.wait(ms);
    const lostMs = this.world.nowMs() - beforeMs - ms;
    if (lostMs >= SLEPT_MS) this.slept(lostMs);
  }

  /** Takes note once, whoever notices first: the load goes on from where it was, instead of all that was missed at once. */
  private slept(lostMs: number): void {
    const nowMs = this.world.nowMs();
    if (nowMs - this.wokeAtMs < NAP_MS) return;
    this.wokeAtMs = nowMs;
    this.sleptMs += lostMs;
    this.options.onSlept?.(lostMs / MS_PER_SECOND);
  }

  /** Calls whose longest wait ends before the next record comes. */
  private async flushLate(nextMs: number): Promise<void> {
    for (const lane of this.allLanes()) {
      if (lane.waiting.length > 0 && nextMs - lane.waitingSinceMs > lane.emit.lingerMs) await this.flush(lane);
    }
  }

  private async add(lane: Lane, record: DueRecord): Promise<void> {
    if (lane.waiting.length === 0) lane.waitingSinceMs = this.world.nowMs();
    const { emit, client } = lane;
    if (lane.waiting.length > 0 && lane.waitingBytes + bytesOf(record) > client.maxBytes) await this.flush(lane);
    lane.waiting.push(record);
    lane.waitingBytes += bytesOf(record);
    if (lane.waiting.length >= Math.min(emit.batchSize, client.maxEntries) * emit.recordsPerMessage)
      await this.flush(lane);
  }

  private async flush(lane: Lane): Promise<void> {
    if (lane.waiting.length === 0) return;
    const records = lane.waiting;
    lane.waiting = [];
    lane.waitingBytes = 0;
    const { underWay } = lane;
    while (underWay.size >= CALLS_AT_ONCE) await Promise.race(underWay);
    const work = this.send(lane, records).finally(() => underWay.delete(work));
    underWay.add(work);
  }

  /**
   * One call: repeats what was refused, and nothing else, until attempts run out. A call without an answer is repeated until the
   * network is back, or patience ends.
   */
  private async send(lane: Lane, records: readonly DueRecord[]): Promise<void> {
    const { emit, tally } = lane;
    const { world } = this;
    // Patience does not run while the machine sleeps.
    const awakeMs = (): number => world.nowMs() - this.sleptMs;
    const beganMs = awakeMs();
    let left = messagesOf(records, emit.recordsPerMessage);
    let attempts = 0;
    let isSkewed = false;
    for (let turn = 1; left.length > 0; turn += 1) {
      const { refused, failure } = await this.call(lane, left);
      const again = new Set(refused.map(({ index }) => index));
      for (const message of left.filter((_, index) => !again.has(index))) this.taken(message, tally);
      left = left.filter((_, index) => again.has(index));
      if (left.length === 0) return;
      if (failure?.kind !== 'unanswered') attempts += 1;
      if (failure?.kind === 'final' || (failure?.kind === 'skewed' && isSkewed))
        this.halt ??= { ended: 'failed', reason: failure.message };
      else if (failure?.kind === 'unanswered' && awakeMs() - beganMs > PATIENCE_MS) {
        this.halt ??= { ended: 'failed', reason: failure.message };
      }
      isSkewed ||= failure?.kind === 'skewed';
      if (this.halt !== undefined || attempts >= emit.maxAttempts) break;
      for (const { code } of refused) tally.retriedBy[code] = (tally.retriedBy[code] ?? 0) + 1;
      await this.nap(world.random() * Math.min(emit.retryMaxMs, emit.retryBaseMs * 2 ** Math.min(turn - 1, 30)));
      // Stopped while nothing answers: what is left was not taken.
      if (failure?.kind === 'unanswered' && this.isOver()) break;
    }
    tally.failed += left.reduce((sum, { records: lost }) => sum + lost.length, 0);
  }

  private async call(
    { client, address, protocol, tally }: Lane,
    messages: readonly Message[],
  ): Promise<{ readonly refused: readonly { index: number; code: string }[]; readonly failure?: CallFailure }> {
    const { world, options } = this;
    const beganMs = world.nowMs();
    try {
      const refused = await client.send(
        address,
        messages.map(({ entry }) => entry),
      );
      return { refused };
    } catch (error) {
      const { name, message } = error as Error;
      const failure = options.explain?.(error, protocol) ?? { code: name, message, kind: 'unanswered' };
      if (failure.kind === 'unanswered' || failure.kind === 'uncertain') this.doubt(messages, tally);
      return { refused: messages.map((_, index) => ({ index, code: failure.code })), failure };
    } finally {
      const tookMs = world.nowMs() - beganMs;
      if (tookMs > LONGEST_CALL_MS) this.slept(tookMs);
      else tally.latency.add(tookMs);
      tally.calls += 1;
    }
  }

  private doubt(messages: readonly Message[], tally: Tally): void {
    tally.uncertainCalls += 1;
    for (const record of messages.flatMap(({ records }) => records)) {
      tally.doubtful.add(record.id);
      this.options.onUncertain?.(record);
    }
  }

  private taken({ records }: Message, tally: Tally): void {
    tally.messages += 1;
    tally.sent += records.length;
    for (const record of records) this.options.onSent?.(record, record.eventTimeMs);
  }

  /** Event time on the clock, Unix milliseconds. */
  private eventTimeMs({ atUs }: LoadRecord): number {
    const { speed = 1, fromSecond = 0 } = this.options;
    return this.startMs + this.sleptMs + (atUs / US_PER_MS - fromSecond * MS_PER_SECOND) / speed;
  }
}

function nothingToDrive(document: CaudalDocument): InputError {
  return new InputError(
    document.workloads.map(({ id, node }) => ({
      code: 'drive/no-target',
      path: `workloads.${id}`,
      message: `the load of ${node} reaches nothing that is deployed`,
      allowed: 'a node with a load that is linked to a deployed stream, queue, topic, delivery stream or bucket',
    })),
  );
}
