/** How the content of a run that an older Caudal saved becomes one of today. */

/** Takes the content of one format and returns that of the next; plain data that nothing has checked yet. */
export type Migration = (content: unknown) => unknown;

/** The migration at index `i` leads from format `i + 1` to `i + 2`. */
export const migrations: readonly Migration[] = [
  // Format 2 may say of a bottleneck what its sentence says as codes; without them the sentence stands as it was written.
  (content) => content,
];

/** The content as the format behind the last migration has it. */
export function migrated(content: unknown, format: number, steps: readonly Migration[] = migrations): unknown {
  return steps.slice(format - 1).reduce((before, step) => step(before), content);
}
