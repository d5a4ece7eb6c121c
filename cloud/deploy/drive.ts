/**
 * Sends a document's workload to a deployed stack: record for record the arrivals of the simulation, in the calls that the outputs
 * of the document describe. Every record carries its identity and its event time, so that sinks can be checked.
 */
import { departureOf, nodesById } from '#analysis/catalog.ts';
import type { ClientSettings, Entry, TargetClient } from '#catalog/clients.ts';
import { clients, wireLine } from '#catalog/clients.ts';
import { components } from '#catalog/specs.ts';
import { LogHistogram } from '#engine/stats/histogram.ts';
import type { AccessPoint } from '#schema/deployment.ts';
import type { DriveProgress, DriveReport, TargetReport } from '#schema/deployment-drive.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { Emit } from '#schema/emit.ts';
import { InputError } from '#schema/errors.ts';
import type { ProtocolId } from '#schema/protocols.ts';
import { systemClock } from './clock.ts';
import { type LoadRecord, LoadRecords } from './load-records.ts';

/** Calls under way at once: enough for 50,000 records/s of full calls at 100 ms each. */
const CALLS_AT_ONCE = 16;
/** How long a call without an answer is repeated before driving ends, milliseconds. */
const PATIENCE_MS = 60_000;
/** Of a record as a line, without identity and key. */
const ENVELOPE_BYTES = 40;
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
   * `final`: it will not go better the next time.
   */
  readonly kind: 'refused' | 'unanswered' | 'uncertain' | 'final';
}

/** Where one output of a node with a load goes. */
interface Lane {
  readonly node: string;
  readonly protocol: ProtocolId;
  readonly address: string;
  readonly emit: Emit;
  readonly client: TargetClient;
  readonly tally: Tally;
  waiting: LoadRecord[];
  waitingBytes: number;
  waitingSinceMs: number;
}

class Tally {
  sent = 0;
  messages = 0;
  calls = 0;
  failed = 0;
  uncertainCalls = 0;
  readonly retriedBy: Record<string, number> = {};
  readonly latency = new LogHistogram();
  /** Identities that may be there more than once. */
  readonly doubtful = new Set<string>();
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
  private readonly loads: { readonly records: LoadRecords; readonly lanes: readonly Lane[] }[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private startMs = 0;
  private put = 0;
  private halt: { readonly ended: 'limited' | 'failed'; readonly reason: string } | undefined;

  constructor(options: DriveOptions, world: DriveWorld) {
    this.options = options;
    this.world = world;
    const { document, seed } = options;
    for (const workload of document.workloads) {
      const lanes = this.lanesOf(workload.node);
      if (lanes.length > 0) this.loads.push({ records: new LoadRecords(document, workload, seed), lanes });
    }
    if (this.loads.length === 0) throw nothingToDrive(document);
  }

  async run(): Promise<DriveReport> {
    const { fromSecond = 0, seconds, signal } = this.options;
    this.startMs = this.world.nowMs();
    const startedAt = new Date(this.startMs).toISOString();
    let ended: DriveReport['ended'] = 'complete';
    for (let second = fromSecond; second < fromSecond + seconds; second += 1) {
      for (const load of this.loads) await this.sendSecond(load, second);
      if (this.halt !== undefined) ended = this.halt.ended;
      else if (signal?.aborted === true) ended = 'stopped';
      else if (this.isCapped()) ended = 'capped';
      if (ended !== 'complete') break;
    }
    for (const { lanes } of this.loads) for (const lane of lanes) await this.flush(lane);
    await Promise.all(this.underWay);
    const wallSeconds = (this.world.nowMs() - this.startMs) / MS_PER_SECOND;
    const targets = this.loads.flatMap(({ lanes }) => lanes.map(reportOf));
    // The last calls may have failed for good as well. What was sent is told, however it ended.
    if (this.halt === undefined) return { startedAt, ended, wallSeconds, targets };
    return { startedAt, ...this.halt, wallSeconds, targets };
  }

  close(): void {
    for (const { lanes } of this.loads) for (const { client } of lanes) client.close();
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
      return [
        {
          node: edge.target,
          protocol: point.protocol as ProtocolId,
          address,
          emit: departure.output.emit,
          client,
          tally: new Tally(),
          waiting: [],
          waitingBytes: 0,
          waitingSinceMs: 0,
        },
      ];
    });
  }

  /** Sends the records of one simulated second, each call when its last record is due. */
  private async sendSecond(load: Driver['loads'][number], second: number): Promise<void> {
    for (const record of load.records.second(second)) {
      if (this.isCapped() || this.isOver()) return;
      await this.until(this.dueMs(record.atUs));
      this.put += 1;
      for (const lane of load.lanes) await this.add(lane, record);
    }
    const { speed = 1, seconds, fromSecond = 0 } = this.options;
    const behindMs = Math.max(0, this.world.nowMs() - this.dueMs((second + 1) * MS_PER_SECOND * US_PER_MS));
    const totals = load.lanes.map(({ tally }) => tally);
    const progress: DriveProgress = {
      second: second + 1 - fromSecond,
      seconds,
      sent: Math.max(...totals.map(({ sent }) => sent)),
      failed: totals.reduce((sum, { failed }) => sum + failed, 0),
      wallSeconds: (this.world.nowMs() - this.startMs) / MS_PER_SECOND,
      behindMs: behindMs * speed,
    };
    this.options.onProgress?.(progress);
    const reason = this.options.limit?.(progress);
    if (reason !== undefined) this.halt ??= { ended: 'limited', reason };
  }

  /** When a moment of the simulation comes on the clock, or when the cap lets the next record go, if that is later. */
  private dueMs(atUs: number): number {
    const { speed = 1, fromSecond = 0, recordsPerSecondCap } = this.options;
    const byLoad = (atUs / US_PER_MS - fromSecond * MS_PER_SECOND) / speed;
    const byCap = recordsPerSecondCap === undefined ? 0 : (this.put / recordsPerSecondCap) * MS_PER_SECOND;
    return this.startMs + Math.max(byLoad, byCap);
  }

  private async until(dueMs: number): Promise<void> {
    const leftMs = dueMs - this.world.nowMs();
    // Timers are a millisecond coarse at best: what is due within it goes now.
    if (leftMs >= 2) {
      await this.flushLate(dueMs);
      await this.world.wait(dueMs - this.world.nowMs());
    }
  }

  /** Calls whose longest wait ends before the next record comes. */
  private async flushLate(nextMs: number): Promise<void> {
    for (const { lanes } of this.loads) {
      for (const lane of lanes) {
        if (lane.waiting.length > 0 && nextMs - lane.waitingSinceMs > lane.emit.lingerMs) await this.flush(lane);
      }
    }
  }

  private async add(lane: Lane, record: LoadRecord): Promise<void> {
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
    while (this.underWay.size >= CALLS_AT_ONCE) await Promise.race(this.underWay);
    const work = this.send(lane, records).finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  /**
   * One call: repeats what was refused, and nothing else, until attempts run out. A call without an answer is repeated until the
   * network is back, or patience ends.
   */
  private async send(lane: Lane, records: readonly LoadRecord[]): Promise<void> {
    const { emit, tally } = lane;
    const { world } = this;
    const beganMs = world.nowMs();
    let left = this.messagesOf(records, emit.recordsPerMessage);
    let attempts = 0;
    for (let turn = 1; left.length > 0; turn += 1) {
      const { refused, failure } = await this.call(lane, left);
      const again = new Set(refused.map(({ index }) => index));
      for (const message of left.filter((_, index) => !again.has(index))) this.taken(message, tally);
      left = left.filter((_, index) => again.has(index));
      if (left.length === 0) return;
      if (failure?.kind !== 'unanswered') attempts += 1;
      if (failure?.kind === 'final') this.halt ??= { ended: 'failed', reason: failure.message };
      else if (failure?.kind === 'unanswered' && world.nowMs() - beganMs > PATIENCE_MS) {
        this.halt ??= { ended: 'failed', reason: failure.message };
      }
      if (this.halt !== undefined || attempts >= emit.maxAttempts) break;
      for (const { code } of refused) tally.retriedBy[code] = (tally.retriedBy[code] ?? 0) + 1;
      await world.wait(world.random() * Math.min(emit.retryMaxMs, emit.retryBaseMs * 2 ** Math.min(turn - 1, 30)));
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
      tally.calls += 1;
      tally.latency.add(world.nowMs() - beganMs);
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
    for (const record of records) this.options.onSent?.(record, this.eventTimeMs(record));
  }

  private messagesOf(records: readonly LoadRecord[], each: number): Message[] {
    const messages: Message[] = [];
    for (let i = 0; i < records.length; i += each) {
      const part = records.slice(i, i + each);
      const body = part
        .map((record) => wireLine({ id: record.id, t: this.eventTimeMs(record), k: record.key }, record.bytes))
        .join('\n');
      messages.push({ records: part, entry: { body, key: part[0]?.key ?? '' } });
    }
    return messages;
  }

  /** Event time on the clock, Unix milliseconds. */
  private eventTimeMs({ atUs }: LoadRecord): number {
    const { speed = 1, fromSecond = 0 } = this.options;
    return this.startMs + (atUs / US_PER_MS - fromSecond * MS_PER_SECOND) / speed;
  }
}

interface Message {
  readonly records: readonly LoadRecord[];
  readonly entry: Entry;
}

/** Bytes of a record in a call, its key and the envelope of the line included. */
function bytesOf({ bytes, key, id }: LoadRecord): number {
  return Math.max(bytes, ENVELOPE_BYTES + id.length + key.length) + key.length + 1;
}

function reportOf({ node, protocol, tally }: Lane): TargetReport {
  const { sent, messages, calls, failed, uncertainCalls, doubtful, retriedBy, latency } = tally;
  const isEmpty = latency.count === 0;
  const callLatencyMs = {
    mean: isEmpty ? 0 : latency.mean,
    p50: isEmpty ? 0 : latency.quantile(0.5),
    p99: isEmpty ? 0 : latency.quantile(0.99),
    max: isEmpty ? 0 : latency.max,
  };
  const uncertainRecords = doubtful.size;
  return { node, protocol, sent, messages, calls, retriedBy, failed, uncertainCalls, uncertainRecords, callLatencyMs };
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
