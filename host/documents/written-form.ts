/**
 * A file keeps the form its author gave it: defaults that were left out stay left out. The window works on a complete
 * document; this takes out again what only the defaults have put in.
 */
import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '#analysis/paths.ts';
import { validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { isDrawable, withDefaults } from './drafts.ts';

export type Written = Readonly<Record<string, unknown>>;

/** What a file holds, and the complete document that was made of it. */
export interface Baseline {
  readonly written: Written;
  readonly complete: unknown;
}

/** `document` as its author would have written it: as in the file where it is the same, without defaults elsewhere. */
export function writtenForm(document: Written, baseline: Baseline | undefined): Written {
  if (baseline === undefined) return document;
  const short = shortened(document, baseline.complete, baseline.written) as Written;
  return meanSame(short, document) ? short : document;
}

/** Fields that say what kind of thing an object is: the defaults of one kind are not those of another. */
const KINDS = ['kind', 'type'] as const;

function shortened(value: unknown, complete: unknown, written: unknown): unknown {
  if (written !== undefined && isDeepStrictEqual(value, complete)) return written;
  if (Array.isArray(value)) return shortenedList(value, complete, written);
  if (!isRecord(value) || !isRecord(complete)) return value;
  if (KINDS.some((name) => value[name] !== complete[name])) return value;
  const before = isRecord(written) ? written : {};
  const entries = Object.entries(value).flatMap(([name, held]) => {
    if (!Object.hasOwn(before, name) && isDeepStrictEqual(held, complete[name])) return [];
    return [[name, shortened(held, complete[name], before[name])] as const];
  });
  return Object.fromEntries(entries);
}

/** Items go by their id; without ids by their place, while no item has come or gone. */
function shortenedList(value: readonly unknown[], complete: unknown, written: unknown): readonly unknown[] {
  if (!Array.isArray(complete)) return value;
  const before: readonly unknown[] = Array.isArray(written) ? written : [];
  const ids = new Map(complete.map((item, index) => [idOf(item), index]));
  return value.map((item, index) => {
    const id = idOf(item);
    const place = id === undefined ? (value.length === complete.length ? index : undefined) : ids.get(id);
    if (place === undefined) return item;
    return shortened(item, complete[place], before[place]);
  });
}

function idOf(item: unknown): string | undefined {
  const id = isRecord(item) ? item['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** Filled with defaults, both are the same. */
function meanSame(a: Written, b: Written): boolean {
  const [first, second] = [a, b].map((each) => {
    const validated = validateDocument(each, catalog);
    if (!('faults' in validated)) return validated.document;
    return isDrawable(validated.faults) ? withDefaults(each) : undefined;
  });
  return first !== undefined && isDeepStrictEqual(first, second);
}
