/** Changes one value of a document by its path: `--set nodes.clicks.config.shardCount=8`, patches of advice, sweeps. */
import type { PatchStep } from '#schema/component.ts';
import type { Fault } from '#schema/errors.ts';
import { didYouMean } from './nearest.ts';
import { indexOfSegment, isRecord, splitPath, valueAt } from './paths.ts';

/** Deepest nesting of a value that is set; a document needs eight levels. */
const MOST_LEVELS = 50;
/** A name that would change what an object is, not what it holds. */
const FORBIDDEN_NAME = '__proto__';

export interface Assignment {
  readonly path: string;
  /** `undefined` removes the field. */
  readonly value: unknown;
}

/** A changed copy, and what could not be changed. The input is left as it is. */
export interface Changed {
  readonly root: unknown;
  readonly faults: readonly Fault[];
}

/** Reads `path=value`; the value is JSON, or else the text itself. */
export function parseAssignment(text: string): Assignment | Fault {
  const equals = text.indexOf('=');
  const path = equals < 0 ? '' : text.slice(0, equals).trim();
  if (path === '') {
    return {
      code: 'set/not-an-assignment',
      path: text.trim(),
      message: 'must be a path, an equals sign and a value',
      received: text,
      allowed: 'nodes.<id>.config.<field>=<value>',
    };
  }
  return { path, value: valueOf(text.slice(equals + 1)) };
}

/** Reads several `path=value` texts and applies them in order; all faults are reported. */
export function applySettings(root: unknown, settings: readonly string[]): Changed {
  const faults: Fault[] = [];
  const assignments: Assignment[] = [];
  for (const setting of settings) {
    const parsed = parseAssignment(setting);
    if ('code' in parsed) faults.push(parsed);
    else assignments.push(parsed);
  }
  const changed = applyAssignments(root, assignments);
  return { root: changed.root, faults: [...faults, ...changed.faults] };
}

/** Applies assignments in order. */
export function applyAssignments(root: unknown, assignments: readonly Assignment[]): Changed {
  const faults: Fault[] = [];
  let changed = root;
  for (const { path, value } of assignments) {
    const next = setPath(changed, path, value);
    if ('code' in next) faults.push(next);
    else changed = next.root;
  }
  return { root: changed, faults };
}

/** Applies a patch as advice gives it, with absolute paths. */
export function applyPatch(root: unknown, patch: readonly PatchStep[]): Changed {
  return applyAssignments(
    root,
    patch.map(({ path, to }) => ({ path, value: to })),
  );
}

/** One change. Objects on the way are made where they are missing; items of a list must exist. */
export function setPath(root: unknown, path: string, value: unknown): { readonly root: unknown } | Fault {
  const segments = splitPath(path);
  if (segments.some((segment) => segment === '')) {
    return fault('set/not-a-path', path, 'has an empty part between two dots', undefined, 'nodes.<id>.config.<field>');
  }
  if (segments.includes(FORBIDDEN_NAME)) {
    const message = `goes through ${FORBIDDEN_NAME}, which no field is called`;
    return fault('set/not-a-path', path, message, undefined, 'nodes.<id>.config.<field>');
  }
  return change(root, segments, 0, path, value);
}

function change(
  held: unknown,
  segments: readonly string[],
  depth: number,
  path: string,
  value: unknown,
): { readonly root: unknown } | Fault {
  const segment = segments[depth];
  if (segment === undefined) return { root: value };
  if (Array.isArray(held)) return changeItem(held, segment, segments, depth, path, value);
  if (held !== undefined && !isRecord(held)) {
    const place = segments.slice(0, depth).join('.');
    const message = `leads through ${place}, which is a single value`;
    return fault('set/not-an-object', path, message, held, 'a path that ends there');
  }
  const inner = change(valueAt(held, [segment]), segments, depth + 1, path, value);
  if ('code' in inner) return inner;
  const { [segment]: _, ...rest } = held ?? {};
  if (inner.root === undefined) return { root: rest };
  return { root: { ...held, [segment]: inner.root } };
}

function changeItem(
  list: readonly unknown[],
  segment: string,
  segments: readonly string[],
  depth: number,
  path: string,
  value: unknown,
): { readonly root: unknown } | Fault {
  const index = indexOfSegment(list, segment);
  if (index === undefined) {
    const ids = list.flatMap((item) => (isRecord(item) && typeof item['id'] === 'string' ? [item['id']] : []));
    const owner = segments.slice(0, depth).join('.');
    const known = ids.length > 0 ? ids : list.map((_, place) => String(place));
    const message = `names an item of ${owner} that does not exist${didYouMean(segment, known)}`;
    return fault('set/unknown-id', path, message, segment, known.slice(0, 30).join(', ') || 'none: the list is empty');
  }
  const inner = change(list[index], segments, depth + 1, path, value);
  if ('code' in inner) return inner;
  return {
    root: list.flatMap((item, place) => (place === index ? (inner.root === undefined ? [] : [inner.root]) : [item])),
  };
}

/** JSON where it is that and not nested beyond reason, else the text itself. */
function valueOf(text: string): unknown {
  try {
    return levelsOf(text) > MOST_LEVELS ? text : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}

function levelsOf(text: string): number {
  let level = 0;
  let deepest = 0;
  for (const char of text) {
    if (char === '[' || char === '{') level += 1;
    else if (char === ']' || char === '}') level -= 1;
    deepest = Math.max(deepest, level);
  }
  return deepest;
}

function fault(code: string, path: string, message: string, received: unknown, allowed: string): Fault {
  const shown = received === undefined ? {} : { received: JSON.stringify(received) ?? String(received) };
  return { code, path, message, ...shown, allowed };
}
