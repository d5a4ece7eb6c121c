/** How many events had happened at a moment: by halving, for it is asked in every frame. */
export function eventsBefore(events: readonly { readonly t: number }[], seconds: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.t ?? Number.POSITIVE_INFINITY) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}
