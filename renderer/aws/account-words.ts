/** The alias, with the last digits that tell two accounts apart. */
export function accountWords({
  alias,
  lastDigits,
}: {
  readonly alias: string | null;
  readonly lastDigits: string;
}): string {
  return `${alias ?? 'account'} (…${lastDigits})`;
}
