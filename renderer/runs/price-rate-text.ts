/** What a unit on the bill costs, as AWS writes it: `$0.029 per GB`, `$0.20 per million requests`. */
import { numbered } from '#drawing/quantities.ts';
import type { CostLine } from '#schema/result.ts';

const usd = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 8,
});

/** Prices below a tenth of a cent are told for a million. */
const LEAST_USD = 0.001;

/** The price of a unit over this run, with the date of the price list; where nothing was used, the date alone. */
export function priceRateText({ quantity, usdRun, unit, rateDate }: CostLine): string {
  const listed = `list of ${rateDate}`;
  if (quantity === 0 || usdRun === 0) return listed;
  const perUnit = usdRun / quantity;
  // What is left of a division beyond four digits is no price.
  const priceOf = (units: number): string => usd.format(Number((perUnit * units).toPrecision(4)));
  const price = perUnit < LEAST_USD ? `${priceOf(1e6)} per million ${numbered(unit, 1e6)}` : '';
  return `${price || `${priceOf(1)} per ${numbered(unit, 1)}`}, ${listed}`;
}
