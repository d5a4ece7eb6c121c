/** What an objective looks at, in words: the quantity and where. */
import type { Objective } from '#schema/objectives.ts';
import { type Named, placeName } from './place-name.ts';

/** `p99 latency to Analytics`, `Largest Duration at enrich`. */
export function measuredWords(document: Named, objective: Objective): string {
  switch (objective.kind) {
    case 'latency':
      return `p${Number((objective.quantile * 100).toPrecision(4))} latency to ${placeName(document, objective.node)}`;
    case 'loss':
      return 'Records lost, of those created';
    case 'duplicates':
      return `Duplicates delivered${objective.node === undefined ? '' : ` at ${placeName(document, objective.node)}`}`;
    case 'metric':
      return `Largest ${objective.metric} at ${placeName(document, objective.node)}`;
    case 'monthlyCost':
      return 'Cost of a month at this load';
  }
}
