/**
 * De-duplication of a function's records by a cache: a key for each record, written before the work or after it.
 *
 * What is left out is settled when the invocation has ended and its source will not hand the record out again. A record that had
 * taken effect before is a duplicate removed. One that never did was marked by an attempt that then failed: it is lost, unless a
 * copy of it was worked on. While another attempt at the same message is still at work on it, its end decides.
 */
import type { CallConnectionFactory } from '#engine/behavior.ts';
import { FLAG_DUPLICATE } from '#engine/flow/parcels.ts';
import {
  ANSWER_DONE,
  ANSWER_FOUND,
  ANSWER_LEAVE_OUT,
  type Callee,
  type CallReply,
  type CallRequest,
} from '#engine/flow/ports.ts';
import { invariant } from '#engine/kernel/invariant.ts';
import { Episode } from '#engine/stations/episode.ts';
import { KeyedStore } from '#engine/stations/keyed-store.ts';
import type { Config } from './config.ts';

const SECOND_US = 1_000_000;
const QUIET_US = 60 * SECOND_US;
/** Callers of one cache that are kept apart. */
const SPACES = 128;
/** Of a record, by parcel: an attempt has marked it and still works on it; another attempt has left it out meanwhile. */
const WORKING = 1;
const PASSED_OVER = 2;

type Context = Parameters<CallConnectionFactory<Config>>[0];

export const build: CallConnectionFactory<Config> = (context) => ({ callee: new Deduplication(context) });

class Deduplication implements Callee {
  readonly meeting = 'call';
  readonly isAskedAfter: boolean;
  private readonly context: Context;
  private readonly cache: Callee;
  private readonly space: number;
  private readonly marksBefore: boolean;
  private readonly entryBytes: number;
  private readonly lifeUs: number;
  private readonly found;
  private readonly missed;
  private readonly missedAge;
  private readonly lost;
  private readonly losing: Episode;
  /** Records of which a copy was worked on first. */
  private readonly doneByCopy: KeyedStore;
  /** Records in work that are marked one by one after it; their bytes are the number of the invocation and one. */
  private readonly inTurn: KeyedStore;
  private marks = new Uint8Array(1024);

  constructor(context: Context) {
    const { config, target, node, kernel } = context;
    invariant(target.meeting === 'call', 'a cache answers calls');
    this.context = context;
    this.cache = target;
    const callers = context.shared(`lambda--elasticache/callers of ${node}`, () => ({ count: 0 }));
    this.space = callers.count++ % SPACES;
    this.marksBefore = config.mark === 'beforeProcessing';
    this.isAskedAfter = !this.marksBefore;
    this.entryBytes = config.keyBytes + config.valueBytes;
    this.lifeUs = config.timeToLiveSeconds * SECOND_US;
    this.found = context.counter('DuplicatesFound');
    this.missed = context.counter('DuplicatesMissed');
    this.missedAge = context.sample('MissedDuplicateAge');
    this.lost = context.counter('RecordsMarkedAndLost');
    this.doneByCopy = new KeyedStore({ ttlUs: this.lifeUs, maxBytes: Number.POSITIVE_INFINITY, whenFull: 'evict' });
    const forever = Number.POSITIVE_INFINITY;
    this.inTurn = new KeyedStore({ ttlUs: forever, maxBytes: forever, whenFull: 'evict' });
    this.losing = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('error', 'lambda--elasticache/records-lost', {}),
      onEnded: (count) => context.log('info', 'lambda--elasticache/records-lost-over', { count }),
    });
  }

  call(request: CallRequest, reply: CallReply): void {
    const isBefore = request.phase === 'before';
    request.operation = this.marksBefore ? 'add' : isBefore ? 'read' : 'write';
    request.entryBytes = this.entryBytes;
    request.lifeUs = this.lifeUs;
    request.space = this.space;
    this.cache.call(request, reply);
    if (!isBefore) return;
    for (let i = 0; i < request.count; i++) {
      const p = request.records[i]!;
      if (reply.answers[i] === ANSWER_FOUND) {
        reply.answers[i] = ANSWER_LEAVE_OUT;
        if ((this.markOf(p) & WORKING) !== 0) this.marks[p]! |= PASSED_OVER;
      } else if (reply.answers[i] === ANSWER_DONE) {
        if (this.isMarkedInTurn(p, request.invocation)) reply.answers[i] = ANSWER_LEAVE_OUT;
        else this.letPass(p);
      }
    }
  }

  onEnded(p: number, wasLeftOut: boolean, kept: boolean): void {
    const { flow, kernel } = this.context;
    const { store } = flow;
    const mark = this.markOf(p);
    if (wasLeftOut) {
      if (kept && (mark & WORKING) === 0) this.leaveOut(p);
      return;
    }
    this.marks[p] = 0;
    if (!this.marksBefore) this.inTurn.remove(store.entity[p]!, kernel.nowUs, store.load[p]!);
    if (!kept && (mark & PASSED_OVER) !== 0 && !flow.isEcho(p)) this.leaveOut(p);
  }

  /**
   * A loop that marks each record when it has worked on it knows a second copy in the same batch, though here all keys are read
   * before the work and written after it.
   */
  private isMarkedInTurn(p: number, invocation: number): boolean {
    if (this.marksBefore || invocation < 0) return false;
    const { flow, kernel } = this.context;
    const { store } = flow;
    const entity = store.entity[p]!;
    const load = store.load[p]!;
    if (this.inTurn.bytesOf(entity, kernel.nowUs, load) === invocation + 1) return true;
    this.inTurn.put(entity, kernel.nowUs, invocation + 1, load);
    return false;
  }

  /** The key was not there: the function works on the record. */
  private letPass(p: number): void {
    const { flow, kernel } = this.context;
    const { store } = flow;
    const isDuplicate = (store.flags[p]! & FLAG_DUPLICATE) !== 0;
    if (isDuplicate || flow.isEcho(p)) {
      this.missed.add(kernel.nowUs, 1);
      this.missedAge.add(kernel.nowUs, (kernel.nowUs - store.e0[p]!) / SECOND_US);
    }
    if (isDuplicate) this.doneByCopy.put(store.entity[p]!, kernel.nowUs, 0, store.load[p]!);
    if (!this.marksBefore) return;
    if (p >= this.marks.length) this.grow(p);
    this.marks[p]! = WORKING;
  }

  private leaveOut(p: number): void {
    const { flow, kernel, bit, sourceNode } = this.context;
    const { store } = flow;
    const isDone = !this.marksBefore || this.doneByCopy.bytesOf(store.entity[p]!, kernel.nowUs, store.load[p]!) >= 0;
    const wasOpen = flow.leaveOut(p, bit, sourceNode, isDone ? undefined : 'marked-not-processed');
    if (wasOpen && !isDone) {
      this.lost.add(kernel.nowUs, 1);
      this.losing.mark(1);
    } else this.found.add(kernel.nowUs, 1);
  }

  private markOf(p: number): number {
    return p < this.marks.length ? this.marks[p]! : 0;
  }

  private grow(p: number): void {
    const grown = new Uint8Array(Math.max(p + 1, 2 * this.marks.length));
    grown.set(this.marks);
    this.marks = grown;
  }
}
