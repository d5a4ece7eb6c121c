/** Changes of a document's timed faults: placed, moved, stretched and removed on the timeline. */
import type { CaudalDocument } from '#schema/document.ts';
import type { FaultKind, FaultSpec } from '#schema/faults.ts';

type When = Pick<FaultSpec, 'id' | 'node' | 'startSeconds' | 'durationSeconds'>;
type Strengths = { readonly [Kind in FaultKind]: Omit<Extract<FaultSpec, { kind: Kind }>, keyof When> };

/** What a fault is at first: strong enough to be seen. */
const STRENGTHS: Strengths = {
  outage: { kind: 'outage' },
  errorRate: { kind: 'errorRate', ratio: 0.5, per: 'invocation' },
  latencyFactor: { kind: 'latencyFactor', factor: 10 },
  throttling: { kind: 'throttling', capacityRatio: 0.5 },
  trafficSpike: { kind: 'trafficSpike', factor: 3 },
  hotKey: { kind: 'hotKey', shareRatio: 0.5 },
  poisonRecord: { kind: 'poisonRecord', count: 1 },
  duplicates: { kind: 'duplicates', ratio: 0.1 },
};

/** In the order of menus. */
export const faultKinds = Object.keys(STRENGTHS) as readonly FaultKind[];

/** What a fault of the kind does at first, for menus. */
export const faultTitles: Readonly<Record<FaultKind, string>> = {
  outage: 'Outage: every request fails',
  errorRate: 'Errors: half of the invocations fail',
  latencyFactor: 'Slow: ten times the latency',
  throttling: 'Throttling: half the capacity',
  trafficSpike: 'Traffic spike: three times the load',
  hotKey: 'Hot key: half of the records share one key',
  poisonRecord: 'Poison record: one that always fails',
  duplicates: 'Duplicates: one record in ten comes twice',
};

/** Kinds that change the load of a node and need one. */
const LOAD_KINDS: ReadonlySet<FaultKind> = new Set(['trafficSpike', 'hotKey']);

/** Kinds that have an effect at a node. */
export function kindsFor(document: Pick<CaudalDocument, 'workloads'>, node: string): readonly FaultKind[] {
  const hasLoad = document.workloads.some((workload) => workload.node === node);
  return faultKinds.filter((kind) => hasLoad || !LOAD_KINDS.has(kind));
}

/** A round time of about a fiftieth of the horizon: 30 minutes of a day. */
export function defaultFaultSeconds(horizonSeconds: number): number {
  const lengths = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600, 86_400];
  return lengths.find((length) => length >= horizonSeconds / 50) ?? 86_400;
}

/** Where it can still be seen: a fault placed at the very end begins a little earlier. */
function faultStart(wantedSeconds: number, durationSeconds: number, horizonSeconds: number): number {
  return Math.max(0, Math.min(Math.round(wantedSeconds), Math.floor(horizonSeconds - durationSeconds)));
}

export function withFault(document: CaudalDocument, kind: FaultKind, node: string, atSeconds: number): CaudalDocument {
  const { horizonSeconds } = document.run;
  const durationSeconds = Math.min(horizonSeconds, defaultFaultSeconds(horizonSeconds));
  const startSeconds = faultStart(atSeconds, durationSeconds, horizonSeconds);
  const when = { id: freeId(document, kind), node, startSeconds, durationSeconds };
  const fault = { ...when, ...STRENGTHS[kind] } as FaultSpec;
  return { ...document, faults: [...document.faults, fault] };
}

export function withoutFault(document: CaudalDocument, id: string): CaudalDocument {
  const faults = document.faults.filter((fault) => fault.id !== id);
  return faults.length === document.faults.length ? document : { ...document, faults };
}

/** Which part of a fault is dragged. */
export type FaultGrip = 'start' | 'end' | 'whole';

/** Moves a fault, or one of its ends, to whole seconds; never shorter than a second. */
export function draggedFault(
  document: CaudalDocument,
  original: Pick<FaultSpec, 'id' | 'startSeconds' | 'durationSeconds'>,
  grip: FaultGrip,
  bySeconds: number,
): CaudalDocument {
  const { startSeconds, durationSeconds } = original;
  const { horizonSeconds } = document.run;
  const end = startSeconds + durationSeconds;
  const by = Math.round(bySeconds);
  if (grip === 'start') {
    const start = Math.max(0, Math.min(startSeconds + by, end - 1));
    return changed(document, original.id, start, end - start);
  }
  if (grip === 'end') return changed(document, original.id, startSeconds, Math.max(1, durationSeconds + by));
  const start = Math.max(0, Math.min(startSeconds + by, Math.max(0, horizonSeconds - 1)));
  return changed(document, original.id, start, durationSeconds);
}

function changed(document: CaudalDocument, id: string, startSeconds: number, durationSeconds: number): CaudalDocument {
  const fault = document.faults.find((other) => other.id === id);
  if (fault === undefined) return document;
  if (fault.startSeconds === startSeconds && fault.durationSeconds === durationSeconds) return document;
  return {
    ...document,
    faults: document.faults.map((other) => (other === fault ? { ...other, startSeconds, durationSeconds } : other)),
  };
}

/** `outage`, then `outage-2`. */
function freeId({ faults }: CaudalDocument, kind: FaultKind): string {
  const taken = new Set(faults.map(({ id }) => id));
  const base = kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!taken.has(id)) return id;
  }
}
