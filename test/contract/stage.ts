/** What a stage of a changed setting is put together from. */
export interface Stage {
  /** `path=value`. */
  readonly settings?: readonly string[];
  readonly values?: readonly unknown[];
  /** Small scenario of another component. */
  readonly scenario?: string;
  readonly horizonSeconds?: number;
}

export const json = JSON.stringify;

export function node(id: string, type: string, config: object = {}, outputs: object[] = []): object {
  return { id, type, config, outputs };
}

export function edge(source: string, output: string, target: string, port: string, config: object = {}): object {
  return { id: `${source}-${target}-${output}`, source, output, target, port, config };
}

/** Replaces nodes and edges; the workload stays at `source` with another rate. */
export function pipeline(rate: number, nodes: object[], edges: object[]): string[] {
  return [
    `nodes=${json([node('source', 'traffic-source', {}, [{ id: 'records' }]), ...nodes])}`,
    `edges=${json(edges)}`,
    `workloads.load.arrivals=${json({ kind: 'poisson', recordsPerSecond: rate })}`,
    'objectives=[]',
  ];
}

/** A function that calls what is tested and waits for the answer. */
export const caller = node('caller', 'lambda', {}, [{ id: 'on' }]);
