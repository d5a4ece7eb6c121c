/** Random documents in which records travel in runs: the loads are high enough, and sources mostly send plainly. */
import fc, { type GeneratorValue } from 'fast-check';
import type { CaudalDocument } from '#schema/document.ts';
import { openDocument } from './scenario.ts';
import { components, drawDocument } from '#test/property/random-document.ts';

/** Rates of random documents are at most 60 records/s; runs begin at 16 a second. */
const LOAD_FACTORS = [4, 10] as const;

type Settings = Record<string, unknown>;

/** Draws a document for fidelity `auto`; undefined where the changes have made it invalid. */
export function drawForRuns(g: GeneratorValue, nodes: number): CaudalDocument | undefined {
  const { written } = drawDocument(g, nodes);
  const factor = g(fc.constantFrom, ...LOAD_FACTORS);
  for (const workload of written.workloads) {
    workload['arrivals'] = scaled(workload['arrivals'] as Settings, factor);
    workload['recordSize'] = { kind: 'lognormal', meanBytes: 900, cv: 1, maxBytes: 20_000 };
  }
  for (const node of written.nodes) {
    const isLoaded = components.get(node.type)?.declaration.ports.some(({ load }) => load === true) === true;
    for (const output of node.outputs) output.emit = plain(output.emit as Settings, isLoaded, g);
  }
  try {
    return openDocument({ ...written, run: { ...written.run, horizonSeconds: 25, preRollSeconds: 0 } });
  } catch {
    return undefined;
  }
}

function scaled(arrivals: Settings, factor: number): Settings {
  const times = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(times) : typeof value === 'number' ? value * factor : value;
  const changed = ['recordsPerSecond', 'toRecordsPerSecond', 'counts'].filter((name) => arrivals[name] !== undefined);
  return { ...arrivals, ...Object.fromEntries(changed.map((name) => [name, times(arrivals[name])])) };
}

/** Sources send on as it came; what is behind them may thin, and sometimes does anything. */
function plain(emit: Settings, isSource: boolean, g: GeneratorValue): Settings {
  if (!isSource && g(fc.constantFrom, true, false, false)) return emit;
  const { weight, ...kept } = emit;
  const isWeighted = !isSource && weight !== undefined;
  const selectivity = isSource ? 1 : g(fc.constantFrom, 1, 0.4);
  return { ...kept, ...(isWeighted ? { weight } : {}), client: 'sdk', per: 'record', selectivity };
}
