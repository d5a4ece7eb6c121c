/**
 * The one grammar of paths, `nodes.<id>.config.x`: names joined by dots; an item of a list goes by its id, and by its index
 * only where it has none. A pointer is the same place as keys and indices, as JSON has them.
 */

export type Pointer = readonly (string | number)[];

/** Below these paths every key is one segment, dots included. */
const WHOLE_KEYS_BELOW: readonly string[] = ['account.quotas'];

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a pointer; `undefined` where there is none. */
export function valueAt(root: unknown, pointer: Pointer): unknown {
  let value = root;
  for (const key of pointer) {
    if (Array.isArray(value) && typeof key === 'number') value = value[key];
    else if (isRecord(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/** Writes a pointer in the grammar. */
export function pathText(root: unknown, pointer: Pointer): string {
  let value = root;
  const parts: string[] = [];
  for (const key of pointer) {
    if (Array.isArray(value) && typeof key === 'number') {
      value = value[key];
      parts.push(isRecord(value) && typeof value['id'] === 'string' && value['id'] !== '' ? value['id'] : String(key));
    } else {
      value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
      parts.push(String(key));
    }
  }
  return parts.join('.');
}

export function splitPath(path: string): readonly string[] {
  for (const prefix of WHOLE_KEYS_BELOW) {
    if (path.startsWith(`${prefix}.`)) return [...prefix.split('.'), path.slice(prefix.length + 1)];
  }
  return path.split('.');
}

/** The index of a list item named by a segment of a path: by id first, by index for items that have no id. */
export function indexOfSegment(list: readonly unknown[], segment: string): number | undefined {
  const byId = list.findIndex((item) => isRecord(item) && item['id'] === segment);
  if (byId >= 0) return byId;
  if (!/^\d+$/.test(segment)) return undefined;
  const index = Number(segment);
  const item = list[index];
  if (index >= list.length || (isRecord(item) && typeof item['id'] === 'string')) return undefined;
  return index;
}

/** Follows a path through a value as far as it leads. `rest` holds the segments that were not found. */
export function followPath(root: unknown, path: string): { pointer: Pointer; rest: readonly string[] } {
  const segments = path === '' ? [] : splitPath(path);
  const pointer: (string | number)[] = [];
  let value = root;
  for (const [depth, segment] of segments.entries()) {
    const key = Array.isArray(value) ? indexOfSegment(value, segment) : segment;
    if (key === undefined || !hasKey(value, key)) return { pointer, rest: segments.slice(depth) };
    pointer.push(key);
    value = valueAt(value, [key]);
  }
  return { pointer, rest: [] };
}

function hasKey(value: unknown, key: string | number): boolean {
  return Array.isArray(value) ? typeof key === 'number' : isRecord(value) && Object.hasOwn(value, key);
}
