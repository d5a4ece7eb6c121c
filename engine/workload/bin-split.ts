/** Shares the exact count of a bin out to its equal cells, any cell at once, always with the same outcome. */
import { binomial } from '#engine/kernel/discrete.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';

/** Draws set aside for one split. */
const DRAWS_PER_SPLIT = 64;

/**
 * A multinomial split of a count over `cells` equal cells by halving. One cell costs log2(cells) binomial draws, without
 * memory of the others; the counts of all cells of a bin add up to the count of the bin.
 */
export class SplitTree {
  private readonly stream: DrawStream;
  private readonly cells: number;

  constructor(stream: DrawStream, cells: number) {
    this.stream = stream;
    this.cells = cells;
  }

  /** Records of cell `cell` (0 ... cells - 1) of bin number `bin` (whole, >= 0) that has `count` records. */
  countAt(bin: number, count: number, cell: number): number {
    let from = 0;
    let to = this.cells;
    let left = count;
    let node = 1;
    while (to - from > 1 && left > 0) {
      const middle = (from + to) >> 1;
      const share = (middle - from) / (to - from);
      const first = binomial(this.stream, bin, left, share, node * DRAWS_PER_SPLIT);
      node *= 2;
      if (cell < middle) {
        to = middle;
        left = first;
      } else {
        from = middle;
        left -= first;
        node += 1;
      }
    }
    return left;
  }
}
