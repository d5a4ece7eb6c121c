/** The row that is added to a table. */

export type Row = Readonly<Record<string, unknown>>;

/** Where there is nothing to go by. */
const FIRST_STEP = 60;

/** What continues the list: each number as far from the last one as that from the one before it. */
export function rowAfter(columns: readonly { readonly name: string }[], rows: readonly Row[]): Row {
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
