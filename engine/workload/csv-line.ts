/** One line of comma-separated text. */

/** A field and the character column at which it begins, counted from 1. */
export interface CsvField {
  readonly text: string;
  readonly column: number;
}

/** Splits a line at commas. A field in double quotes may hold commas; two double quotes in it stand for one. */
export function splitCsvLine(line: string): CsvField[] {
  const fields: CsvField[] = [];
  let text = '';
  let start = 0;
  let quoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const character = line[i];
    if (quoted) {
      if (character !== '"') text += character;
      else if (line[i + 1] === '"') {
        text += '"';
        i += 1;
      } else quoted = false;
    } else if (character === '"' && text === '') {
      quoted = true;
    } else if (character === ',') {
      fields.push({ text, column: start + 1 });
      text = '';
      start = i + 1;
    } else {
      text += character;
    }
  }
  fields.push({ text, column: start + 1 });
  return fields;
}
