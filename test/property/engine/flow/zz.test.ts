/** Any sequence of what can happen to records keeps the books, after every step. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import { FLAG_DUPLICATE, NONE, ParcelList } from '#engine/flow/parcels.ts';
import { audit } from '#test/unit/engine/flow/books.ts';

const NODES = 5;

/** What a test knows about the parcels of a flow: those at rest, effects not yet accepted, and carriers with what hangs on them. */
interface Held {
  readonly resting: { p: number; pending: number }[];
  readonly effects: { q: number; bit: number; original: { p: number; pending: number } }[];
  readonly carriers: { q: number; bit: number; original: { p: number; pending: number }; derived: number[] }[];
}

type Step = (flow: Flow, held: Held, n: number) => void;

const idle = (held: Held) => held.resting.filter(({ pending }) => pending === 0);
const plain = (flow: Flow, held: Held) => held.resting.filter(({ p }) => flow.store.child[p] === NONE);

function takeOut(held: Held, original: { p: number }): number {
  held.resting.splice(
    held.resting.findIndex(({ p }) => p === original.p),
    1,
  );
  return original.p;
}

/** Ends a parcel that no effect hangs on. */
const ending =
  (end: (flow: Flow, p: number, n: number) => void): Step =>
  (flow, held, n) => {
    const choices = idle(held);
    if (choices.length > 0) end(flow, takeOut(held, choices[n % choices.length]!), n);
  };

const steps: Record<string, Step> = {
  create: (flow, held, n) => {
    held.resting.push({ p: flow.create(n % NODES, 0, n, n % 9, 1 + (n % 500), n), pending: 0 });
  },
  transfer: (flow, held, n) => {
    const choices = idle(held);
    if (choices.length > 0) flow.transfer(choices[n % choices.length]!.p, (n >> 3) % NODES);
  },
  copy: (flow, held, n) => {
    const choices = idle(held).filter(({ p }) => (flow.store.effects[p] ?? 0) === 0);
    if (choices.length > 0) held.resting.push({ p: flow.copy(choices[n % choices.length]!.p), pending: 0 });
  },
  duplicate: (flow, held, n) => {
    const choices = idle(held);
    if (choices.length > 0) held.resting.push({ p: flow.duplicate(choices[n % choices.length]!.p), pending: 0 });
  },
  unduplicate: (flow, held, n) => {
    const choices = idle(held);
    if (choices.length > 0) flow.unduplicate(flow.duplicate(choices[n % choices.length]!.p));
  },
  pack: (flow, held, n) => {
    const choices = idle(held).filter(({ p }) => flow.store.child[p] === NONE);
    const some = choices.slice(0, 1 + (n % 4));
    if (some.length === 0) return;
    const list = new ParcelList(flow.store);
    for (const original of some) {
      takeOut(held, original);
      flow.transfer(original.p, n % NODES);
      list.push(original.p);
    }
    held.resting.push({ p: flow.pack(list, n % 30), pending: 0 });
  },
  unpack: (flow, held, n) => {
    const choices = idle(held);
    if (choices.length === 0) return;
    const list = new ParcelList(flow.store);
    flow.unpack(takeOut(held, choices[n % choices.length]!), list);
    for (let p = list.shift(); p !== NONE; p = list.shift()) held.resting.push({ p, pending: 0 });
  },
  deadLetter: (flow, held, n) => {
    const choices = idle(held);
    if (choices.length > 0) flow.markDeadLettered(choices[n % choices.length]!.p, n % 3 !== 0);
  },
  detach: (flow, held, n) => {
    if (held.resting.length === 0) return;
    held.resting.push({ p: flow.detach(held.resting[n % held.resting.length]!.p), pending: 0 });
  },
  effect: (flow, held, n) => {
    const choices = plain(flow, held);
    if (choices.length === 0) return;
    const original = choices[n % choices.length]!;
    const bit = (n >> 4) % 3;
    held.effects.push({ q: flow.effect(original.p, bit, (n >> 6) % NODES), bit, original });
    original.pending += 1;
  },
  accept: (flow, held, n) => {
    if (held.effects.length === 0) return;
    const [{ q, original }] = held.effects.splice(n % held.effects.length, 1) as [Held['effects'][number]];
    flow.transfer(q, (n >> 5) % NODES);
    original.pending -= 1;
    held.resting.push({ p: q, pending: 0 });
  },
  revoke: (flow, held, n) => {
    if (held.effects.length === 0) return;
    const [{ q, bit, original }] = held.effects.splice(n % held.effects.length, 1) as [Held['effects'][number]];
    flow.revoke(q, bit);
    original.pending -= 1;
  },
  loseEffect: (flow, held, n) => {
    if (held.effects.length === 0) return;
    const [{ q, original }] = held.effects.splice(n % held.effects.length, 1) as [Held['effects'][number]];
    flow.drop(q, 'lost');
    original.pending -= 1;
  },
  derive: (flow, held, n) => {
    if (held.effects.length === 0) return;
    const [{ q, bit, original }] = held.effects.splice(n % held.effects.length, 1) as [Held['effects'][number]];
    const { store } = flow;
    const isRepeat = (store.flags[q]! & FLAG_DUPLICATE) !== 0;
    const owed = isRepeat ? flow.takeOwed(q, bit) : 0;
    const derived = Array.from({ length: n % 4 }, (_, j) =>
      flow.derive(store.owner[q]!, q, n + j, 10, n, n, isRepeat && j >= owed),
    );
    held.carriers.push({ q, bit, original, derived });
  },
  endInvocation: (flow, held, n) => {
    if (held.carriers.length === 0) return;
    const [{ q, bit, original, derived }] = held.carriers.splice(n % held.carriers.length, 1) as [
      Held['carriers'][number],
    ];
    const hasFailed = n % 2 === 0;
    derived.forEach((d, j) => {
      if (hasFailed && (n >> (j + 1)) % 2 === 0) flow.revoke(d, bit);
      else {
        flow.transfer(d, (n + j) % NODES);
        held.resting.push({ p: d, pending: 0 });
      }
    });
    const kept = flow.keptDerived(q);
    flow.endCarrier(q, bit, hasFailed && kept === 0 ? 'revoked' : kept > 0 ? 'absorbed' : 'filtered');
    original.pending -= 1;
  },
  deliverEffect: (flow, held, n) => {
    const choices = plain(flow, held).filter(({ pending }) => pending === 0);
    if (choices.length > 0) flow.deliverEffect(choices[n % choices.length]!.p, n % NODES, n);
  },
  settle: ending((flow, p, n) => flow.settle(p, n % NODES, n)),
  deliver: ending((flow, p, n) => flow.deliver(p, n % NODES, n)),
  drop: ending((flow, p) => flow.drop(p, 'reason')),
  expire: ending((flow, p) => flow.expire(p)),
  filter: ending((flow, p) => flow.filter(p)),
  absorb: ending((flow, p) => flow.absorb(p)),
  record: (flow) => flow.startRecording(),
};

const names = Object.keys(steps);
/** More of what makes the others possible. */
const weighted = [...names, 'create', 'create', 'effect', 'effect', 'effect', 'accept', 'derive', 'revoke'];

describe('a flow', () => {
  it('balances for the run, for every node and for the duplicates after every step', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...weighted), fc.nat(2 ** 20)), { maxLength: 40, size: 'max' }),
        (sequence) => {
          const flow = new Flow(NODES, () => undefined);
          const held: Held = { resting: [], effects: [], carriers: [] };
          for (const [name, n] of sequence) {
            steps[name]!(flow, held, n);
            audit(flow);
          }
        },
      ),
      { numRuns: 6000 },
    );
  });
});
