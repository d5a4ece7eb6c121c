import { describe, expect, it } from 'vitest';
import { faultKinds, withFault } from '#renderer/charts/fault-edits.ts';
import { faultOfKind } from '#renderer/workload/other-faults.ts';
import { faultSchema } from '#schema/faults.ts';
import { chain } from '#test/unit/renderer/state/edits/edits-fixture.ts';

describe('a fault of another kind', () => {
  it('keeps its name, its node and its time', () => {
    const document = withFault(chain(), 'outage', 'lambda', 100);
    const [fault] = document.faults;
    if (fault === undefined) throw new Error('the fault was placed');
    for (const kind of faultKinds) {
      const other = faultOfKind(document, fault, kind);
      const { id, node, startSeconds, durationSeconds } = fault;
      expect(other).toMatchObject({ kind, id, node, startSeconds, durationSeconds });
      expect(faultSchema.safeParse(other).success).toBe(true);
    }
  });
});
