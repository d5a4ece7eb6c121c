/** How a node card looks at a moment of a run. Knows no component: what fills a face is declared with the component. */
import type { ComponentSpec } from '#schema/component.ts';
import { activeFaults, type Badge, badgesOf } from './node-badges.ts';
import { type Face, faceOf, nearRatio } from './node-face.ts';
import { type RatePeriod, rateText } from './quantities.ts';
import { arrivedAt, insideAt, limitUses, type Moment, momentSeconds, nodeTotal } from './recording.ts';

/**
 * Idle: no result. Near: a limit is used to 80 % or more, or refused a little. Failing: it refused a share worth noting,
 * records were lost, or the user has put the node out of order.
 */
export type NodeState = 'idle' | 'running' | 'near' | 'failing';

export interface NodeView {
  readonly state: NodeState;
  readonly rate: string;
  readonly badges: readonly Badge[];
  readonly face: Face;
  readonly words: string;
}

/** Refused for each record that came, from which a node fails. */
const FAILING_RATIO = 0.001;
/** Faults after which nothing goes through a node. */
const BREAKING = new Set(['outage']);

const STATE_WORDS: Readonly<Record<NodeState, string>> = {
  idle: 'not run',
  running: 'below its limits',
  near: 'near a limit',
  failing: 'at a limit, out of order or losing records',
};

export function nodeView(id: string, spec: ComponentSpec, moment: Moment, period?: RatePeriod): NodeView | undefined {
  const { recording } = moment;
  if (!recording.nodes.has(id)) return undefined;
  const seconds = momentSeconds(moment);
  const uses = limitUses(moment, id);
  const trouble = {
    arrived: arrivedAt(moment, id) / seconds,
    lost: nodeTotal(moment, id, 'lost') / seconds,
    refused: uses.reduce((sum, { refused }) => sum + refused, 0) / seconds,
    inside: insideAt(moment, id),
  };
  const faults = activeFaults(recording.faults, id, moment);
  const isBroken = faults.some(({ kind }) => BREAKING.has(kind));
  const highest = uses.reduce((most, { usedRatio }) => Math.max(most, usedRatio), 0);
  const state = isBroken ? 'failing' : stateOf(trouble, highest, faults.length > 0);
  // Nothing is better than a zero.
  const rate = trouble.arrived > 0 ? rateText(trouble.arrived, period) : '';
  const badges = badgesOf(spec, recording.results[id], faults, trouble, moment, period);
  return {
    state,
    rate,
    badges,
    face: faceOf(spec, id, uses, moment),
    words: [rate, STATE_WORDS[state], ...badges.map(({ words }) => words)].filter((part) => part !== '').join(', '),
  };
}

function stateOf(
  { arrived, lost, refused }: { readonly arrived: number; readonly lost: number; readonly refused: number },
  highest: number,
  hasFault: boolean,
): NodeState {
  if (lost > 0 || refused > FAILING_RATIO * arrived) return 'failing';
  return refused > 0 || highest >= nearRatio || hasFault ? 'near' : 'running';
}
