/** Settings of a custom service: any pool of servers that is not in the catalogue; what queueing theory is checked against. */
import { z } from 'zod';
import type { CheckContext, CheckFinding, ComponentDeclaration } from '#schema/component.ts';
import { field } from '#schema/field.ts';
import { pushProtocols } from '#schema/protocols.ts';

const behavior = ['behavior'] as const;

export const config = z.strictObject({
  servers: field(z.int().min(1).max(100_000).default(1), {
    label: 'Servers',
    unit: 'servers',
    help: 'Records served at the same time.',
    kind: 'choice',
    affects: behavior,
  }),
  serviceTimeLaw: field(
    z
      .enum(['exponential', 'deterministic', 'lognormal', 'gamma', 'hyperexponential', 'empirical'])
      .default('exponential'),
    {
      label: 'Service time law',
      unit: '',
      help: 'Distribution of the service time of one record.',
      kind: 'choice',
      affects: behavior,
    },
  ),
  meanServiceTimeMs: field(z.number().min(0.001).max(86_400_000).default(10), {
    label: 'Mean service time',
    unit: 'ms',
    help: 'Mean time one server works on one record.',
    kind: 'choice',
    affects: behavior,
    when: { serviceTimeLaw: ['exponential', 'deterministic', 'lognormal', 'gamma', 'hyperexponential'] },
  }),
  coefficientOfVariation: field(z.number().min(0).max(50).default(1), {
    label: 'Coefficient of variation',
    unit: '',
    help: 'Standard deviation over mean of the service time; a hyperexponential law needs at least 1.',
    kind: 'choice',
    affects: behavior,
    when: { serviceTimeLaw: ['lognormal', 'gamma', 'hyperexponential'] },
  }),
  serviceTimeQuantiles: field(
    z
      .array(z.strictObject({ p: z.number().min(0).max(1), valueMs: z.number().min(0).max(86_400_000) }))
      .min(2)
      .max(1000)
      .default([
        { p: 0, valueMs: 1 },
        { p: 1, valueMs: 19 },
      ]),
    {
      label: 'Service time quantiles',
      unit: 'ms',
      help: 'Measured quantiles, joined by straight lines; p must rise and times must not fall.',
      kind: 'choice',
      affects: behavior,
      when: { serviceTimeLaw: 'empirical' },
    },
  ),
  queueLimit: field(z.int().min(0).max(100_000_000).optional(), {
    label: 'Queue limit',
    unit: 'records',
    help: 'Places for waiting records; a record that finds them full is refused. No limit when left empty.',
    kind: 'choice',
    affects: behavior,
  }),
  queueDiscipline: field(z.enum(['fifo', 'lifo']).default('fifo'), {
    label: 'Queue discipline',
    unit: '',
    help: 'First come first served, or last come first served.',
    kind: 'choice',
    affects: behavior,
  }),
});

export type Config = z.infer<typeof config>;

export const declaration: ComponentDeclaration = {
  type: 'custom-service',
  title: 'Custom service',
  category: 'Processing',
  summary: 'Any pool of servers with a queue: your own service, a vendor, a theoretical station.',
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
  calibrated: 'any load: compared with queueing formulas',
  absent: {
    usage: 'not an AWS service: nothing is billed',
    price: 'not an AWS service: nothing is billed',
    stack: 'simulation only: there is no AWS resource behind it',
    client: 'simulation only: there is no AWS resource behind it',
  },
  drawio: 'shape=mxgraph.basic.rect',
  check,
};

function check({ config: raw }: CheckContext): readonly CheckFinding[] {
  const settings = raw as Config;
  const findings: CheckFinding[] = [];
  const { serviceTimeLaw, coefficientOfVariation, serviceTimeQuantiles } = settings;
  if (serviceTimeLaw === 'hyperexponential' && coefficientOfVariation < 1) {
    findings.push({
      code: 'custom-service/hyperexponential-variation',
      path: 'config.coefficientOfVariation',
      received: coefficientOfVariation,
      params: { value: coefficientOfVariation },
    });
  }
  if (serviceTimeLaw === 'empirical') {
    serviceTimeQuantiles.forEach((quantile, i) => {
      const before = serviceTimeQuantiles[i - 1];
      if (before === undefined || (quantile.p > before.p && quantile.valueMs >= before.valueMs)) return;
      findings.push({
        code: 'custom-service/quantiles-out-of-order',
        path: `config.serviceTimeQuantiles.${i}`,
        received: quantile,
        params: { p: quantile.p, valueMs: quantile.valueMs },
      });
    });
  }
  return findings;
}
