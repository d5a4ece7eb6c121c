/** The part of a result that is there while the run still goes on. */
import type { RawResult } from '#schema/result.ts';

export type Counted = Pick<RawResult, 'ledger' | 'nodes' | 'paths' | 'limits' | 'seed' | 'horizonSeconds' | 'fidelity'>;
