/** Finds the name a user probably meant. */

/** The candidate with the fewest edits, if it is near enough to be a slip of the pen. */
export function nearest(received: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(received.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate.startsWith(received) && received.length >= 3) return candidate;
    const edits = editDistance(received.toLowerCase(), candidate.toLowerCase(), fewest);
    if (edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  // `shards` for `shardCount`: the beginning of a name, in the plural.
  const stem = received.replace(/s$/, '');
  if (best === undefined && stem.length >= 4) return [...candidates].find((candidate) => candidate.startsWith(stem));
  return best;
}

/** `; did you mean x?`, or nothing. */
export function didYouMean(received: unknown, candidates: Iterable<string>): string {
  const guess = typeof received === 'string' ? nearest(received, candidates) : undefined;
  return guess === undefined ? '' : `; did you mean \`${guess}\`?`;
}

/** Insertions, deletions, replacements and swaps of neighbours; gives up at `enough`. */
function editDistance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
      row.push(edits);
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? enough;
}
