/** Codes and parameters into sentences: the only place where log entries, checks and advice become words. */
import type { LogParams, Messages } from '#schema/component.ts';
import { dropReasonText } from './messages.en.ts';
import { numberText } from './numbers.ts';

/**
 * The sentence of a code; a code without one is shown with its parameters, so that nothing is lost. Numbers reach the
 * sentence as text, grouped and with no more digits than say something, and the `reason` for which records are lost as words: a message prints its parameters and never computes.
 */
export function sentence(messages: Messages | undefined, code: string, params: LogParams): string {
  const shown = Object.entries(params).map(
    ([name, value]) => [name, typeof value === 'number' ? numberText(value) : textOf(name, value)] as const,
  );
  const write = messages && Object.hasOwn(messages, code) ? messages[code] : undefined;
  if (write) return write(Object.fromEntries(shown));
  return shown.length === 0 ? code : `${code} (${shown.map(([name, value]) => `${name} ${value}`).join(', ')})`;
}

function textOf(name: string, value: string): string {
  return name === 'reason' ? dropReasonText(value) : value;
}
