/** Records in runs against records one by one: the same headline numbers, pipeline by pipeline, over pairs of runs with equal seeds. */
import { describe, it } from 'vitest';
import { checkFidelity } from '#test/harness/fidelity-claims.ts';
import { casesOf, groupNames } from '#test/harness/fidelity-cases.ts';

describe.each(groupNames)('auto against exact, %s', (group) => {
  for (const { name, open, pairs, known } of casesOf(group)) {
    it(`agrees: ${name}`, (context) => checkFidelity(context, open(), pairs, known));
  }
});
