/**
 * Makes the runs that an invocation works on ready to be sent on: cut where calls and messages end, so that whatever is sent is
 * taken or refused whole and can be taken back whole. Where that does not do, units are taken apart and go one by one.
 *
 * O(calls) per invocation for runs, O(1) per unit otherwise. Nothing is allocated while there are no runs.
 */
import type { OutputBinding } from '#engine/behavior.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { SenderEnvironment } from './sender.ts';

/** What becomes of a part of a run whose chances are drawn together. */
export type Fate = 'drawn singly' | 'sent' | 'filtered';
/** Their numbers: 0 where nothing was drawn. */
const FATES: readonly Fate[] = ['drawn singly', 'sent', 'filtered'];

/** Salt of the draw for records that a selectivity below 1 lets through. */
const THINNING = 1;

export class RunEmission {
  private readonly env: SenderEnvironment;
  private readonly outputs: readonly OutputBinding[];
  private readonly leavingBy: (output: number, record: number) => number;
  /** Settings that leave runs whole: nothing is multiplied, packed by a library or fed back. */
  private readonly keepsRuns: boolean;
  /** Records of a call, and of a message, of the outputs per record. */
  private readonly callRecords: readonly number[];
  private readonly messageRecords: readonly number[];
  private readonly offsets: Float64Array;
  private readonly weights: Float64Array;
  private readonly shares: Float64Array;
  private readonly isWeighted: boolean;
  /** The only output that lets a part of the records through, and which share of them; NONE and 1 without one. */
  private readonly thinning: number;
  private readonly passRatio: number;
  /** By parcel, for those in `marked`: what was drawn for it (FATES), and the weighted output that it takes, NONE without one. */
  private fates = new Uint8Array(0);
  private routes = new Int16Array(0);
  private readonly marked: number[] = [];
  private readonly pieces: number[] = [];
  private readonly singles: ParcelList;

  /** `leavingBy`: records that leave by output k for a single one. */
  constructor(
    env: SenderEnvironment,
    outputs: readonly OutputBinding[],
    leavingBy: (output: number, record: number) => number,
  ) {
    this.env = env;
    this.leavingBy = leavingBy;
    this.singles = new ParcelList(env.flow.store);
    this.outputs = outputs;
    const perRecord = outputs.filter(({ emit }) => emit.per === 'record');
    const thinning = perRecord.filter(({ emit }) => emit.selectivity < 1);
    this.isWeighted = outputs.some(({ emit }) => emit.weight !== undefined);
    this.keepsRuns =
      (thinning.length === 0 || (thinning.length === 1 && !this.isWeighted)) &&
      perRecord.every(({ emit }) => emit.selectivity <= 1) &&
      outputs.every(
        ({ emit, outlets }) => emit.client === 'sdk' && outlets.every((outlet) => outlet.isFeedback !== true),
      );
    const [thinned] = thinning;
    this.thinning = thinned === undefined ? NONE : outputs.indexOf(thinned);
    this.passRatio = thinned?.emit.selectivity ?? 1;
    this.callRecords = outputs.map(({ emit }) => (emit.per === 'record' ? emit.batchSize * emit.recordsPerMessage : 0));
    this.messageRecords = outputs.map(({ emit }) => emit.recordsPerMessage);
    this.offsets = new Float64Array(outputs.length);
    this.weights = Float64Array.from(outputs, ({ emit }) => emit.weight ?? 0);
    this.shares = new Float64Array(outputs.length);
  }

  /** Prepares the first `upTo` units of an invocation. */
  prepare(units: Int32Array, upTo: number): void {
    this.forget();
    if (this.outputs.length === 0) return;
    const { runs } = this.env.flow;
    let hasRuns = false;
    for (let i = 0; i < upTo && !hasRuns; i++) hasRuns = runs.holdsRuns(units[i]);
    if (!hasRuns) return;
    const areWelcome = this.keepsRuns && this.outputs.every((output, k) => k === this.thinning || takesRuns(output));
    this.offsets.fill(0);
    for (let i = 0; i < upTo; i++) {
      const p = units[i];
      if (areWelcome && runs.holdsRuns(p) && !this.isRepeated(p)) this.split(p);
      else {
        runs.explode(p);
        if (areWelcome) this.passBy(p);
      }
    }
  }

  /** Some record in it has taken effect before: what was drawn then, if anything was, is kept by drawing for single records. */
  private isRepeated(p: number): boolean {
    const { store } = this.env.flow;
    if (!this.isWeighted && this.passRatio === 1) return false;
    for (let c = store.child[p]; c !== NONE; c = store.next[c]) if (store.effects[c] !== 0) return true;
    return store.effects[p] !== 0;
  }

  /** A unit that is sent record by record moves the ends of the calls that follow. */
  private passBy(p: number): void {
    const { store } = this.env.flow;
    let c = store.child[p] === NONE ? p : store.child[p];
    while (c !== NONE) {
      this.passRecord(c);
      c = c === p ? NONE : store.next[c];
    }
  }

  private passRecord(p: number): void {
    for (let k = 0; k < this.offsets.length; k++) this.offsets[k] += this.leavingBy(k, p);
  }

  /** What was drawn for a record or a part of a run, as output k is concerned. */
  fateOf(p: number, k: number): Fate {
    return k === this.thinning && p < this.fates.length ? FATES[this.fates[p]] : 'drawn singly';
  }

  /** The weighted output that a part of a run takes; undefined where each record chooses for itself. */
  routeOf(p: number): number | undefined {
    return p < this.routes.length && this.routes[p] !== NONE ? this.routes[p] : undefined;
  }

  private forget(): void {
    const { fates, marked, routes } = this;
    for (let i = 0; i < marked.length; i++) {
      fates[marked[i]] = 0;
      routes[marked[i]] = NONE;
    }
    marked.length = 0;
  }

  /** Notes for the pieces from `from` on what was drawn for them. */
  private mark(from: number, fate: number, route: number): void {
    const { marked, pieces } = this;
    const { highWater } = this.env.flow.store;
    if (highWater > this.fates.length) this.grow(highWater);
    for (let i = from; i < pieces.length; i++) {
      marked.push(pieces[i]);
      this.fates[pieces[i]] = fate;
      this.routes[pieces[i]] = route;
    }
  }

  private grow(size: number): void {
    const fates = new Uint8Array(2 * size);
    fates.set(this.fates);
    this.fates = fates;
    const routes = new Int16Array(2 * size).fill(NONE);
    routes.set(this.routes);
    this.routes = routes;
  }

  private split(p: number): void {
    const { runs, store } = this.env.flow;
    if (store.child[p] === NONE) runs.containLike(p);
    this.pieces.length = 0;
    for (let c = store.child[p]; c !== NONE; ) {
      const following = store.next[c];
      if (store.records[c] === 1) {
        this.passRecord(c);
        this.pieces.push(c);
      } else {
        runs.regroup(c, 1);
        if (this.isWeighted) this.route(c);
        else if (this.passRatio < 1) this.thin(c);
        else this.cutAlong(c, undefined);
      }
      c = following;
    }
    runs.link(p, this.pieces);
  }

  /** Parts by weighted output, each cut where the calls of that output end. */
  private route(whole: number): void {
    const { runs, store } = this.env.flow;
    runs.divide(whole, this.weights, this.shares);
    let left = store.units[whole];
    for (let k = 0; k < this.outputs.length && left > 0; k++) {
      const n = this.shares[k];
      if (n === 0) continue;
      const part = n < left ? runs.part(whole, n) : whole;
      left -= n;
      const from = this.pieces.length;
      this.cutAlong(part, k);
      this.mark(from, 0, k);
    }
  }

  /** The thinning output lets a share of the records through; these come first. */
  private thin(whole: number): void {
    const { runs, store } = this.env.flow;
    const n = store.units[whole];
    const passing = runs.thin(whole, this.passRatio, THINNING);
    const first = this.pieces.length;
    if (passing > 0) {
      const part = passing < n ? runs.part(whole, passing) : whole;
      const output = this.outputs[this.thinning];
      if (output !== undefined && takesRuns(output)) this.cutAlong(part, undefined);
      else this.goSingly(part);
    }
    this.mark(first, FATES.indexOf('sent'), NONE);
    if (passing === n) return;
    const from = this.pieces.length;
    this.cutAlong(whole, undefined, this.thinning);
    this.mark(from, FATES.indexOf('filtered'), NONE);
  }

  /** A part whose target takes single records only. */
  private goSingly(part: number): void {
    const { runs, store } = this.env.flow;
    const n = store.units[part];
    for (let k = 0; k < this.offsets.length; k++) this.offsets[k] += n;
    if (n === 1) this.pieces.push(part);
    else runs.scatter(part, this.singles);
    for (let q = this.singles.shift(); q !== NONE; q = this.singles.shift()) this.pieces.push(q);
  }

  /** Cuts a part where calls and messages end: of output `only`, or of all outputs but `but`. */
  private cutAlong(part: number, only: number | undefined, but = NONE): void {
    const { runs, store } = this.env.flow;
    for (;;) {
      const n = store.units[part];
      const step = Math.min(n, this.stepOf(n, only, but));
      for (let k = 0; k < this.offsets.length; k++) {
        if ((only === undefined || k === only) && k !== but) this.offsets[k] += step;
      }
      if (step === n) break;
      this.pieces.push(runs.cut(part, step));
    }
    this.pieces.push(part);
  }

  /** Records until the next cut, of `n` that are left. */
  private stepOf(n: number, only: number | undefined, but: number): number {
    let step = n;
    for (let k = 0; k < this.offsets.length; k++) {
      const call = this.callRecords[k];
      if (call === 0 || k === but || (only !== undefined && k !== only)) continue;
      const message = this.messageRecords[k];
      const offset = this.offsets[k];
      step = Math.min(step, call - (offset % call));
      // The end of a message begun before; else whole messages, and what is left for the last.
      const begun = offset % message;
      if (begun > 0) step = Math.min(step, message - begun);
      else if (step > message) step -= step % message;
    }
    return Math.max(1, step);
  }
}

/** What is derived of whole batches is single anyway. */
function takesRuns(output: OutputBinding): boolean {
  return output.emit.per === 'batch' || output.outlets.every((outlet) => outlet.takesRuns?.() === true);
}
