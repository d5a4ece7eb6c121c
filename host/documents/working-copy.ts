/** A document as it is worked on: its newest state, the states that can still be run, who writes it and who reads along. */
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import type { CaudalDocument } from '#schema/document.ts';
import type { DocumentAccess, DocumentEvent } from '#schema/rpc.ts';
import type { Judgement } from './judge.ts';
import { keyOfFile } from './unsaved-work.ts';
import type { WindowSeat } from './window-seat.ts';
import type { Baseline, Written } from './written-form.ts';

/** Newest states of a document that `run.start` still knows. */
const MOST_STATES = 8;

export interface CopyState {
  readonly id: string;
  /** As the window has it. */
  readonly document: Written;
  readonly judgement: Judgement;
  /** For the windows that read along; of an earlier state where this one cannot be drawn. */
  readonly shown: CaudalDocument;
}

export class WorkingCopy {
  /** Full path; undefined while it was never saved. */
  file: string | undefined;
  /** Names it among unsaved work and locks. */
  key: string;
  /** Of the content of the file that this was read from or written to; empty while there is none. */
  version = '';
  baseline: Baseline | undefined;
  /** False while it holds changes that the file has not. */
  isSaved = true;
  writer: WindowSeat | undefined;
  /** Another program writes it. */
  isHeldOutside = false;
  /** The last content of the file that the windows were told of. */
  toldVersion = '';
  /** What cannot be kept against a crash is told once. */
  isUnprotected = false;
  readonly seats = new Set<WindowSeat>();
  private readonly states: CopyState[] = [];

  constructor(file: string | undefined, key = file === undefined ? `new-${randomUUID()}` : keyOfFile(file)) {
    this.file = file;
    this.key = key;
  }

  get newest(): CopyState {
    const state = this.states.at(-1);
    if (state === undefined) throw new Error('the copy has no state yet');
    return state;
  }

  get name(): string {
    const { name } = this.newest.document;
    return typeof name === 'string' ? name : '';
  }

  /** `shown` is left out where the document cannot be drawn. */
  put(document: Written, judgement: Judgement, shown: CaudalDocument | undefined): CopyState {
    const state = { id: randomUUID(), document, judgement, shown: shown ?? this.newest.shown };
    this.states.push(state);
    if (this.states.length > MOST_STATES) this.states.shift();
    return state;
  }

  /** A state that a window names. */
  find(id: string): CopyState | undefined {
    return this.states.find((state) => state.id === id);
  }

  /** Where traces without a full path lie. */
  folderOr(folder: string): string {
    return this.file === undefined ? folder : dirname(this.file);
  }

  accessOf(seat: WindowSeat): DocumentAccess {
    if (this.isHeldOutside) return { canWrite: false, heldBy: 'program' };
    if (this.writer === seat) return { canWrite: true };
    return this.writer === undefined ? { canWrite: false } : { canWrite: false, heldBy: 'window' };
  }

  /** The window sits down; it writes if nobody does. */
  seat(seat: WindowSeat): void {
    this.seats.add(seat);
    if (this.writer === undefined && !this.isHeldOutside) this.writer = seat;
  }

  tellOthers(seat: WindowSeat | undefined, make: (other: WindowSeat) => DocumentEvent): void {
    for (const other of this.seats) if (other !== seat) other.tell(make(other));
  }

  tellAccess(seat?: WindowSeat): void {
    this.tellOthers(seat, (other) => ({ kind: 'writer', access: this.accessOf(other) }));
  }
}
