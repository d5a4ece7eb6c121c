/** The state of one lease: who reads a partition of a log, and how far. */
import { NONE, ParcelList, type ParcelStore } from '#engine/flow/parcels.ts';

export interface Lease {
  readonly index: number;
  readonly partition: number;
  /** Read and not worked on; worked on since the last checkpoint. */
  readonly units: ParcelList;
  readonly done: ParcelList;
  /** In hand. */
  chunk: Int32Array;
  chunkCount: number;
  /** Units of the chunk that did not fail come first. */
  goodCount: number;
  parentsLeft: number;
  readonly children: Lease[];
  holder: number;
  /** Worker that the lease goes to after the chunk in hand. */
  heir: number;
  /** Changes with the holder; events of an earlier life are void. */
  life: number;
  step: 'idle' | 'reading' | 'working' | 'sending' | 'waiting';
  /** The holder was lost while a chunk was being sent. */
  isOrphan: boolean;
  /** The last holder was lost. */
  isTakeOver: boolean;
  isOpen: boolean;
  isEnded: boolean;
  /** Records worked on since the checkpoint by a holder that was lost. */
  repeated: number;
  cores: number;
  answeredUs: number;
  checkpointUs: number;
}

/** A lease that nobody holds, of a partition whose parents are not counted yet. */
export function newLease(index: number, partition: number, store: ParcelStore, nowUs: number): Lease {
  return {
    index,
    partition,
    units: new ParcelList(store),
    done: new ParcelList(store),
    chunk: new Int32Array(16),
    chunkCount: 0,
    goodCount: 0,
    parentsLeft: 0,
    children: [],
    holder: NONE,
    heir: NONE,
    life: 0,
    step: 'idle',
    isOrphan: false,
    isTakeOver: false,
    isOpen: false,
    isEnded: false,
    repeated: 0,
    cores: 0,
    answeredUs: Number.NEGATIVE_INFINITY,
    checkpointUs: nowUs,
  };
}

/** Doubles the room for the chunk in hand. */
export function growChunk(lease: Lease): void {
  const grown = new Int32Array(lease.chunk.length * 2);
  grown.set(lease.chunk);
  lease.chunk = grown;
}
