/** A delivery stream in a small world with a bucket that takes everything at once, or a domain, or a function. */
import { build } from '#catalog/components/data-firehose/behavior/behavior.ts';
import { type Config, config as schema } from '#catalog/components/data-firehose/config.ts';
import { build as buildStream } from '#catalog/components/kinesis-data-streams/behavior/behavior.ts';
import { config as streamSchema } from '#catalog/components/kinesis-data-streams/config.ts';
import { build as buildFunction } from '#catalog/components/lambda/behavior/behavior.ts';
import { type Config as FunctionConfig, config as functionSchema } from '#catalog/components/lambda/config.ts';
import type { BehaviorFactory } from '#engine/behavior.ts';
import { NONE } from '#engine/flow/parcels.ts';
import type { Push } from '#engine/flow/ports.ts';
import { type BuiltNode, pushOf, type Target, World, type WorldOptions } from '#test/harness/behavior.ts';

/** What a target was offered, one entry for each request that it took something of. */
export interface Taken {
  readonly at: number;
  readonly units: number;
  readonly records: number;
  readonly bytes: number;
}

export interface TargetControl {
  readonly taken: Taken[];
  /** Requests, also those that were refused. */
  offers: number;
  isShut: boolean;
  /** Share of the units of a request that is taken, from its head; 1 takes all. */
  takes: number;
}

interface FixtureOptions {
  readonly world?: WorldOptions;
  readonly destination?: 's3' | 'opensearch' | 'none';
  readonly ports?: readonly ('backup' | 'failed')[];
  readonly transform?: Partial<FunctionConfig>;
  /** The function also sends every record to a node of its own. */
  readonly sendsOn?: boolean;
  /** Reads a Kinesis stream with that many shards. */
  readonly shards?: number;
}

export class StreamFixture {
  readonly world: World;
  readonly stream: BuiltNode;
  readonly targets: Readonly<Record<'destination' | 'backup' | 'failed', TargetControl>>;
  readonly source: BuiltNode | undefined;
  readonly transform: BuiltNode | undefined;

  constructor(settings: Partial<Config> = {}, options: FixtureOptions = {}) {
    const world = new World(options.world ?? { horizonSeconds: 3600 });
    this.world = world;
    this.targets = { destination: control(), backup: control(), failed: control() };
    const { destination = 's3', ports = [], transform, shards, sendsOn = false } = options;
    const outlets: Record<string, readonly Target[]> = {};
    if (destination !== 'none') outlets[destination] = [this.target('destination')];
    for (const port of ports) outlets[port] = [this.target(port)];
    if (shards !== undefined) {
      const config = streamSchema.parse({ shardCount: shards, putLatencyMs: 0, getRecordsLatencyMs: 0 });
      this.source = world.add('source', buildStream, config);
    }
    if (transform !== undefined) {
      const plain = { perRecordMs: 0, serviceTimeLaw: 'deterministic', cpuBoundRatio: 0, coldStartMs: 0 } as const;
      const sandbox = { sandboxStartMinMs: 0, sandboxStartMaxMs: 0 };
      const config = functionSchema.parse({ timeoutSeconds: 60, ...plain, ...sandbox, ...transform });
      const side = sendsOn ? [{ id: 'side', targets: [{ node: world.sink('side'), port: 'in' }] }] : [];
      this.transform = world.add('transform', buildFunction, config, { outputs: { output: side } });
    }
    this.stream = world.add('stream', build, schema.parse({ putLatencyMs: 0, ...settings }), {
      outlets,
      ...(this.source === undefined ? {} : { polled: { kinesis: [{ node: this.source, port: 'consumers' }] } }),
      ...(this.transform === undefined ? {} : { invoked: { transform: [{ node: this.transform, port: 'requests' }] } }),
    });
  }

  /** Puts `n` records of `bytes` in one call. */
  put(n: number, bytes = 1000, isBatch = n > 1) {
    const parcels = Array.from({ length: n }, () => this.world.record({ bytes }));
    return this.world.send(pushOf(this.stream, 'records'), parcels, isBatch).reply;
  }

  /** Puts `n` records in one run. */
  putRun(n: number, bytes = 1000) {
    const { flow } = this.world;
    return this.world.send(pushOf(this.stream, 'records'), [flow.createRun(0, 0, 0, n, n * bytes, 0, 0)], true).reply;
  }

  takesRuns(): boolean {
    return pushOf(this.stream, 'records').takesRuns?.() === true;
  }

  /** Puts records into the Kinesis stream, keys spread over its shards. */
  feed(n: number, bytes = 1000): void {
    const parcels = Array.from({ length: n }, (_, key) => this.world.record({ bytes, key }));
    this.world.send(pushOf(this.source!, 'records'), parcels, true);
  }

  sum(metric: string): number {
    return this.stream.counters.get(metric)?.sum ?? Number.NaN;
  }

  codes(): string[] {
    return this.stream.log.map(({ code }) => code);
  }

  private target(name: 'destination' | 'backup' | 'failed'): Target {
    const { world } = this;
    const behavior: BehaviorFactory<object> = ({ flow, kernel, node }) => {
      const seen = this.targets[name];
      const push: Push = {
        meeting: 'push',
        offer(request, _isBatch, reply) {
          Object.assign(reply, { accepted: 0, refused: 0, failed: 0, latencyUs: 0, retryAfterUs: 0 });
          seen.offers++;
          const { bytes, records, length } = request;
          const most = seen.isShut ? 0 : Math.floor(length * seen.takes);
          for (let i = 0; i < most && request.head !== NONE; i++) {
            const p = request.shift();
            reply.accepted += flow.store.units[p]!;
            flow.transfer(p, node);
            flow.deliver(p, node, kernel.nowUs);
          }
          reply.refused = request.units;
          if (most === 0) return;
          const left = { bytes: request.bytes, records: request.records };
          const units = reply.accepted;
          seen.taken.push({ at: world.nowSeconds, units, records: records - left.records, bytes: bytes - left.bytes });
        },
      };
      return { inputs: { in: push } };
    };
    return { node: world.add(name, behavior, {}), port: 'in' };
  }
}

function control(): TargetControl {
  return { taken: [], offers: 0, isShut: false, takes: 1 };
}
