/** JSON text with the places of its values, so that a fault names line and column. */
import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { followPath, type Pointer } from '#analysis/paths.ts';
import { type Fault, showReceived, type TextPosition } from '#schema/errors.ts';

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

/** Deepest nesting of lists and objects that is read; a document needs eight levels. */
const MOST_LEVELS = 100;
/** Most values that are read: a trace of the longest kind, and room. */
const MOST_VALUES = 1_500_000;
/** Most names of fields: the largest design has a third of it. */
const MOST_NAMES = 500_000;
/** A name that no field may have: it would change what an object is, not what it holds. */
const FORBIDDEN_NAME = '__proto__';

/** Reads JSON. Only the first fault of the grammar is told: the others mostly follow from it. */
export function readJson(source: string): JsonText | { readonly faults: readonly Fault[] } {
  const text = source.replace(/^\uFEFF/, '');
  const starts = lineStarts(text);
  const excess = firstExcess(text);
  if (excess !== undefined) {
    const { offset, ...fault } = excess;
    return { faults: [{ ...fault, path: '', position: positionAt(starts, offset) }] };
  }
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
  const names = badNames(tree, starts);
  if (names.length > 0) return { faults: names };
  const value: unknown = getNodeValue(tree);
  const properties = new Properties();
  const positionOf = (pointer: Pointer, isKey = false): TextPosition =>
    positionAt(starts, offsetOf(tree, properties, pointer, isKey));
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

function offsetOf(tree: Node, properties: Properties, pointer: Pointer, isKey: boolean): number {
  let node = tree;
  for (const [depth, key] of pointer.entries()) {
    const next = typeof key === 'number' ? node.children?.[key] : properties.find(node, key);
    const value = typeof key === 'number' ? next : next?.children?.[1];
    if (next === undefined || value === undefined) break;
    if (isKey && depth === pointer.length - 1) return next.offset;
    node = value;
  }
  return node.offset;
}

/** The properties of objects by name, indexed when first asked for: an object may have very many, all of them wrong. */
class Properties {
  private readonly byNode = new Map<Node, ReadonlyMap<unknown, Node>>();

  find(node: Node, key: string): Node | undefined {
    if (node.type !== 'object') return undefined;
    let known = this.byNode.get(node);
    if (known === undefined) {
      known = new Map((node.children ?? []).map((property) => [property.children?.[0]?.value as unknown, property]));
      this.byNode.set(node, known);
    }
    return known.get(key);
  }
}

/** Codes of the characters that give a text its structure. */
const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const BRACKET = 91;
const BRACKET_END = 93;
const BRACE = 123;
const BRACE_END = 125;

type Excess = Pick<Fault, 'code' | 'message' | 'received' | 'allowed'> & { readonly offset: number };

/** What would need more stack or memory than a parser has: found in one pass, before anything is built. */
function firstExcess(text: string): Excess | undefined {
  let level = 0;
  let values = 1;
  let names = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (char === QUOTE) i = endOfString(text, i);
    else if (char === COMMA) values += 1;
    else if (char === COLON) names += 1;
    else if (char === BRACKET_END || char === BRACE_END) level -= 1;
    else if (char === BRACKET || char === BRACE) {
      level += 1;
      values += 1;
      if (level > MOST_LEVELS) {
        const message = 'nests lists and objects too deeply for a document';
        return { code: 'document/too-deep', message, allowed: `at most ${MOST_LEVELS} levels`, offset: i };
      }
    }
    if (values > MOST_VALUES || names > MOST_NAMES) {
      const message = 'holds too many values; split the design, or keep a long trace in a CSV file';
      const allowed = `at most ${MOST_VALUES} values and ${MOST_NAMES} names of fields`;
      return { code: 'document/too-large', message, allowed, offset: i };
    }
  }
  return undefined;
}

/** The offset of the quote that closes the text that begins at `start`, or of the last character. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, offset: number): boolean {
  let first = offset;
  while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (offset - first) % 2 === 1;
}

/** JSON lets the last of two equal names win in silence; a reader of the file would not know which. */
function badNames(tree: Node, starts: readonly number[]): Fault[] {
  const faults: Fault[] = [];
  const add = (code: string, message: string, { offset }: Node): void => {
    faults.push({ code, path: '', message, position: positionAt(starts, offset) });
  };
  const stack = [tree];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const seen = new Set<unknown>();
    for (const child of node.children ?? []) {
      stack.push(child);
      if (node.type !== 'object') continue;
      const name: unknown = child.children?.[0]?.value;
      if (seen.has(name)) {
        add('document/duplicate-name', `holds the name ${showReceived(name)} twice in one object; remove one`, child);
      }
      if (name === FORBIDDEN_NAME) {
        add('document/forbidden-name', `holds the name ${FORBIDDEN_NAME}, which no field may have; remove it`, child);
      }
      seen.add(name);
    }
  }
  return faults.sort((a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0));
}
