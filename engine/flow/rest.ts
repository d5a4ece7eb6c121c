import { NONE, type ParcelList } from './parcels.ts';

/**
 * Lays a parcel to rest at the end of a list that is only counted from now on, never read record by record: joined to
 * the last parcel when both are alike and became available within `spanUs` of each other. Units are taken apart.
 */
export function rest(p: number, list: ParcelList, spanUs: number): void {
  const { store } = list;
  const availableUs = store.a0[p]!;
  if (store.child[p] !== NONE) {
    let c = store.child[p]!;
    store.release(p);
    while (c !== NONE) {
      const following = store.next[c]!;
      store.a0[c] = availableUs;
      rest(c, list, spanUs);
      c = following;
    }
    return;
  }
  const last = list.tail;
  const isAlike = last !== NONE && store.flags[last] === store.flags[p] && store.owner[last] === store.owner[p];
  if (!isAlike || availableUs - store.a0[last]! > spanUs) {
    list.push(p);
    return;
  }
  store.records[last]! += store.records[p]!;
  store.units[last]! += store.units[p]!;
  store.bytes[last]! += store.bytes[p]!;
  list.records += store.records[p]!;
  list.units += store.units[p]!;
  list.bytes += store.bytes[p]!;
  if (store.e0[p]! < store.e0[last]!) store.e0[last] = store.e0[p]!;
  if (store.e1[p]! > store.e1[last]!) store.e1[last] = store.e1[p]!;
  store.release(p);
}
