/** Text from documents and files, made safe for a terminal: what controls one is shown, not obeyed. */

/** Widest line that is printed, in columns; a path or a name that is longer stays in one piece. */
export const lineWidth = 120;

/** C0 without tab and line feed, delete, C1, and the marks that turn or hide the direction of writing or break lines. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Control characters as `\u001b`. Text that holds none, and JSON's meaning, stay as they are. */
export function visible(text: string): string {
  return text.replace(CONTROLS, escaped);
}

/** As `visible`, with line feeds shown too: for a name that must not begin a line of its own. */
export function oneLine(text: string): string {
  return visible(text).replace(/[\n\t]/g, escaped);
}

/** Breaks a text between words; lines after the first are indented by `indent` columns. Ends with a line feed. */
export function wrapped(first: string, text: string, indent: number, width = lineWidth): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return `${[...lines, line].join('\n')}\n`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
