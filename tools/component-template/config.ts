/** Settings of __Title__: only what changes behaviour, price or the deployed resource. TODO: one sentence of what it is. */
import { z } from 'zod';
import type { ComponentDeclaration } from '#schema/component.ts';
import { field } from '#schema/field.ts';
import { pushProtocols } from '#schema/protocols.ts';

export const config = z.strictObject({
  // TODO: AWS's own names in camelCase, AWS's defaults, AWS's limits as ranges, each with its page and the day it was read.
  processingTimeMs: field(z.number().min(0.001).max(86_400_000).default(10), {
    label: 'Processing time',
    unit: 'ms',
    help: 'TODO: what it means, in one or two sentences.',
    kind: 'guess',
    affects: ['behavior'],
  }),
});

export type Config = z.infer<typeof config>;

export const declaration: ComponentDeclaration = {
  type: '__type__',
  title: '__Title__',
  category: 'Processing',
  summary: 'TODO: one sentence for the palette.',
  config,
  ports: [
    {
      id: 'requests',
      label: 'Requests',
      direction: 'in',
      kind: 'data',
      protocols: ['service-request'],
      entity: 'record',
      min: 1,
      max: 1000,
    },
    {
      id: 'output',
      label: 'Output',
      direction: 'out',
      kind: 'data',
      protocols: pushProtocols,
      entity: 'record',
      min: 0,
      max: 30,
      emits: true,
    },
  ],
  face: { kind: 'bar', fill: 'Utilisation' },
  calibrated: 'none',
  absent: {
    usage: 'TODO: why nothing is billed, or write usage.ts',
    price: 'TODO: why nothing is billed, or write price.ts',
    stack: 'simulation only so far',
    client: 'simulation only so far',
  },
  drawio: 'TODO: its stencil',
};
