import { describe, expect, it } from 'vitest';
import { joinLine, leaveLine } from '#engine/stations/lineage.ts';

interface Partition {
  readonly name: string;
  readonly children: Partition[];
  parentsLeft: number;
}

const partition = (name: string): Partition => ({ name, children: [], parentsLeft: 0 });

describe('a partition that took over from others', () => {
  it('may be read at once when none of them is known any more', () => {
    expect(joinLine(partition('child'), [undefined])).toBe(true);
  });

  it('begins when the last of them is done with, and only then', () => {
    const [left, right, child] = [partition('left'), partition('right'), partition('child')];
    const begun: string[] = [];
    expect(joinLine(child, [left, right])).toBe(false);
    leaveLine(left, ({ name }) => begun.push(name));
    expect(begun).toEqual([]);
    leaveLine(right, ({ name }) => begun.push(name));
    expect(begun).toEqual(['child']);
  });
});
