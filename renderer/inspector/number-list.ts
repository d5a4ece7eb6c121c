/** Lists of plain numbers as text: pasted from a spreadsheet, a log, a JSON file. */
import { isKeptExactly } from '#analysis/numbers.ts';

export type ReadNumbers = { readonly numbers: readonly number[] } | { readonly fault: string };

/** Reads numbers separated by commas, semicolons, spaces or lines; brackets around them are ignored. */
export function numbersOfText(text: string): ReadNumbers {
  const parts = text
    .trim()
    .replace(/^\[/, '')
    .replace(/\]$/, '')
    .split(/[\s,;]+/)
    .filter((part) => part !== '');
  if (parts.length === 0) return { fault: 'Write numbers, separated by commas, spaces or lines.' };
  const wrong = parts.findIndex(
    (part) => !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part) || !isKeptExactly(Number(part)),
  );
  if (wrong >= 0) {
    const shown = (parts[wrong] ?? '').slice(0, 40);
    return {
      fault: `Entry ${wrong + 1}, "${shown}", is not a number. Write numbers, separated by commas, spaces or lines.`,
    };
  }
  return { numbers: parts.map(Number) };
}

export function textOfNumbers(numbers: readonly number[]): string {
  return numbers.join(', ');
}
