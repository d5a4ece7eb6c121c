/** Ids of new things: readable, legal and taken by nothing else. */
import type { CaudalDocument } from '#schema/document.ts';

const LONGEST = 64;

/** `base`, or the first of `base-2`, `base-3`, ... that is free. A number at the end of `base` is counted on. */
export function freeId(base: string, taken: ReadonlySet<string>): string {
  const clean = legal(base);
  if (!taken.has(clean)) return clean;
  const stem = clean.replace(/-\d+$/, '');
  for (let number = 2; ; number += 1) {
    const ending = `-${number}`;
    const id = stem.slice(0, LONGEST - ending.length) + ending;
    if (!taken.has(id)) return id;
  }
}

/** Nodes and edges share one space of ids: a path such as `nodes.x` and a log line must mean one of them. */
export function takenIds({ nodes, edges }: Pick<CaudalDocument, 'nodes' | 'edges'>): Set<string> {
  return new Set([...nodes, ...edges].map(({ id }) => id));
}

function legal(text: string): string {
  const id = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, LONGEST);
  return id === '' ? 'item' : id;
}
