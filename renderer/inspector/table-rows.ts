/** The row that is added to a table. */

export type Row = Readonly<Record<string, unknown>>;

/** Where there is nothing to go by. */
const FIRST_STEP = 60;

/** The table with one more row: at its end, or before the last of shares that end at 1, half way to it. */
export function withRow(columns: readonly { readonly name: string }[], rows: readonly Row[]): readonly Row[] {
  const [first] = columns;
  const last = rows.at(-1);
  const before = rows.at(-2);
  const shares = first === undefined ? [] : rows.map((row) => numberIn(row, first.name));
  const areShares = shares.at(-1) === 1 && shares[0] === 0;
  if (!areShares || last === undefined || before === undefined) return [...rows, rowAfter(columns, rows)];
  const between = columns.map(({ name }) => [name, (numberIn(before, name) + numberIn(last, name)) / 2] as const);
  return [...rows.slice(0, -1), Object.fromEntries(between), last];
}

/** What continues the list: each number as far from the last one as that from the one before it. */
function rowAfter(columns: readonly { readonly name: string }[], rows: readonly Row[]): Row {
  const last = rows.at(-1);
  const before = rows.at(-2);
  return Object.fromEntries(
    columns.map(({ name }, place) => {
      const value = numberIn(last, name);
      const step = before === undefined ? value || FIRST_STEP : value - numberIn(before, name);
      return [name, place === 0 ? value + (step > 0 ? step : FIRST_STEP) : value];
    }),
  );
}

function numberIn(row: Row | undefined, name: string): number {
  const value = row?.[name];
  return typeof value === 'number' ? value : 0;
}
