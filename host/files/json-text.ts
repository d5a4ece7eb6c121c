/** JSON text with the places of its values, so that a fault names line and column. */
import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { followPath, type Pointer } from '#analysis/paths.ts';
import type { Fault, TextPosition } from '#schema/errors.ts';

export interface JsonText {
  readonly value: unknown;
  /** The place of a value, or of the nearest one around it. `isKey`: of its name. */
  positionOf(pointer: Pointer, isKey?: boolean): TextPosition | undefined;
  /** As `positionOf`, for a path in the grammar. */
  positionOfPath(path: string): TextPosition | undefined;
}

const SAID: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a word that is not JSON (text needs double quotes)',
  InvalidNumberFormat: 'a number is not well formed',
  PropertyNameExpected: 'a name in double quotes is expected (is there a comma too many?)',
  ValueExpected: 'a value is expected (is there a comma too many?)',
  ColonExpected: 'a colon is expected',
  CommaExpected: 'a comma is expected',
  CloseBraceExpected: 'a closing brace } is missing',
  CloseBracketExpected: 'a closing bracket ] is missing',
  EndOfFileExpected: 'something follows after the end of the document',
  InvalidCommentToken: 'comments are not allowed in JSON',
  UnexpectedEndOfComment: 'comments are not allowed in JSON',
  UnexpectedEndOfString: 'a text is not closed by a double quote',
  UnexpectedEndOfNumber: 'a number ends too early',
  InvalidUnicode: 'a \\u sequence is not well formed',
  InvalidEscapeCharacter: 'an escape sequence is not known',
  InvalidCharacter: 'a character is not allowed here',
};

/** Reads JSON. Only the first fault of the grammar is told: the others mostly follow from it. */
export function readJson(source: string): JsonText | { readonly faults: readonly Fault[] } {
  const text = source.replace(/^\uFEFF/, '');
  const starts = lineStarts(text);
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  const [first] = errors;
  if (first !== undefined || tree === undefined) {
    const message = (first && SAID[printParseErrorCode(first.error)]) ?? 'is not well formed';
    const fault = {
      code: 'document/not-json',
      path: '',
      message: `is not valid JSON: ${text.trim() === '' ? 'the file is empty' : message}`,
    };
    return { faults: [{ ...fault, position: positionAt(starts, first?.offset ?? 0) }] };
  }
  const repeated = repeatedKeys(tree, starts);
  if (repeated.length > 0) return { faults: repeated };
  const value: unknown = getNodeValue(tree);
  const positionOf = (pointer: Pointer, isKey = false): TextPosition =>
    positionAt(starts, offsetOf(tree, pointer, isKey));
  return { value, positionOf, positionOfPath: (path) => positionOf(followPath(value, path).pointer) };
}

/** Counts from 1; columns in UTF-16 units, as editors do. */
function positionAt(starts: readonly number[], offset: number): TextPosition {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return starts;
}

function offsetOf(tree: Node, pointer: Pointer, isKey: boolean): number {
  let node = tree;
  for (const [depth, key] of pointer.entries()) {
    const next = typeof key === 'number' ? node.children?.[key] : propertyOf(node, key);
    const value = typeof key === 'number' ? next : next?.children?.[1];
    if (next === undefined || value === undefined) break;
    if (isKey && depth === pointer.length - 1) return next.offset;
    node = value;
  }
  return node.offset;
}

function propertyOf(node: Node, key: string): Node | undefined {
  if (node.type !== 'object') return undefined;
  return node.children?.find((property) => property.children?.[0]?.value === key);
}

/** JSON lets the last of two equal names win in silence; a reader of the file would not know which. */
function repeatedKeys(tree: Node, starts: readonly number[]): Fault[] {
  const faults: Fault[] = [];
  const stack = [tree];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === 'object') {
      const seen = new Set<unknown>();
      for (const property of node.children ?? []) {
        const name: unknown = property.children?.[0]?.value;
        if (seen.has(name)) {
          const message = `the name ${JSON.stringify(name)} stands twice in one object; remove one`;
          faults.push({
            code: 'document/duplicate-name',
            path: '',
            message,
            position: positionAt(starts, property.offset),
          });
        }
        seen.add(name);
      }
    }
    stack.push(...(node.children ?? []));
  }
  return faults;
}
