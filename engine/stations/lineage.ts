/** The order of partitions that a consumer keeps: a partition that took over from others is read when these are done with. */

/** What a consumer keeps of a partition, so that it can wait for those it took over from. */
export interface Descendant<Self> {
  readonly children: Self[];
  /** Partitions that must be done with before this one is read. */
  parentsLeft: number;
}

/** Files a new partition under its parents, as far as they are not done with; true when it may be read at once. */
export function joinLine<Self extends Descendant<Self>>(child: Self, parents: readonly (Self | undefined)[]): boolean {
  for (const parent of parents) {
    if (parent === undefined) continue;
    parent.children.push(child);
    child.parentsLeft += 1;
  }
  return child.parentsLeft === 0;
}

/** A partition is done with: `begin` is called for each child that waited for it alone. */
export function leaveLine<Self extends Descendant<Self>>(done: Self, begin: (child: Self) => void): void {
  for (const child of done.children) {
    child.parentsLeft -= 1;
    if (child.parentsLeft === 0) begin(child);
  }
}
