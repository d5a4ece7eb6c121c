/** Records in runs against records one by one: the same numbers, pipeline by pipeline, over pairs of runs with equal seeds. */
import { compareGroups } from '#test/harness/fidelity-suite.ts';

compareGroups('failures');
