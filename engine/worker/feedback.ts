/** Which edges of a document lie on a cycle: those whose two ends can reach each other. O(nodes + edges), no recursion. */

interface Arc {
  readonly source: string;
  readonly target: string;
}

/** Numbers nodes so that two of them have the same number exactly when each can be reached from the other (Kosaraju). */
function groupsOf(nodes: readonly string[], arcs: readonly Arc[]): ReadonlyMap<string, number> {
  const next = new Map<string, string[]>(nodes.map((id) => [id, []]));
  const before = new Map<string, string[]>(nodes.map((id) => [id, []]));
  for (const { source, target } of arcs) {
    next.get(source)?.push(target);
    before.get(target)?.push(source);
  }
  const finished: string[] = [];
  const seen = new Set<string>();
  for (const root of nodes) {
    const path = [{ id: root, child: 0 }];
    while (path.length > 0) {
      const step = path[path.length - 1]!;
      if (step.child === 0 && seen.has(step.id)) {
        path.pop();
        continue;
      }
      seen.add(step.id);
      const child = next.get(step.id)?.[step.child];
      step.child += 1;
      if (child !== undefined) path.push({ id: child, child: 0 });
      else {
        finished.push(step.id);
        path.pop();
      }
    }
  }
  const group = new Map<string, number>();
  for (let i = finished.length - 1; i >= 0; i--) {
    const open = [finished[i]!];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (group.has(id)) continue;
      group.set(id, i);
      open.push(...(before.get(id) ?? []));
    }
  }
  return group;
}

/** Answers for each arc whether what leaves by it can come round again. */
export function feedbackOf(nodes: readonly string[], arcs: readonly Arc[]): (arc: Arc) => boolean {
  const group = groupsOf(nodes, arcs);
  return ({ source, target }) => group.get(source) === group.get(target);
}
