/**
 * Chi-square statistic of counts against expectations, as a standard normal deviate (Wilson and Hilferty 1931). Cells expected
 * below 5 are pooled with their neighbours. |z| > 4.5 happens by chance about 7 times in a million; draws are fixed by
 * their seed, so a test that passes keeps passing.
 */
export function chiSquareDeviate(observed: ArrayLike<number>, expected: ArrayLike<number>): number {
  const cells: [number, number][] = [];
  let seen = 0;
  let due = 0;
  for (let i = 0; i < observed.length; i += 1) {
    seen += observed[i] ?? 0;
    due += expected[i] ?? 0;
    if (due < 5) continue;
    cells.push([seen, due]);
    seen = 0;
    due = 0;
  }
  const last = cells.at(-1);
  if (last !== undefined) {
    last[0] += seen;
    last[1] += due;
  }
  const degrees = cells.length - 1;
  const statistic = cells.reduce((sum, [o, e]) => sum + ((o - e) * (o - e)) / e, 0);
  const spread = 2 / (9 * degrees);
  return (Math.cbrt(statistic / degrees) - (1 - spread)) / Math.sqrt(spread);
}

/** Largest |z| accepted. */
export const DEVIATE_LIMIT = 4.5;
