/** The producer library behind an invocation: it answers at once and sends in the background. */
import { describe, expect, it } from 'vitest';
import { Emitter, type EmitListener } from '#engine/stations/emitter.ts';
import { emitSchema } from '#schema/emit.ts';
import { SenderWorld, StubOutlet } from './sender-world.ts';

function build(emit: Record<string, unknown>) {
  const world = new SenderWorld();
  const outlet = new StubOutlet(world, 1);
  const output = { id: 'out', emit: emitSchema.parse({ client: 'kpl', ...emit }), outlets: [outlet] };
  const emitter = new Emitter(world, [output]);
  const ended: boolean[] = [];
  const listener: EmitListener = { onEmitted: (_token, ok) => ended.push(ok) };
  return { world, outlet, emitter, ended, listener };
}

describe('an invocation that sends through the producer library', () => {
  it('ends at once; its records are sent, refused and sent again after it', () => {
    const { world, outlet, emitter, ended, listener } = build({});
    outlet.latencyMs = 10;
    outlet.takes = () => outlet.calls.length > 0;
    const units = Int32Array.of(world.record(), world.record(), world.record());
    emitter.emit(units, 3, listener, 0);
    expect(ended).toEqual([true]);
    for (const p of units) world.flow.settle(p, 0, 0);
    expect(emitter.heldRecords).toBe(3);
    // What comes meanwhile takes the place of the originals.
    for (let i = 0; i < 3; i++) world.record();
    expect(world.imbalances()).toEqual([]);
    world.run(1000);
    expect(outlet.units.map(({ entities }) => entities)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(emitter.heldRecords).toBe(0);
    expect(world.ledger()).toMatchObject({ created: 6, delivered: 3, inside: 3 });
    expect(world.imbalances()).toEqual([]);
  });

  it('hands over derived records, also across the beginning of recording', () => {
    const { world, emitter, listener } = build({ selectivity: 2 });
    const units = Int32Array.of(world.record(), world.record());
    emitter.emit(units, 2, listener, 0);
    for (const p of units) world.flow.settle(p, 0, 0);
    expect(world.ledger()).toMatchObject({ created: 2, absorbed: 2, emitted: 4, inside: 4 });
    world.run(50);
    world.flow.startRecording();
    world.run(1000);
    expect(world.ledger()).toMatchObject({ carriedIn: 4, delivered: 4, inside: 0 });
    expect(world.imbalances()).toEqual([]);
  });

  it('makes duplicates when it is repeated: what the library has taken cannot be taken back', () => {
    const { world, emitter, listener, ended } = build({});
    const units = Int32Array.of(world.record());
    emitter.emit(units, 1, listener, 0);
    emitter.emit(units, 1, listener, 0);
    for (const p of units) world.flow.settle(p, 0, 0);
    world.run(1000);
    expect(ended).toEqual([true, true]);
    expect(world.ledger()).toMatchObject({ created: 1, delivered: 1, duplicates: { made: 1, delivered: 1 } });
    expect(world.imbalances()).toEqual([]);
  });

  it('takes the rates, sizes and waits of its settings', () => {
    const { world, outlet, emitter, listener } = build({ recordMaxBufferedTimeMs: 400, recordTtlMs: 1000 });
    outlet.takes = () => false;
    emitter.emit(Int32Array.of(world.record()), 1, listener, 0);
    world.run(5000);
    // 400 ms and 50 more (a fifth is 80, but 50 is the most) to share a call; then 200 and 50; the last at the end of its time.
    expect(outlet.calls.map(({ ms }) => Math.round(ms))).toEqual([450, 700, 950, 1050]);
    expect(world.ledger().droppedBy).toEqual({ 'record-ttl-expired': 1 });
  });
});
