/**
 * The code that deployed compute runs: takes a batch, spends the configured time, fails as often as configured, and sends on
 * what its outputs say, so that a record put in at the entry comes out at every sink. A record is a line of JSON
 * `{ id, t, k, p }`: identity, event time in Unix milliseconds, key, padding. Draws go by the record's identity, so that a
 * retry decides as the first attempt did.
 */
import type { AskedClient, Entry, TargetClient } from './client.ts';

/** A record as it travels through a deployed pipeline. */
export interface WireRecord {
  readonly id: string;
  readonly t: number;
  readonly k: string;
  readonly p: string;
}

interface Emit {
  readonly per: 'record' | 'batch';
  readonly selectivity: number;
  readonly weight?: number;
  readonly sizeFactor: number;
  readonly recordsPerMessage: number;
  readonly batchSize: number;
  readonly key: 'keep' | 'new';
  readonly maxAttempts: number;
  readonly order: 'sequential' | 'parallel' | 'pipelined';
  readonly isCall?: boolean;
}

interface Target {
  readonly protocol: string;
  readonly address: string;
  readonly timeToLiveSeconds?: number;
}

/** See HandlerPlan in schema/deployment.ts. */
export interface Plan {
  readonly node: string;
  readonly work: {
    readonly law: string;
    readonly coefficientOfVariation: number;
    readonly perInvocationMs: number;
    readonly perRecordMs: number;
    readonly errorRatio: number;
  };
  readonly outputs: readonly { readonly emit: Emit; readonly targets: readonly Target[] }[];
}

/** What the handler needs of the world: real in AWS, given in tests. */
export interface Surroundings {
  target(protocol: string): TargetClient;
  asked(protocol: string): AskedClient;
  wait(ms: number): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
}

export interface FirehoseRecord {
  readonly recordId: string;
  readonly data: string;
}

export interface Batch {
  readonly Records?: readonly Readonly<Record<string, unknown>>[];
  readonly records?: readonly FirehoseRecord[];
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 20_000;
const FNV_START = 2_166_136_261;
const FNV_PRIME = 16_777_619;
const UINT32 = 4_294_967_296;

/** Text as a number in [0, 1), the same everywhere (FNV-1a, mixed). */
export function fraction(text: string): number {
  let hash = FNV_START;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return ((hash ^ (hash >>> 16)) >>> 0) / UINT32;
}

/** Records of a message: one on each line. A line that is none of ours becomes a record of its own, named by its text. */
export function parseRecords(body: string): WireRecord[] {
  const records: WireRecord[] = [];
  for (const line of body.split('\n')) {
    if (line === '') continue;
    records.push(recordOf(line));
  }
  return records;
}

function recordOf(line: string): WireRecord {
  try {
    const { id, t, k, p } = JSON.parse(line) as Partial<WireRecord>;
    if (typeof id === 'string' && typeof t === 'number') return { id, t, k: k ?? id, p: p ?? '' };
  } catch {
    // Not JSON: a line that somebody else put in.
  }
  const id = fraction(line).toString(36).slice(2);
  return { id, t: 0, k: id, p: line };
}

/** Bodies of a batch, from whichever service it comes: Kinesis, SQS (also of a topic), SNS, Firehose, a direct event. */
export function bodiesOf(event: Batch): string[] {
  if (event.records !== undefined) return event.records.map(({ data }) => decode(data));
  if (event.Records === undefined) return [JSON.stringify(event)];
  return event.Records.map((item) => {
    const stream = item['kinesis'] as { data: string } | undefined;
    if (stream !== undefined) return decode(stream.data);
    const topic = item['Sns'] as { Message: string } | undefined;
    if (topic !== undefined) return topic.Message;
    return plainBody(String(item['body'] ?? JSON.stringify(item)));
  });
}

/** A topic that does not deliver raw wraps its message. */
function plainBody(body: string): string {
  if (!body.startsWith('{"Type"') && !body.includes('"Type" : "Notification"')) return body;
  const { Type, Message } = JSON.parse(body) as { Type?: string; Message?: string };
  return Type === 'Notification' && Message !== undefined ? Message : body;
}

function decode(data: string): string {
  return Buffer.from(data, 'base64').toString();
}

/** A handler for the plan. Throws when the invocation is to fail; what sent it a batch tries again. */
export function createHandler(plan: Plan, world: Surroundings): (event: Batch) => Promise<unknown> {
  return async (event) => {
    let records = bodiesOf(event).flatMap(parseRecords);
    await spend(plan.work, records.length, world);
    if (world.random() < plan.work.errorRatio) throw new Error(`${plan.node}: a configured error`);
    for (const { emit, targets } of plan.outputs) {
      if (emit.isCall !== true) continue;
      for (const target of targets) records = await keepNew(records, target, world);
    }
    const chosen = chooser(plan);
    for (const [index, { emit, targets }] of plan.outputs.entries()) {
      if (emit.isCall === true) continue;
      const out = shape(
        records.filter((record) => chosen(record, index)),
        emit,
        `${plan.node}/${index}`,
      );
      for (const target of targets) await sendAll(out, emit, target, world);
    }
    return answer(event);
  };
}

/** Firehose wants every record back, the others nothing. */
function answer(event: Batch): unknown {
  if (event.records === undefined) return undefined;
  return { records: event.records.map(({ recordId, data }) => ({ recordId, result: 'Ok', data })) };
}

/** Waits as long as the drawn service time says. */
async function spend(work: Plan['work'], records: number, world: Surroundings): Promise<void> {
  const meanMs = work.perInvocationMs + work.perRecordMs * records;
  const ms = meanMs * factorOf(work, world);
  if (ms >= 1) await world.wait(ms);
}

/** A draw of mean 1 with the law's coefficient of variation. */
function factorOf({ law, coefficientOfVariation: cv }: Plan['work'], world: Surroundings): number {
  const exponential = (): number => -Math.log(1 - world.random());
  if (law === 'deterministic') return 1;
  if (law === 'exponential') return exponential();
  if (law === 'hyperexponential') {
    // Two phases with balanced means.
    const share = (1 + Math.sqrt((cv * cv - 1) / (cv * cv + 1))) / 2;
    return world.random() < share ? exponential() / (2 * share) : exponential() / (2 * (1 - share));
  }
  // Lognormal; also stands for gamma, whose mean and variation are the same.
  const variance = Math.log(1 + cv * cv);
  const normal = Math.sqrt(-2 * Math.log(1 - world.random())) * Math.cos(2 * Math.PI * world.random());
  return Math.exp(normal * Math.sqrt(variance) - variance / 2);
}

/** Leaves out what the cache has seen before. */
async function keepNew(records: WireRecord[], target: Target, world: Surroundings): Promise<WireRecord[]> {
  if (records.length === 0) return records;
  const ids = records.map(({ id }) => id);
  const isNew = await world.asked(target.protocol).claim(target.address, ids, target.timeToLiveSeconds ?? 3600);
  return records.filter((_, i) => isNew[i] === true);
}

/** Outputs with a weight are alternatives: each record takes one of them. */
function chooser({ node, outputs }: Plan): (record: WireRecord, index: number) => boolean {
  const total = outputs.reduce((sum, { emit }) => sum + (emit.weight ?? 0), 0);
  return ({ id }, index) => {
    if (outputs[index]?.emit.weight === undefined) return true;
    let left = fraction(`${node}/route/${id}`) * total;
    for (const [k, { emit }] of outputs.entries()) {
      left -= emit.weight ?? 0;
      if (emit.weight !== undefined && left < 0) return k === index;
    }
    return false;
  };
}

/** Selectivity, size and key of an output. What comes of one record keeps its identity where it is the only one. */
export function shape(records: readonly WireRecord[], emit: Emit, salt: string): WireRecord[] {
  const derived = emit.per === 'batch' ? summary(records) : records;
  return derived.flatMap((record) => {
    const whole = Math.floor(emit.selectivity);
    const copies = whole + (fraction(`${salt}/${record.id}`) < emit.selectivity - whole ? 1 : 0);
    return Array.from({ length: copies }, (_, i) => ({
      id: copies > 1 || emit.selectivity > 1 ? `${record.id}.${i}` : record.id,
      t: record.t,
      k: emit.key === 'keep' ? record.k : String(fraction(`${salt}/key/${record.id}/${i}`)),
      p: resize(record.p, emit.sizeFactor),
    }));
  });
}

/** One record for a whole batch, as old as its oldest. */
function summary(records: readonly WireRecord[]): WireRecord[] {
  const [first] = records;
  if (first === undefined) return [];
  const bytes = records.reduce((sum, { p }) => sum + p.length, 0);
  return [
    {
      id: `${first.id}+${records.length}`,
      t: Math.min(...records.map(({ t }) => t)),
      k: first.k,
      p: 'x'.repeat(bytes),
    },
  ];
}

function resize(padding: string, factor: number): string {
  const length = Math.round(padding.length * factor);
  return length <= padding.length ? padding.slice(0, length) : padding.padEnd(length, 'x');
}

/** Units of an output: records packed into messages. */
export function packed(records: readonly WireRecord[], recordsPerMessage: number): Entry[] {
  const entries: Entry[] = [];
  for (let i = 0; i < records.length; i += recordsPerMessage) {
    const part = records.slice(i, i + recordsPerMessage);
    entries.push({ body: part.map((record) => JSON.stringify(record)).join('\n'), key: part[0]?.k ?? '0' });
  }
  return entries;
}

async function sendAll(records: readonly WireRecord[], emit: Emit, target: Target, world: Surroundings): Promise<void> {
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
  target: Target,
  client: TargetClient,
  world: Surroundings,
): Promise<void> {
  let left = [...call];
  for (let attempt = 1; ; attempt += 1) {
    const refused = await client.send(target.address, left);
    if (refused.length === 0) return;
    if (attempt >= emit.maxAttempts) {
      throw new Error(`${refused.length} of ${left.length} entries refused by ${target.protocol}: ${refused[0]?.code}`);
    }
    left = refused.flatMap(({ index }) => left[index] ?? []);
    await world.wait(world.random() * Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1)));
  }
}
