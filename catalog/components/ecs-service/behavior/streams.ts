import type { EdgeMeter, OutputBinding } from '#engine/behavior.ts';
import type { ParcelList } from '#engine/flow/parcels.ts';
import type { LogPort } from '#engine/flow/ports.ts';
import type { EmitListener } from '#engine/stations/emitter.ts';
import { type ChunkWork, LeasedLogReader } from '#engine/stations/leased-log-reader.ts';
import { largestReadBytes } from '../config.ts';
import { deliverUnrouted, type ServiceParts } from './parts.ts';

const MS_US = 1000;
const SECOND_US = 1_000_000;

/** One stream that the tasks read with the Kinesis Client Library: a lease for each shard. */
export class StreamConsumer implements ChunkWork, EmitListener {
  readonly reader: LeasedLogReader;
  private readonly parts: ServiceParts;
  private readonly edge: EdgeMeter;
  private readonly number: number;
  private readonly unheld: number[];
  private readonly lanes = new Map<number, number>();
  /** By lease: what is being sent. */
  private readonly sending: { units: Int32Array; count: number }[] = [];

  /** `unheld`: leases without a holder, by stream; shared by all streams of the service. */
  constructor(parts: ServiceParts, port: LogPort, edge: EdgeMeter, number: number, unheld: number[]) {
    const { context, replicas } = parts;
    const { config } = context;
    this.parts = parts;
    this.edge = edge;
    this.number = number;
    this.unheld = unheld;
    const phase = context.draw('pollPhase');
    const failOverUs = config.failoverTimeMs * MS_US;
    this.reader = new LeasedLogReader(
      context,
      port,
      replicas,
      {
        maxUnits: config.maxRecords,
        maxBytes: largestReadBytes,
        intervalUs: config.idleTimeBetweenReadsMs * MS_US,
        phaseRatio: (partition) => phase.uniformPair(partition, number),
        isFanOut: config.retrieval === 'fanOut',
        chunkUnits: chunkOf(context.outputs('output'), config.maxRecords),
        checkpointUs: config.checkpointIntervalSeconds * SECOND_US,
        failOverUs,
        renewalUs: failOverUs / 3,
        renewalDraw: context.draw(`renewal ${number}`),
        maxAttempts: config.maxAttempts,
        retryUs: config.taskBackoffTimeMs * MS_US,
      },
      this,
    );
  }

  serviceUs(parcel: number, partition: number): number {
    let lane = this.lanes.get(partition);
    if (lane === undefined) {
      lane = this.parts.times.newLane();
      this.lanes.set(partition, lane);
    }
    return this.parts.times.sampleUs(parcel, lane);
  }

  fails(parcel: number, attempt: number): boolean {
    const { context, meters, times } = this.parts;
    if (!times.fails(parcel, attempt)) return false;
    meters.onFailed(context.flow.store.records[parcel]!);
    return true;
  }

  send(units: Int32Array, count: number, lease: number): void {
    const { emitter } = this.parts;
    this.sending[lease] = { units, count };
    if (emitter.isSink || count === 0) this.onEmitted(lease, true);
    else emitter.emit(units, count, this, lease);
  }

  /** See EmitListener. */
  onEmitted(lease: number, ok: boolean): void {
    const { flow, kernel, node } = this.parts.context;
    const { units, count } = this.sending[lease]!;
    if (ok) for (let i = 0; i < count; i++) deliverUnrouted(flow, units[i]!, node, kernel.nowUs);
    this.reader.sent(lease, ok);
  }

  onGivenUp(parcel: number): void {
    const { context, meters } = this.parts;
    meters.skipping.mark(context.flow.store.records[parcel]!);
    context.flow.drop(parcel, 'attempts-exhausted');
  }

  onRead(units: ParcelList, behindUs: number): void {
    this.edge.count(units.records, units.units, 1, units.bytes);
    this.parts.meters.onRead(behindUs);
  }

  onWorked(records: number): void {
    this.parts.meters.onProcessed(records);
  }

  onCheckpoint(): void {
    this.parts.meters.onCheckpoint();
  }

  onTakenOver(records: number): void {
    this.parts.meters.onTakenOver(records);
  }

  onLeases(open: number, unheld: number): void {
    this.unheld[this.number] = unheld;
    this.parts.meters.onLeases(
      this.number,
      open,
      unheld,
      this.unheld.reduce((sum, count) => sum + count, 0),
    );
  }
}

/** Units worked on before what they give is sent: as many as fill a call, all that were read where a batch becomes one record. */
function chunkOf(outputs: readonly OutputBinding[], mostUnits: number): number {
  let units = 1;
  for (const { emit } of outputs) {
    const full = emit.client === 'sdk' ? emit.batchSize * emit.recordsPerMessage : 1;
    units = Math.max(units, emit.per === 'batch' ? mostUnits : full);
  }
  return Math.min(units, mostUnits);
}
