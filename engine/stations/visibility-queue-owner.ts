import type { DrawStream } from '#engine/kernel/draws.ts';

/** What the queue tells its owner. */
export interface VisibilityQueueOwner {
  /** The number of visible, hidden or delayed messages has changed. */
  onLevels(): void;
  /** `messages` have become visible again because their timeout ran out. */
  onReturned(messages: number): void;
  /** `messages` have reached the end of their retention. */
  onExpired(messages: number): void;
  /**
   * A message was received too often: send its parcel on (it then belongs to whoever accepted it) and return true, or
   * return false to have it tried again after a visibility timeout. `sentUs`: when it was sent.
   */
  onExhausted(parcel: number, sentUs: number, receives: number): boolean;
}

/** Times in microseconds. */
export interface VisibilityQueueOptions {
  readonly visibilityTimeoutUs: number;
  /** From sending to the first possible receive. */
  readonly delayUs: number;
  /** From sending to the silent end. */
  readonly retentionUs: number;
  /** Messages that may be hidden at a time. */
  readonly inFlightLimit: number;
  /** Receives before a message is handed to `onExhausted`; 0 for no limit. */
  readonly maxReceives: number;
  /** Order and exclusion per group instead of one line. */
  readonly isGrouped: boolean;
  /** Whether a receipt still deletes after its visibility timeout has run out. */
  readonly lateDeletes: boolean;
  /** Share of deletes that a copy of the message survives, 0..1: it comes back when its timeout ends. */
  readonly survivalRatio: number;
  readonly survival: DrawStream;
}
