/**
 * From what a run counted to money: cost lines for the run and for a month of 730 hours.
 *
 * A month is the run stretched by one factor for each kind of quantity:
 * - `time` and `perCycle`: 730 h over the hours of the run. A schedule fires as often per hour all month.
 * - `load`: records of a month over records of the recorded horizon, both from the arrival profiles that reach the node. So
 *   a run over the busy hours of a day does not make a busy month. Where several workloads reach a node, their sums count.
 * - `stored`: 730 h over the hours of the run, of a quantity that is stock times time. Assumption: the mean stock of the
 *   horizon is kept all month; a stock that still grows when the run ends is understated.
 *
 * Tiers apply to monthly quantities of the whole account. The run is a part of such a month: it pays the month's mean
 * price of each rate. A design with one-off faults gives the usage of a run without them for the month.
 */
import { hoursPerMonth, pooledLines, priceOf } from '#catalog/pricing/arithmetic.ts';
import type { RateTable } from '#catalog/pricing/rates.ts';
import { compileProfile } from '#engine/workload/profile.ts';
import type { PriceFacet, RatesView, ScalesWith, UsageDeclaration } from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { PriceLine } from '#schema/pricing.ts';
import type { CostLine, CostResult, RawResult } from '#schema/result.ts';
import { calendarOf } from './calendar.ts';
import { type Catalog, connectionOfEdge, nodesById } from './catalog.ts';

export interface BillInput {
  readonly document: CaudalDocument;
  readonly catalog: Catalog;
  readonly rates: RateTable;
  readonly usage: RawResult['usage'];
  /** Usage of the same run without one-off faults, where the document has such. */
  readonly usageWithoutFaults?: RawResult['usage'] | undefined;
  readonly horizonSeconds: number;
}

/** A node, or an edge with settings of its own, that is billed. */
export interface Payer {
  readonly id: string;
  /** Node whose load it follows. */
  readonly node: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly usage: readonly UsageDeclaration[];
  readonly price: PriceFacet<never>;
}

interface PayerLine {
  readonly payer: string;
  readonly line: PriceLine;
}

/** The bill of a run and of a month. Lines are in the document's order; what was not used has no line. */
export function billOf(input: BillInput): CostResult {
  const { rates, horizonSeconds, usage } = input;
  const horizonHours = horizonSeconds / 3600;
  const payers = payersOf(input);
  const monthUsage = input.usageWithoutFaults ?? usage;
  const loadFactors = loadFactorsOf(input.document, horizonSeconds);
  const view: RatesView = {
    price: (dimension, rateId, quantity) => priceOf(rates, rateId, quantity, dimension),
  };
  const run = payers.flatMap((payer) => linesOf(payer, usage[payer.id] ?? {}, horizonHours, view));
  const month = payers.flatMap((payer) => {
    const factors = factorsOf(hoursPerMonth / horizonHours, loadFactors.get(payer.node));
    return linesOf(payer, scaled(payer, monthUsage[payer.id] ?? {}, factors), hoursPerMonth, view);
  });
  const pooled = pooledLines(
    rates,
    month.map(({ line }) => line),
  );
  const monthly = month.map(({ payer }, index) => ({ payer, line: pooled[index] as PriceLine }));
  const lines = joined(run, monthly);
  return {
    currency: 'USD',
    run: lines.reduce((sum, line) => sum + line.usdRun, 0),
    perMonth: lines.reduce((sum, line) => sum + line.usdPerMonth, 0),
    lines,
  };
}

/** True when the design has faults placed on the timeline, so that the month needs a run without them. */
export function hasOneOffFaults(document: CaudalDocument): boolean {
  return document.faults.length > 0;
}

/** Records of a month for each record of the horizon, for every node that a workload reaches. */
export function loadFactorsOf(document: CaudalDocument, horizonSeconds: number): ReadonlyMap<string, number> {
  return factorsOfLoad(document, horizonSeconds, (profile) => profile.recordsPerMonth());
}

/** Records that arrive between two seconds for each record of the horizon, for every node that a workload reaches. */
export function loadFactorsBetween(
  document: CaudalDocument,
  horizonSeconds: number,
  fromSecond: number,
  toSecond: number,
): ReadonlyMap<string, number> {
  return factorsOfLoad(document, horizonSeconds, (profile) => profile.integral(Math.max(0, fromSecond), toSecond));
}

function factorsOfLoad(
  document: CaudalDocument,
  horizonSeconds: number,
  recordsOf: (profile: ReturnType<typeof compileProfile>) => number,
): ReadonlyMap<string, number> {
  const calendar = calendarOf(document.account);
  const wanted = new Map<string, number>();
  const horizon = new Map<string, number>();
  for (const workload of document.workloads) {
    const profile = compileProfile(workload.arrivals, calendar);
    for (const node of reachedFrom(document, workload.node)) {
      wanted.set(node, (wanted.get(node) ?? 0) + recordsOf(profile));
      horizon.set(node, (horizon.get(node) ?? 0) + profile.integral(0, horizonSeconds));
    }
  }
  const factors = new Map<string, number>();
  for (const [node, records] of horizon) if (records > 0) factors.set(node, (wanted.get(node) ?? 0) / records);
  return factors;
}

function reachedFrom(document: CaudalDocument, start: string): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const { source, target } of document.edges) next.set(source, [...(next.get(source) ?? []), target]);
  const reached = new Set([start]);
  for (const id of reached) for (const target of next.get(id) ?? []) reached.add(target);
  return reached;
}

/** All that a document is billed for, in its order. */
export function payersOf({ document, catalog }: Pick<BillInput, 'document' | 'catalog'>): readonly Payer[] {
  const nodes = nodesById(document);
  const ofNodes = document.nodes.flatMap(({ id, type, config }) => {
    const spec = catalog.components.get(type);
    return spec?.price ? [{ id, node: id, config, usage: spec.usage, price: spec.price }] : [];
  });
  const ofEdges = document.edges.flatMap((edge) => {
    const spec = connectionOfEdge(catalog, nodes, edge);
    return spec?.price
      ? [{ id: edge.id, node: edge.source, config: edge.config, usage: spec.usage, price: spec.price }]
      : [];
  });
  return [...ofNodes, ...ofEdges];
}

function factorsOf(byTime: number, byLoad: number | undefined): Readonly<Record<ScalesWith, number>> {
  return { time: byTime, perCycle: byTime, stored: byTime, load: byLoad ?? byTime };
}

function scaled(
  payer: Payer,
  usage: Readonly<Record<string, number>>,
  factors: Readonly<Record<ScalesWith, number>>,
): Readonly<Record<string, number>> {
  const kinds = new Map(payer.usage.map((declared) => [declared.id, declared.scalesWith]));
  return Object.fromEntries(
    Object.entries(usage).map(([id, quantity]) => [id, quantity * factors[kinds.get(id) ?? 'time']]),
  );
}

/** Every declared quantity is present, so that a price facet needs no defaults. */
function linesOf(
  payer: Payer,
  counted: Readonly<Record<string, number>>,
  horizonHours: number,
  view: RatesView,
): readonly PayerLine[] {
  const zeros = Object.fromEntries(payer.usage.map(({ id }) => [id, 0]));
  const usage = { quantities: { ...zeros, ...counted }, horizonHours };
  return payer.price(usage, payer.config as never, view).map((line) => ({ payer: payer.id, line }));
}

function joined(run: readonly PayerLine[], month: readonly PayerLine[]): CostLine[] {
  const meanPrice = meanPrices(month.map(({ line }) => line));
  const lines = new Map<string, CostLine>();
  const lineFor = ({ payer, line }: PayerLine): CostLine => {
    const key = `${payer}\0${line.dimension}\0${line.rateId}`;
    const known = lines.get(key);
    if (known) return known;
    const { dimension, unit, rateId, rateDate, confidence } = line;
    const fresh = {
      node: payer,
      dimension,
      quantity: 0,
      unit,
      usdRun: 0,
      usdPerMonth: 0,
      rateId,
      rateDate,
      confidence,
    };
    lines.set(key, fresh);
    return fresh;
  };
  for (const item of run) {
    const { quantity, usd, rateId } = item.line;
    const line = lineFor(item);
    const price = meanPrice.get(rateId);
    line.quantity += quantity;
    line.usdRun += price === undefined ? usd : quantity * price;
  }
  for (const item of month) lineFor(item).usdPerMonth += item.line.usd;
  return [...lines.values()].filter((line) => line.quantity > 0 || line.usdPerMonth > 0);
}

/** What one unit of each rate costs on average over the month's tiers. */
function meanPrices(month: readonly PriceLine[]): ReadonlyMap<string, number> {
  const totals = new Map<string, { usd: number; quantity: number }>();
  for (const { rateId, usd, quantity } of month) {
    const total = totals.get(rateId) ?? { usd: 0, quantity: 0 };
    totals.set(rateId, { usd: total.usd + usd, quantity: total.quantity + quantity });
  }
  return new Map(
    [...totals].flatMap(([rateId, { usd, quantity }]) => (quantity > 0 ? [[rateId, usd / quantity] as const] : [])),
  );
}
