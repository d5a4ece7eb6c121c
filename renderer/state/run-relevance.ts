/** Which changes of a document can change what a run of it finds: moving a card cannot. */
import type { CaudalDocument, DocumentNode } from '#schema/document.ts';

/** True where the two could give different results. Compares by reference first: states of one history share what is alike. */
export function changesRun(before: CaudalDocument, after: CaudalDocument): boolean {
  if (before === after) return false;
  return (
    before.account !== after.account ||
    before.run !== after.run ||
    before.edges !== after.edges ||
    before.workloads !== after.workloads ||
    before.faults !== after.faults ||
    before.objectives !== after.objectives ||
    changesNodes(before.nodes, after.nodes)
  );
}

function changesNodes(before: readonly DocumentNode[], after: readonly DocumentNode[]): boolean {
  if (before === after) return false;
  if (before.length !== after.length) return true;
  return before.some((node, index) => {
    const other = after[index];
    if (node === other) return false;
    return (
      other === undefined ||
      node.id !== other.id ||
      node.type !== other.type ||
      node.config !== other.config ||
      node.outputs !== other.outputs
    );
  });
}
