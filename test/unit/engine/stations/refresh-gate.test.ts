import { expect, it } from 'vitest';
import { NONE, ParcelStore } from '#engine/flow/parcels.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { RefreshGate } from '#engine/stations/refresh-gate.ts';

it('lets parcels out at the first tick after they are ready, with one event per tick', () => {
  const kernel = new Kernel(-500);
  const store = new ParcelStore();
  const seen: [number, number][] = [];
  const gate = new RefreshGate(kernel, store, 100, (visible) => {
    for (let p = visible.shift(); p !== NONE; p = visible.shift()) seen.push([kernel.nowUs, p]);
  });
  const parcel = (readyUs: number): number => {
    const p = store.allocate();
    store.records[p] = 1;
    gate.add(p, readyUs);
    return p;
  };
  const [a, b, c, d] = [parcel(-450), parcel(-500), parcel(120), parcel(101)];
  kernel.run(1000);
  expect(seen).toEqual([
    [-500, b],
    [-400, a],
    [200, c],
    [200, d],
  ]);
  expect(kernel.eventCount).toBe(3);
});
