/** Copies of templates for driving records through: no time is spent, and streams are read from their start. */
import type { Template } from './adapt-template.ts';

/**
 * Work takes no time, and a mapping that was made a moment ago misses nothing: with LATEST, on AWS too, what is put before its
 * first poll is not read.
 */
export function quick(template: Template): Template {
  const text = JSON.stringify(template)
    .replace(/\\"per(Invocation|Record)Ms\\":[\d.]+/g, (_, of: string) => `\\"per${of}Ms\\":0`)
    .replaceAll('"StartingPosition":"LATEST"', '"StartingPosition":"TRIM_HORIZON"');
  return JSON.parse(text) as Template;
}

/** The first chain, where each click becomes an order instead of every fifth. */
export function everyClick(template: Template): Template {
  return JSON.parse(
    JSON.stringify(quick(template)).replace(/\\"selectivity\\":0\.2/g, '\\"selectivity\\":1'),
  ) as Template;
}
