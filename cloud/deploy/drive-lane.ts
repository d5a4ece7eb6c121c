/** Where one output of a node with a load goes: what waits there, what is under way, and what came of it. */
import type { Entry, TargetClient } from '#catalog/clients.ts';
import { wireLine } from '#catalog/clients.ts';
import { LogHistogram } from '#engine/stats/histogram.ts';
import type { TargetReport } from '#schema/deployment-drive.ts';
import type { Emit } from '#schema/emit.ts';
import type { ProtocolId } from '#schema/protocols.ts';
import type { LoadRecord } from './load-records.ts';

/** Of a record as a line, without identity and key. */
const ENVELOPE_BYTES = 40;

/** A record that is due. */
export interface DueRecord extends LoadRecord {
  /** When it was created on the clock, Unix milliseconds: what it carries as its event time. */
  readonly eventTimeMs: number;
}

export interface Lane {
  readonly node: string;
  readonly protocol: ProtocolId;
  readonly address: string;
  readonly emit: Emit;
  readonly client: TargetClient;
  readonly tally: Tally;
  readonly underWay: Set<Promise<void>>;
  waiting: DueRecord[];
  waitingBytes: number;
  waitingSinceMs: number;
}

export class Tally {
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

/** An empty lane to a target. */
export function laneTo(target: Pick<Lane, 'node' | 'protocol' | 'address' | 'emit' | 'client'>): Lane {
  return {
    ...target,
    tally: new Tally(),
    underWay: new Set(),
    waiting: [],
    waitingBytes: 0,
    waitingSinceMs: 0,
  };
}

export interface Message {
  readonly records: readonly DueRecord[];
  readonly entry: Entry;
}

/** Packs records, so many in each message. */
export function messagesOf(records: readonly DueRecord[], each: number): Message[] {
  const messages: Message[] = [];
  for (let i = 0; i < records.length; i += each) {
    const part = records.slice(i, i + each);
    const body = part
      .map(({ id, eventTimeMs, key, bytes }) => wireLine({ id, t: eventTimeMs, k: key }, bytes))
      .join('\n');
    messages.push({ records: part, entry: { body, key: part[0]?.key ?? '' } });
  }
  return messages;
}

/** Bytes of a record in a call, its key and the envelope of the line included. */
export function bytesOf({ bytes, key, id }: LoadRecord): number {
  return Math.max(bytes, ENVELOPE_BYTES + id.length + key.length) + key.length + 1;
}

export function reportOf({ node, protocol, tally }: Lane): TargetReport {
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
