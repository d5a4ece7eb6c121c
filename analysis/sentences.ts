/** Codes and parameters into sentences: the only place where log entries, checks and advice become words. */
import type { LogParams, Messages } from '#schema/component.ts';
import type { Told } from '#schema/result.ts';
import { dropReasonText } from './messages.en.ts';
import { numberText } from './numbers.ts';

/**
 * What a sentence names of the document: a node or link, a setting by its path, an objective. A terminal says its id, as the
 * file has it; the window says what the cards and forms call it.
 */
export interface Named {
  readonly kind: 'place' | 'setting' | 'objective';
  readonly id: string;
}

/** A stretch of a sentence. */
export type Piece = string | Named;

/** Parameters that name something of the document, whatever the sentence. */
const NAMES: Readonly<Record<string, Named['kind']>> = {
  subscription: 'place',
  path: 'setting',
  objective: 'objective',
};

/** Stands around the number of a name while a sentence is written; no sentence and no id holds it. */
const MARK = '\u0000';

/**
 * The sentence of a code; a code without one is shown with its parameters, so that nothing is lost. Numbers reach the
 * sentence as text, grouped and with no more digits than say something, and the `reason` for which records are lost as words: a message prints its parameters and never computes.
 */
export function sentence(messages: Messages | undefined, code: string, params: LogParams): string {
  return written(messages, code, params, (id) => id);
}

/** The same sentence with what it names apart, so that a reader can be shown labels instead of ids. */
export function sentencePieces(messages: Messages | undefined, { code, params }: Told): readonly Piece[] {
  const named: Named[] = [];
  const text = written(messages, code, params, (id, kind) => `${MARK}${named.push({ kind, id }) - 1}${MARK}`);
  return text
    .split(MARK)
    .map((part, index): Piece => (index % 2 === 0 ? part : (named[Number(part)] ?? part)))
    .filter((piece) => piece !== '');
}

function written(
  messages: Messages | undefined,
  code: string,
  params: LogParams,
  name: (id: string, kind: Named['kind']) => string,
): string {
  const shown = Object.entries(params).map(([key, value]) => {
    if (typeof value === 'number') return [key, numberText(value)] as const;
    const kind = Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
    return [key, kind === undefined ? textOf(key, value) : name(value, kind)] as const;
  });
  const write = messages && Object.hasOwn(messages, code) ? messages[code] : undefined;
  if (write) return write(Object.fromEntries(shown));
  return shown.length === 0 ? code : `${code} (${shown.map(([key, value]) => `${key} ${value}`).join(', ')})`;
}

function textOf(name: string, value: string): string {
  return name === 'reason' ? dropReasonText(value) : value;
}
