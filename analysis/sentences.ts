/** Codes and parameters into sentences: the only place where log entries, checks and advice become words. */
import type { LogParams, Messages } from '#schema/component.ts';
import { numberText } from './numbers.ts';

/**
 * The sentence of a code; a code without one is shown with its parameters, so that nothing is lost. Numbers reach the
 * sentence as text, grouped and with no more digits than say something: a message prints its parameters and never computes.
 */
export function sentence(messages: Messages | undefined, code: string, params: LogParams): string {
  const shown = Object.entries(params).map(
    ([name, value]) => [name, typeof value === 'number' ? numberText(value) : value] as const,
  );
  const write = messages && Object.hasOwn(messages, code) ? messages[code] : undefined;
  if (write) return write(Object.fromEntries(shown));
  return shown.length === 0 ? code : `${code} (${shown.map(([name, value]) => `${name} ${value}`).join(', ')})`;
}
