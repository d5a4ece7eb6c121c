/**
 * Looks whether what was sent has arrived: reads every place at the end of a deployed pipeline that can be read, and compares
 * identities and event times with those that were sent.
 */
import { connectionOfEdge, departureOf, nodesById } from '#analysis/catalog.ts';
import { type ClientSettings, parseRecords, type SinkReader, sinkReaders } from '#catalog/clients.ts';
import { components, connections } from '#catalog/specs.ts';
import { LogHistogram } from '#engine/stats/histogram.ts';
import type { ConfigSchema } from '#schema/component.ts';
import type { DeployedParts } from '#schema/deployment.ts';
import type { SinkReport } from '#schema/deployment-drive.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { fieldMeta } from '#schema/field.ts';
import type { ProtocolId } from '#schema/protocols.ts';
import { systemClock } from './clock.ts';

/** Looks at all sinks, and how long nothing new must come before the rest counts as missing no more. */
const PAUSE_MS = 1000;
const QUIET_MS = 4000;
/** AWS refuses clocks that differ by more: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html (read 2026-11-21) */
const MOST_SKEW_MS = 300_000;
/** An arrival this much before the event tells that the clocks differ, milliseconds: S3 gives seconds. */
const SEEN_SKEW_MS = 2000;

/** A place at the end of what is deployed. */
export interface Sink {
  readonly node: string;
  readonly protocol: ProtocolId;
  readonly address: string;
  /** Whether every record that was sent is to come here: by hand of the outputs on the way. */
  readonly takesAll: boolean;
  /** It stands in for a consumer that the document has and the deployment has not. */
  readonly removes: boolean;
}

export interface SinkCheck {
  readonly sinks: readonly Sink[];
  /** Event times by identity of what was sent, Unix milliseconds. */
  readonly sent: ReadonlyMap<string, number>;
  /** Identities that may be there twice, because a call got no answer. */
  readonly doubtful: ReadonlySet<string>;
  readonly startedMs: number;
  /** Longest time that is waited for what is missing, milliseconds. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly explain: (error: unknown, protocol: ProtocolId) => string;
  readonly settings: ClientSettings;
  readonly onLook?: (arrived: number) => void;
  readonly world?: SinkWorld;
}

/** Clock and readers: real unless a test gives its own. */
export interface SinkWorld {
  nowMs(): number;
  wait(ms: number): Promise<void>;
  reader(sink: Sink, settings: ClientSettings, sinceMs: number): SinkReader | undefined;
}

const realWorld: SinkWorld = {
  nowMs: () => systemClock.nowMs(),
  wait: (ms) => systemClock.sleep(ms),
  reader: ({ protocol, address, removes }, settings, sinceMs) =>
    sinkReaders.get(protocol)?.(settings, { address, sinceMs, removes }),
};

/** Every deployed place that can be read and that nothing deployed takes records from. */
export function sinksOf(
  document: CaudalDocument,
  { accessPoints, digests }: DeployedParts,
  outputs: Readonly<Record<string, string>>,
): Sink[] {
  const full = fullyReached(document, digests);
  const found = new Map<string, Sink>();
  for (const { node, protocol, outputKey } of accessPoints) {
    const leaving = document.edges.filter(({ source }) => source === node);
    const isDrained = leaving.some((edge) => edge.id in digests && !goesOnFailure(document, edge.source, edge.output));
    const address = outputs[outputKey];
    if (address === undefined || isDrained || found.has(node) || !sinkReaders.has(protocol as ProtocolId)) continue;
    const removes = leaving.some(({ source, output }) => !goesOnFailure(document, source, output));
    found.set(node, { node, protocol: protocol as ProtocolId, address, takesAll: full.has(node), removes });
  }
  return [...found.values()];
}

function departure(document: CaudalDocument, source: string, output: string) {
  const node = nodesById(document).get(source);
  const ports = components.get(node?.type ?? '')?.declaration.ports ?? [];
  return node && departureOf(ports, node, output);
}

/** The edge is taken by what has failed only. */
function goesOnFailure(document: CaudalDocument, source: string, output: string): boolean {
  return departure(document, source, output)?.port.onFailure === true;
}

/** Nodes that every record of every workload reaches: nothing on the way lets only some of them by. */
function fullyReached(document: CaudalDocument, digests: Readonly<Record<string, string>>): ReadonlySet<string> {
  const [first, ...others] = document.workloads.map(({ node }) => fullyReachedFrom(document, node, digests));
  return new Set([...(first ?? [])].filter((node) => others.every((reached) => reached.has(node))));
}

function fullyReachedFrom(
  document: CaudalDocument,
  start: string,
  digests: Readonly<Record<string, string>>,
): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const node of reached) {
    for (const edge of document.edges) {
      if (edge.source !== node || (node !== start && !(edge.id in digests))) continue;
      if (passesAll(document, edge)) reached.add(edge.target);
    }
  }
  return reached;
}

function passesAll(document: CaudalDocument, edge: CaudalDocument['edges'][number]): boolean {
  const found = departure(document, edge.source, edge.output);
  if (found === undefined || found.port.kind === 'call' || found.port.onFailure === true) return false;
  if (found.kind === 'output') {
    const { selectivity, per, weight } = found.output.emit;
    if (selectivity !== 1 || per !== 'record' || weight !== undefined) return false;
  }
  const nodes = nodesById(document);
  const source = nodes.get(edge.source);
  const schemas = [
    [connectionOfEdge({ components, connections }, nodes, edge)?.declaration.config, edge.config],
    [components.get(source?.type ?? '')?.declaration.config, source?.config ?? {}],
  ] as const;
  return schemas.every(([schema, config]) => !keepsSome(schema, config));
}

/** A setting lets only a share of the records go on. */
function keepsSome(schema: ConfigSchema | undefined, config: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(schema?.shape ?? {}).some(([name, field]) => {
    const share = fieldMeta(field as Parameters<typeof fieldMeta>[0])?.share;
    const value = config[name];
    if (share === undefined || typeof value !== 'number') return false;
    return share === 'goesOn' ? value < 1 : value > 0;
  });
}

/** Looks until all that is to come has come and nothing more follows, or the wait is over. */
export async function checkSinks(check: SinkCheck): Promise<SinkReport[]> {
  const { world = realWorld, waitMs, signal, sinks, onLook } = check;
  const looks = sinks.map((sink) => new Look(sink, check, world));
  const endMs = world.nowMs() + waitMs;
  let quietSinceMs = world.nowMs();
  let before = -1;
  try {
    for (;;) {
      await Promise.all(looks.map((look) => look.again()));
      const arrived = looks.reduce((sum, look) => sum + look.records, 0);
      onLook?.(arrived);
      if (arrived !== before) quietSinceMs = world.nowMs();
      before = arrived;
      const isQuiet = world.nowMs() - quietSinceMs >= QUIET_MS;
      if ((looks.every((look) => look.isComplete) && isQuiet) || world.nowMs() >= endMs || signal?.aborted) break;
      await world.wait(Math.min(PAUSE_MS, Math.max(1, endMs - world.nowMs())));
    }
  } finally {
    for (const look of looks) look.close();
  }
  return looks.map((look) => look.report());
}

class Look {
  records = 0;
  private units = 0;
  private foreign = 0;
  private clockAheadMs = 0;
  private unreachable: string | undefined;
  private readonly times = new Map<string, number>();
  private readonly latency = new LogHistogram();
  private readonly sink: Sink;
  private readonly check: SinkCheck;
  private readonly reader: SinkReader | undefined;

  constructor(sink: Sink, check: SinkCheck, world: SinkWorld) {
    this.sink = sink;
    this.check = check;
    this.reader = world.reader(sink, check.settings, check.startedMs - MOST_SKEW_MS);
  }

  /** Nothing more is waited for. What some of the records go to is complete whenever it is quiet, and so is what fails. */
  get isComplete(): boolean {
    return this.unreachable !== undefined || !this.sink.takesAll || this.times.size >= this.check.sent.size;
  }

  async again(): Promise<void> {
    try {
      await this.reader?.look(({ body, arrivedMs }) => this.take(body, arrivedMs));
      this.unreachable = undefined;
    } catch (error) {
      this.unreachable = this.check.explain(error, this.sink.protocol);
    }
  }

  private take(body: string, arrivedMs: number): void {
    this.units += 1;
    for (const { id, t } of parseRecords(body)) {
      const sentMs = this.check.sent.get(sourceOf(id, this.check.sent));
      // The same identity at another time is of an earlier drive of the same load.
      if (sentMs === undefined || Math.round(sentMs) !== t) {
        this.foreign += 1;
        continue;
      }
      this.records += 1;
      this.times.set(id, (this.times.get(id) ?? 0) + 1);
      this.latency.add(Math.max(0, arrivedMs - t));
      if (t - arrivedMs > SEEN_SKEW_MS) this.clockAheadMs = Math.max(this.clockAheadMs, t - arrivedMs);
    }
  }

  report(): SinkReport {
    const { sink, units, records, times, foreign, latency, clockAheadMs, unreachable } = this;
    const doubled = [...times].filter(([, count]) => count > 1).map(([id]) => id);
    const { sent, doubtful } = this.check;
    return {
      node: sink.node,
      address: sink.address,
      ...(unreachable === undefined ? {} : { unreachable }),
      units,
      records,
      distinct: times.size,
      doubled: doubled.length,
      doubledUnexplained: doubled.filter((id) => !doubtful.has(sourceOf(id, sent))).length,
      missing: sink.takesAll && unreachable === undefined ? sent.size - times.size : null,
      foreign,
      latencyMs:
        latency.count === 0
          ? null
          : {
              mean: latency.mean,
              p50: latency.quantile(0.5),
              p99: latency.quantile(0.99),
              max: latency.max,
            },
      clockAheadMs,
    };
  }

  close(): void {
    this.reader?.close();
  }
}

/** The record that another was made of: what becomes of one carries its identity, with its place behind a dot. */
function sourceOf(id: string, sent: ReadonlyMap<string, number>): string {
  let source = id;
  while (!sent.has(source) && source.includes('.')) source = source.slice(0, source.lastIndexOf('.'));
  return source;
}
