/** The load of a node: when records arrive, how large they are and which partition key they carry. */
import { z } from 'zod';
import { type FieldMeta, field } from './field.ts';

/** Bounds of a workload. They keep counts of one second well inside 2^27 and times inside 2^53 microseconds. */
export const workloadLimits = {
  recordsPerSecond: 10_000_000,
  recordsPerDay: 100_000_000_000,
  recordsPerWeek: 500_000_000_000,
  seconds: 366 * 86_400,
  bins: 1_000_000,
  recordBytes: 1024 ** 3,
  keys: 1_000_000_000,
  /** Hourly knots carry the day's curve, so no curve can be steeper than one knot: 24 times the mean. */
  peakToMeanRatio: 20,
} as const;

type Extra = Partial<Pick<FieldMeta, 'kind' | 'when' | 'advanced' | 'source' | 'fittedTo'>>;

function input<T extends z.ZodType>(schema: T, label: string, unit: string, help: string, extra: Extra = {}): T {
  return field(schema, { label, unit, help, kind: 'choice', affects: ['behavior', 'price'], ...extra });
}

function rate(label: string, help: string) {
  return input(z.number().min(0).max(workloadLimits.recordsPerSecond), label, 'records/s', help);
}

function seconds(label: string, help: string) {
  return input(z.number().min(0).max(workloadLimits.seconds), label, 's', help);
}

function bytes(label: string, help: string) {
  return input(z.int().min(1).max(workloadLimits.recordBytes), label, 'bytes', help);
}

/** Relative weights: any scale, at least one above zero. */
function weights(length: number) {
  return z
    .array(z.number().min(0).max(1e12))
    .length(length)
    .refine((list) => list.some((weight) => weight > 0), 'at least one weight must be above zero');
}

const dayShape = {
  peakToMeanRatio: input(
    z.number().min(1).max(workloadLimits.peakToMeanRatio).optional(),
    'Peak to mean',
    'ratio',
    'Rate at the busiest moment over the mean of the day; 2 when left out. Not allowed together with a measured shape.',
    { kind: 'guess' },
  ),
  peakHour: input(
    z.number().min(0).lt(24).optional(),
    'Peak hour',
    'h',
    'Local time of day of the busiest moment, 20.5 for half past eight in the evening; 20 when left out. Not allowed together with a measured shape.',
    { kind: 'guess' },
  ),
  shape: input(
    weights(24).optional(),
    'Measured shape',
    'weight',
    'Rate in the middle of each hour of the day, local time, in any unit: 24 numbers. Between them the rate is a straight line.',
    { advanced: true },
  ),
};

type DayShape = { shape?: unknown; peakToMeanRatio?: unknown; peakHour?: unknown };

/** A measured shape has its own peak: a second statement about it would be ignored, so it is refused. */
function refuseTwoPeaks(value: DayShape, context: z.RefinementCtx): void {
  if (value.shape === undefined) return;
  for (const name of ['peakToMeanRatio', 'peakHour'] as const) {
    if (value[name] === undefined) continue;
    context.addIssue({
      code: 'custom',
      path: [name],
      message: `${name} must be left out when shape is given: the shape has its own peak`,
    });
  }
}

export const constantProfileSchema = z.strictObject({
  kind: z.literal('constant'),
  recordsPerSecond: rate('Rate', 'Records per second, the same at all times.'),
  spacing: input(
    z.enum(['paced', 'random']).default('random'),
    'Spacing',
    '',
    'Paced: one record every 1/rate seconds, as by a clock. Random: independent instants (a Poisson process). A paced load meets far fewer refusals at the same rate.',
  ),
});

export const poissonProfileSchema = z.strictObject({
  kind: z.literal('poisson'),
  recordsPerSecond: rate('Mean rate', 'Mean records per second of a Poisson process.'),
});

export const diurnalProfileSchema = z
  .strictObject({
    kind: z.literal('diurnal'),
    recordsPerDay: input(
      z.number().min(0).max(workloadLimits.recordsPerDay),
      'Records per day',
      'records/day',
      'Mean records of 24 hours.',
    ),
    ...dayShape,
  })
  .superRefine(refuseTwoPeaks);

export const weeklyProfileSchema = z
  .strictObject({
    kind: z.literal('weekly'),
    recordsPerWeek: input(
      z.number().min(0).max(workloadLimits.recordsPerWeek),
      'Records per week',
      'records/week',
      'Mean records of seven days.',
    ),
    dayWeights: input(
      weights(7),
      'Weights of the days',
      'weight',
      'Relative load of Monday, Tuesday, ... Sunday: seven numbers in any unit.',
    ),
    ...dayShape,
  })
  .superRefine(refuseTwoPeaks);

export const rampProfileSchema = z.strictObject({
  kind: z.literal('ramp'),
  fromRecordsPerSecond: rate('From', 'Rate before the ramp begins.'),
  toRecordsPerSecond: rate('To', 'Rate after the ramp has ended.'),
  startSeconds: seconds('Starts after', 'Seconds after time zero at which the rate begins to change.'),
  durationSeconds: seconds('Takes', 'Seconds over which the rate changes in a straight line; 0 for a jump.'),
});

export const spikeProfileSchema = z.strictObject({
  kind: z.literal('spike'),
  baseRecordsPerSecond: rate('Base', 'Rate before and after the spike.'),
  peakRecordsPerSecond: rate('Peak', 'Rate at the top of the spike.'),
  startSeconds: seconds('Starts after', 'Seconds after time zero at which the rise begins.'),
  riseSeconds: seconds('Rises over', 'Seconds from base to peak; 0 for a jump.'),
  holdSeconds: seconds('Holds for', 'Seconds at the peak.'),
  fallSeconds: seconds('Falls over', 'Seconds from peak to base; 0 for a jump.'),
});

const stepSchema = z.strictObject({
  atSeconds: seconds('At', 'Seconds after time zero from which the rate holds.'),
  recordsPerSecond: rate('Rate', 'Records per second until the next step.'),
});

export const stepsProfileSchema = z
  .strictObject({
    kind: z.literal('steps'),
    steps: input(
      z.array(stepSchema).min(1).max(10_000),
      'Steps',
      '',
      'The rate holds from each step to the next. The first stands at 0 and also holds before time zero.',
    ),
  })
  .superRefine((value, context) => {
    value.steps.forEach((step, index) => {
      const before = value.steps[index - 1];
      const path = ['steps', index, 'atSeconds'];
      if (before === undefined && step.atSeconds !== 0) {
        context.addIssue({ code: 'custom', path, message: 'the first step must stand at 0' });
      }
      if (before !== undefined && step.atSeconds <= before.atSeconds) {
        context.addIssue({
          code: 'custom',
          path,
          message: `must be later than the step before it (${before.atSeconds} s)`,
        });
      }
    });
  });

const traceFileSchema = z.strictObject({
  path: input(
    z.string().min(1).max(4096),
    'File',
    '',
    'CSV file, relative to the document. First line: names of the columns. First column: time, named second or minute.',
  ),
  column: input(
    z.string().min(1).max(256).optional(),
    'Column',
    '',
    'Name of the column of counts; the second column when left out.',
  ),
  gaps: input(
    z.enum(['refuse', 'zero']).default('refuse'),
    'Gaps',
    '',
    'What to do where rows are missing: refuse the file and list the rows, or take the missing rows as no records.',
  ),
});

export const traceProfileSchema = z
  .strictObject({
    kind: z.literal('trace'),
    binSeconds: input(
      z.int().min(1).max(86_400).optional(),
      'Bin',
      's',
      'Seconds that one count covers. Needed with counts; read from the times of a file when left out.',
    ),
    counts: input(
      z
        .array(
          z
            .int()
            .min(0)
            .max(workloadLimits.recordsPerSecond * 86_400),
        )
        .min(1)
        .max(workloadLimits.bins)
        .optional(),
      'Counts',
      'records',
      'Records of each bin, the first bin beginning at time zero. Every bin gets exactly its count.',
    ),
    csv: input(
      traceFileSchema.optional(),
      'Counts from a file',
      '',
      'Take the counts from a CSV file in place of a list.',
    ),
    repeat: input(
      z.boolean().default(false),
      'Repeat',
      '',
      'Begin again after the last bin, and go round backwards before time zero. Without it nothing arrives after the last bin, and before time zero records arrive at random at the rate of the first bin.',
    ),
    scale: input(
      z.number().positive().max(100_000).default(1),
      'Scale',
      'ratio',
      'Multiplies every count; fractions are carried from bin to bin, so that the total is right.',
    ),
  })
  .superRefine((value, context) => {
    if ((value.counts === undefined) === (value.csv === undefined)) {
      context.addIssue({ code: 'custom', path: ['counts'], message: 'give either counts or csv, one of the two' });
    }
    if (value.counts === undefined) return;
    if (value.binSeconds === undefined) {
      context.addIssue({ code: 'custom', path: ['binSeconds'], message: 'is needed together with counts' });
      return;
    }
    const most = (workloadLimits.recordsPerSecond * value.binSeconds) / value.scale;
    value.counts.forEach((count, index) => {
      if (count <= most) return;
      const message = `must be at most ${Math.floor(most)} (${workloadLimits.recordsPerSecond} records/s after scaling)`;
      context.addIssue({ code: 'custom', path: ['counts', index], message });
    });
  });

export const profileSchema = z.discriminatedUnion('kind', [
  constantProfileSchema,
  poissonProfileSchema,
  diurnalProfileSchema,
  weeklyProfileSchema,
  rampProfileSchema,
  spikeProfileSchema,
  stepsProfileSchema,
  traceProfileSchema,
]);

const constantSizeSchema = z.strictObject({
  kind: z.literal('constant'),
  bytes: bytes('Size', 'Every record has this size.'),
});

const uniformSizeSchema = z
  .strictObject({
    kind: z.literal('uniform'),
    minBytes: bytes('Smallest', 'Smallest record.'),
    maxBytes: bytes('Largest', 'Largest record.'),
  })
  .refine((value) => value.minBytes <= value.maxBytes, { path: ['maxBytes'], error: 'must not be below minBytes' });

const lognormalSizeSchema = z
  .strictObject({
    kind: z.literal('lognormal'),
    meanBytes: input(
      z.number().min(1).max(workloadLimits.recordBytes),
      'Mean',
      'bytes',
      'Mean before the largest size cuts the tail.',
    ),
    cv: input(
      z.number().min(0.01).max(10),
      'Variation',
      'ratio',
      'Standard deviation over mean before the cut. Log lines: about 0.5; mixed JSON events: 1 to 2.',
    ),
    maxBytes: bytes('Largest', 'Larger records are taken as this large.'),
  })
  .refine((value) => value.meanBytes <= value.maxBytes, { path: ['maxBytes'], error: 'must not be below meanBytes' });

const quantileSchema = z.strictObject({
  probabilityRatio: input(
    z.number().min(0).max(1),
    'Share',
    'ratio',
    'Share of the records that are not larger: 0.5 for the median.',
  ),
  bytes: bytes('Size', 'Size that this share of the records does not exceed.'),
});

const empiricalSizeSchema = z
  .strictObject({
    kind: z.literal('empirical'),
    quantiles: input(
      z.array(quantileSchema).min(2).max(1000),
      'Quantiles',
      '',
      'Measured sizes at rising shares, from 0 (smallest) to 1 (largest); a straight line between them.',
    ),
  })
  .superRefine((value, context) => {
    const last = value.quantiles.length - 1;
    value.quantiles.forEach((point, index) => {
      const fault = (name: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['quantiles', index, name], message });
      const before = value.quantiles[index - 1];
      if (before === undefined && point.probabilityRatio !== 0) fault('probabilityRatio', 'the first must be 0');
      if (index === last && point.probabilityRatio !== 1) fault('probabilityRatio', 'the last must be 1');
      if (before === undefined) return;
      if (point.probabilityRatio <= before.probabilityRatio)
        fault('probabilityRatio', 'must be above the one before it');
      if (point.bytes < before.bytes) fault('bytes', 'must not be below the one before it');
    });
  });

export const recordSizeSchema = z.discriminatedUnion('kind', [
  constantSizeSchema,
  uniformSizeSchema,
  lognormalSizeSchema,
  empiricalSizeSchema,
]);

function keyCount(smallest: number) {
  return input(z.int().min(smallest).max(workloadLimits.keys), 'Keys', 'keys', 'Number of different partition keys.');
}

export const partitionKeySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('single') }),
  z.strictObject({ kind: z.literal('uniform'), keys: keyCount(1) }),
  z.strictObject({
    kind: z.literal('zipf'),
    keys: keyCount(1),
    exponent: input(
      z.number().min(0).max(5),
      'Exponent',
      '',
      'The key of rank r is drawn in proportion to r^-exponent: 0 is uniform, about 1 is common for users and pages.',
      { fittedTo: ['WriteProvisionedThroughputExceeded'] },
    ),
  }),
  z.strictObject({
    kind: z.literal('hotKey'),
    keys: keyCount(2),
    hotShareRatio: input(
      z.number().min(0).max(1),
      'Share of the hot key',
      'ratio',
      'Share of the records that carry the hot key; the other keys share the rest evenly.',
      { fittedTo: ['WriteProvisionedThroughputExceeded'] },
    ),
  }),
]);

const id = z.string().regex(/^[a-z0-9-]{1,64}$/, 'lower-case letters, digits and hyphens, at most 64');

/**
 * What a load sends where it does not say: records of 1 KiB and 10,000 keys that come equally often.
 * Assumption: no page of AWS tells what records are like; `validate` warns of each that is assumed.
 */
export const assumedLoad = {
  recordSize: { kind: 'constant', bytes: 1024 },
  partitionKey: { kind: 'uniform', keys: 10_000 },
} as const satisfies { readonly recordSize: RecordSize; readonly partitionKey: PartitionKey };

export const workloadSchema = z.strictObject({
  id: input(
    id,
    'Name',
    '',
    'Names the random streams of the load: designs that are compared should give it the same name.',
  ),
  node: input(id, 'Node', '', 'Id of the node whose load port sends these records.'),
  arrivals: input(profileSchema, 'Arrivals', '', 'When records arrive.'),
  recordSize: input(
    recordSizeSchema.default(assumedLoad.recordSize),
    'Record size',
    '',
    'Bytes of data in a record, without key and headers. Assumed where it is not given: 1,024.',
  ),
  partitionKey: input(
    partitionKeySchema.default(assumedLoad.partitionKey),
    'Partition key',
    '',
    'Which of the keys key-0, key-1, ... a record carries. Assumed where it is not given: 10,000 keys, each equally often.',
  ),
  producers: input(
    z.int().min(1).max(1_000_000).default(1),
    'Producers',
    'producers',
    'Processes or devices that share the load; each keeps its own buffers and connections.',
  ),
});

export type Workload = z.infer<typeof workloadSchema>;
export type Profile = z.infer<typeof profileSchema>;
export type ProfileKind = Profile['kind'];
export type TraceProfile = z.infer<typeof traceProfileSchema>;
export type RecordSize = z.infer<typeof recordSizeSchema>;
export type PartitionKey = z.infer<typeof partitionKeySchema>;
