/** JSON with its keys sorted, so that equal data has equal text: what a digest is made of. */

/** Typed arrays read as lists; numbers JSON cannot write are named, so that they are told apart. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, held: unknown) => {
    if (typeof held === 'number' && !Number.isFinite(held)) return `number:${held}`;
    if (ArrayBuffer.isView(held)) return [...(held as Float64Array)];
    if (held === null || typeof held !== 'object' || Array.isArray(held)) return held;
    return Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
