/**
 * Throws a plain Error when `condition` is false: the engine itself is wrong, or was built wrongly.
 * Anything a user can mend is refused as InputError before a model is built, never here.
 * In hot loops test the condition first and call `fail`, so that no message is built for events that are well.
 */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) fail(message);
}

/** Throws the plain Error of a broken invariant. Never returns. */
export function fail(message: string): never {
  throw new Error(`invariant: ${message}`);
}
