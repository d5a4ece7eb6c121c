/** How an edge looks at a moment of a run. */
import { type RatePeriod, rateText } from './quantities.ts';
import { edgeTotal, type Moment, momentSeconds } from './recording.ts';

export interface EdgeView {
  readonly recordsPerSecond: number;
  /** Line width, canvas units. */
  readonly width: number;
  /** Shares of what was sent, 0..1. */
  readonly retriedRatio: number;
  readonly droppedRatio: number;
  /** The rate over the line; `label` says of what, where there is room. */
  readonly rate: string;
  readonly label: string;
  /** What goes wrong, if anything does. */
  readonly trouble: string | undefined;
  /** The same in words. */
  readonly words: string;
}

const THINNEST = 1.5;
const WIDEST = 8;
/** Width added for each tenfold rate. */
const WIDTH_PER_DECADE = 1.1;

/** Width by the logarithm of the rate: what carries a thousand times more is visibly, not absurdly, wider. */
export function edgeWidth(recordsPerSecond: number): number {
  return Math.min(WIDEST, THINNEST + WIDTH_PER_DECADE * Math.log10(1 + recordsPerSecond));
}

/** What goes along an edge: records, or what is asked and answered. */
export type Carried = 'records' | 'calls' | 'queries';

export function edgeView(
  id: string,
  moment: Moment,
  period?: RatePeriod,
  carried: Carried = 'records',
): EdgeView | undefined {
  if (!moment.recording.edges.has(id)) return undefined;
  const seconds = momentSeconds(moment);
  const records = edgeTotal(moment, id, 'records');
  const retried = edgeTotal(moment, id, 'retried');
  const dropped = edgeTotal(moment, id, 'dropped');
  const recordsPerSecond = records / seconds;
  const sent = Math.max(1, records + retried + dropped);
  // Along the others records are what fails: a call may ask about many.
  const of = carried === 'records' ? undefined : 'records';
  const lost = dropped > 0 ? `${rateText(dropped / seconds, period, of)} lost` : undefined;
  const again = retried > 0 ? `${rateText(retried / seconds, period, of)} retried` : undefined;
  return {
    recordsPerSecond,
    width: edgeWidth(recordsPerSecond),
    retriedRatio: retried / sent,
    droppedRatio: dropped / sent,
    rate: rateText(recordsPerSecond, period),
    label: rateText(recordsPerSecond, period, carried === 'records' ? undefined : carried),
    trouble: lost ?? again,
    words: [rateText(recordsPerSecond, period, carried), lost, again].filter((part) => part !== undefined).join(', '),
  };
}
