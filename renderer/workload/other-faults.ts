/** Timed faults as a list: another kind keeps the time and the node. */
import type { CaudalDocument } from '#schema/document.ts';
import type { FaultKind, FaultSpec } from '#schema/faults.ts';
import { withFault } from '#renderer/charts/fault-edits.ts';

/** The fault as another kind, as strong as new ones of it are. */
export function faultOfKind(document: CaudalDocument, fault: FaultSpec, kind: FaultKind): FaultSpec {
  if (fault.kind === kind) return fault;
  const { id, node, startSeconds, durationSeconds } = fault;
  const example = withFault({ ...document, faults: [] }, kind, node, 0).faults[0];
  return example === undefined ? fault : { ...example, id, node, startSeconds, durationSeconds };
}
