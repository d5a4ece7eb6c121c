/** Which node or edge of the document a resource belongs to: written into the template, so that any later session can read it. */

/** Key of the template's metadata that holds the logical ids of each node and edge. */
export const OWNERS_KEY = 'caudal:resources';

/** Id of a node or edge by logical id. */
export type Owners = ReadonlyMap<string, string>;

/** What the template says. */
export function ownersOf({ Metadata = {} }: { readonly Metadata?: Readonly<Record<string, unknown>> }): Owners {
  const byOwner = (Metadata[OWNERS_KEY] ?? {}) as Readonly<Record<string, readonly string[]>>;
  return new Map(Object.entries(byOwner).flatMap(([owner, ids]) => ids.map((id) => [id, owner] as const)));
}
