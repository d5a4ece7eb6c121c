/**
 * Sends a document's workload to a deployed stack: record for record the arrivals of the simulation, in the calls that the outputs
 * of the document describe. Every record carries its identity and its event time, so that sinks can be checked.
 */
import { departureOf, nodesById } from '#analysis/catalog.ts';
import type { ClientSettings, Entry, TargetClient } from '#catalog/clients.ts';
import { clients } from '#catalog/clients.ts';
import { components } from '#catalog/specs.ts';
import { LogHistogram } from '#engine/stats/histogram.ts';
import type { AccessPoint } from '#schema/deployment.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { Emit } from '#schema/emit.ts';
import { InputError } from '#schema/errors.ts';
import type { ProtocolId } from '#schema/protocols.ts';
import { type LoadRecord, LoadRecords } from './load-records.ts';

/** Calls under way at once: enough for 50,000 records/s of full calls at 100 ms each. */
const CALLS_AT_ONCE = 16;
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
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DriveProgress) => void;
  /** Told of each record that was taken, for checking the sinks. */
  readonly onSent?: (record: LoadRecord, eventTimeMs: number) => void;
  readonly world?: DriveWorld;
}

/** The clock, and the clients, that driving goes by: real unless a test gives its own. */
export interface DriveWorld {
  nowMs(): number;
  wait(ms: number): Promise<void>;
  random(): number;
  client(protocol: ProtocolId, settings: ClientSettings): TargetClient | undefined;
}

export interface DriveProgress {
  readonly second: number;
  readonly seconds: number;
  readonly sent: number;
  readonly failed: number;
  /** How far the load is behind its own schedule, milliseconds of the clock. */
  readonly behindMs: number;
}

export interface DriveReport {
  readonly startedAt: string;
  readonly ended: 'complete' | 'stopped' | 'capped';
  /** Seconds of the clock. */
  readonly wallSeconds: number;
  readonly targets: readonly TargetReport[];
}

export interface TargetReport {
  readonly node: string;
  readonly protocol: ProtocolId;
  /** Records that the target took. */
  readonly sent: number;
  readonly messages: number;
  readonly calls: number;
  /** Messages sent again because the target refused them, by the service's error code. */
  readonly retriedBy: Readonly<Record<string, number>>;
  /** Records given up after the last attempt. */
  readonly failed: number;
  /** Calls whose answer was lost: their messages were sent again and may be there twice. */
  readonly uncertainCalls: number;
  readonly callLatencyMs: { readonly mean: number; readonly p50: number; readonly p99: number; readonly max: number };
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
}

const realWorld: DriveWorld = {
  nowMs: () => Date.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
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
      if (signal?.aborted === true) ended = 'stopped';
      else if (this.isCapped()) ended = 'capped';
      if (ended !== 'complete') break;
    }
    for (const { lanes } of this.loads) for (const lane of lanes) await this.flush(lane);
    await Promise.all(this.underWay);
    const wallSeconds = (this.world.nowMs() - this.startMs) / MS_PER_SECOND;
    const targets = this.loads.flatMap(({ lanes }) => lanes.map(reportOf));
    return { startedAt, ended, wallSeconds, targets };
  }

  close(): void {
    for (const { lanes } of this.loads) for (const { client } of lanes) client.close();
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
          waitingSinceMs: 0,
        },
      ];
    });
  }

  /** Sends the records of one simulated second, each call when its last record is due. */
  private async sendSecond(load: Driver['loads'][number], second: number): Promise<void> {
    for (const record of load.records.second(second)) {
      if (this.isCapped() || this.options.signal?.aborted === true) return;
      await this.until(this.dueMs(record.atUs));
      this.put += 1;
      for (const lane of load.lanes) await this.add(lane, record);
    }
    const { speed = 1, seconds } = this.options;
    const behindMs = Math.max(0, this.world.nowMs() - this.dueMs((second + 1) * MS_PER_SECOND * US_PER_MS));
    const totals = load.lanes.map(({ tally }) => tally);
    this.options.onProgress?.({
      second: second + 1,
      seconds,
      sent: Math.max(...totals.map(({ sent }) => sent)),
      failed: totals.reduce((sum, { failed }) => sum + failed, 0),
      behindMs: behindMs * speed,
    });
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
    lane.waiting.push(record);
    const { emit, client } = lane;
    if (lane.waiting.length >= Math.min(emit.batchSize, client.maxEntries) * emit.recordsPerMessage)
      await this.flush(lane);
  }

  private async flush(lane: Lane): Promise<void> {
    if (lane.waiting.length === 0) return;
    const records = lane.waiting;
    lane.waiting = [];
    while (this.underWay.size >= CALLS_AT_ONCE) await Promise.race(this.underWay);
    const work = this.send(lane, records).finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  /** One call: retries what was refused, and nothing else, until attempts run out. */
  private async send(lane: Lane, records: readonly LoadRecord[]): Promise<void> {
    const { emit, client, tally, address } = lane;
    const { world } = this;
    let left = this.messagesOf(records, emit.recordsPerMessage);
    for (let attempt = 1; left.length > 0; attempt += 1) {
      const beganMs = world.nowMs();
      let refused: readonly { index: number; code: string }[];
      try {
        refused = await client.send(
          address,
          left.map(({ entry }) => entry),
        );
      } catch (error) {
        tally.uncertainCalls += 1;
        refused = left.map((_, index) => ({ index, code: (error as Error).name }));
      }
      tally.calls += 1;
      tally.latency.add(world.nowMs() - beganMs);
      const again = new Set(refused.map(({ index }) => index));
      for (const message of left.filter((_, index) => !again.has(index))) this.taken(message, tally);
      left = left.filter((_, index) => again.has(index));
      if (left.length === 0) return;
      if (attempt >= emit.maxAttempts) break;
      for (const { code } of refused) tally.retriedBy[code] = (tally.retriedBy[code] ?? 0) + 1;
      await world.wait(world.random() * Math.min(emit.retryMaxMs, emit.retryBaseMs * 2 ** (attempt - 1)));
    }
    tally.failed += left.reduce((sum, { records: lost }) => sum + lost.length, 0);
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
      const body = part.map((record) => lineOf(record, this.eventTimeMs(record))).join('\n');
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

/** A record as it travels: padded to the bytes that the workload drew; the envelope is the least it can have. */
export function lineOf({ id, key, bytes }: LoadRecord, eventTimeMs: number): string {
  const bare = JSON.stringify({ id, t: Math.round(eventTimeMs), k: key, p: '' });
  return bytes <= bare.length ? bare : `${bare.slice(0, -2)}${'x'.repeat(bytes - bare.length)}"}`;
}

function reportOf({ node, protocol, tally }: Lane): TargetReport {
  const { sent, messages, calls, failed, uncertainCalls, retriedBy, latency } = tally;
  const isEmpty = latency.count === 0;
  const callLatencyMs = {
    mean: isEmpty ? 0 : latency.mean,
    p50: isEmpty ? 0 : latency.quantile(0.5),
    p99: isEmpty ? 0 : latency.quantile(0.99),
    max: isEmpty ? 0 : latency.max,
  };
  return { node, protocol, sent, messages, calls, retriedBy, failed, uncertainCalls, callLatencyMs };
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
