/** Codes and parameters into sentences: the only place where log entries, checks and advice become words. */
import type { LogParams, Messages } from '#schema/component.ts';

/** The sentence of a code; a code without one is shown with its parameters, so that nothing is lost. */
export function sentence(messages: Messages | undefined, code: string, params: LogParams): string {
  const write = messages && Object.hasOwn(messages, code) ? messages[code] : undefined;
  if (write) return write(params);
  const shown = Object.entries(params).map(([name, value]) => `${name} ${value}`);
  return shown.length === 0 ? code : `${code} (${shown.join(', ')})`;
}
