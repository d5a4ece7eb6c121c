/** What the changes that advice recommends would add to the month's bill: asked of the host one after the other, and kept. */
import { useEffect } from 'react';
import { create } from 'zustand';
import { host } from '#renderer/state/connection.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import type { AdviceResult, RunReport } from '#schema/result.ts';
import { currentResults } from './run-results.ts';

/** USD a month more (or less); `unknown` where it could not be told. */
export type PatchPriceState = number | 'asked' | 'unknown';

interface Prices {
  /** By the key of the advice; of one report only. */
  readonly prices: ReadonlyMap<string, PatchPriceState>;
}

/** Seconds that an estimate may take, about. */
const PATIENCE_SECONDS = 2;
const SHORTEST_SECONDS = 60;

const usePrices = create<Prices>(() => ({ prices: new Map() }));
let pricesOf: RunReport | undefined;
let queue: Promise<void> = Promise.resolve();

export function adviceKey({ code, node, patch }: Pick<AdviceResult, 'code' | 'node' | 'patch'>): string {
  return `${code} ${node} ${patch.map(({ path, to }) => `${path}=${JSON.stringify(to)}`).join(' ')}`;
}

/** Undefined for advice without a change. Asks for the price when it is first shown. */
export function usePatchPrice(advice: AdviceResult | undefined): PatchPriceState | undefined {
  const key = advice === undefined || advice.patch.length === 0 ? undefined : adviceKey(advice);
  const price = usePrices(({ prices }) => (key === undefined ? undefined : prices.get(key)));
  useEffect(() => {
    if (advice !== undefined && key !== undefined) ask(key, advice);
  }, [advice, key]);
  return price;
}

function ask(key: string, advice: AdviceResult): void {
  const { report } = currentResults();
  const { validId, areResultsStale } = useDocumentState.getState();
  if (report === undefined || validId === undefined || areResultsStale) return;
  if (report !== pricesOf) {
    pricesOf = report;
    usePrices.setState({ prices: new Map() });
  }
  if (usePrices.getState().prices.has(key)) return;
  remember(report, key, 'asked');
  queue = queue.then(async () => {
    if (report !== pricesOf) return;
    remember(report, key, await differenceOf(report, validId, advice));
  });
}

async function differenceOf(report: RunReport, document: string, { patch }: AdviceResult): Promise<PatchPriceState> {
  const { horizonSeconds, measurement } = report;
  const affordable = (horizonSeconds * PATIENCE_SECONDS) / Math.max(measurement.wallSeconds, 1e-3);
  try {
    const { before, after } = await host().run.price({
      document,
      patch: patch.map(({ path, to }) => ({ path, to })),
      horizonSeconds: Math.min(horizonSeconds, Math.max(SHORTEST_SECONDS, Math.round(affordable))),
    });
    return after - before;
  } catch {
    return 'unknown';
  }
}

function remember(report: RunReport, key: string, price: PatchPriceState): void {
  if (report !== pricesOf) return;
  usePrices.setState(({ prices }) => ({ prices: new Map(prices).set(key, price) }));
}
