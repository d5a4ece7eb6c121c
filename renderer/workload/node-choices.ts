import type { DocumentNode } from '#schema/document.ts';

export interface NodeChoice {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

/** The nodes of a design by their labels, for a choice among them. */
export function nodeChoices(nodes: readonly DocumentNode[]): readonly NodeChoice[] {
  return nodes.map(({ id, label }) =>
    label === '' || label === id ? { value: id, label: id } : { value: id, label, description: id },
  );
}
