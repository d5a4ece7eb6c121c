/** The tests that compare both fidelities. */
import { describe, it } from 'vitest';
import { casesOf, groupsOf } from './fidelity-cases.ts';
import { checkFidelity } from './fidelity-claims.ts';
import { timeoutMs } from './fidelity-plan.ts';

/** A test for each pipeline of some groups. */
export function compareGroups(file: keyof typeof groupsOf): void {
  describe.each(groupsOf[file])('auto against exact, %s', (group) => {
    for (const { name, open, known } of casesOf(group)) {
      it(`agrees: ${name}`, { timeout: timeoutMs }, (context) => checkFidelity(context, open(), known));
    }
  });
}
