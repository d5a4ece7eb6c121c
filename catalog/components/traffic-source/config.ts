/** Settings of a traffic source: the application or devices that create records. The load itself is a workload. */
import { z } from 'zod';
import type { ComponentDeclaration } from '#schema/component.ts';
import { field } from '#schema/field.ts';
import { pushProtocols } from '#schema/protocols.ts';

export const config = z.strictObject({
  maxRecordsWaiting: field(z.int().min(1).max(1_000_000_000).optional(), {
    label: 'Most records waiting',
    unit: 'records',
    help: 'Records the producer holds while calls are retried; a record that finds the place full is lost. No limit when left empty.',
    kind: 'choice',
    affects: ['behavior'],
  }),
});

export type Config = z.infer<typeof config>;

export const declaration: ComponentDeclaration = {
  type: 'traffic-source',
  title: 'Application or devices',
  category: 'Sources',
  summary: 'Creates records as its workload says and sends them with an SDK client.',
  config,
  ports: [
    {
      id: 'output',
      label: 'Records',
      direction: 'out',
      kind: 'data',
      protocols: pushProtocols,
      entity: 'record',
      min: 1,
      max: 30,
      emits: true,
      load: true,
    },
  ],
  face: { kind: 'none' },
  calibrated: 'any load: counts, sizes and keys are drawn from the workload itself',
  absent: {
    usage: 'the application that creates the records is not part of the bill',
    price: 'the application that creates the records is not part of the bill',
    stack: 'not a resource: it is what drives a deployed pipeline',
    client: 'it is the sender, not a target',
  },
  drawio: 'shape=mxgraph.aws4.traditional_server',
};
