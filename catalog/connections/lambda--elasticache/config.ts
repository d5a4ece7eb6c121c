/** Settings of the de-duplication that a function does with a cache: which key it writes, when, and for how long. */
import { z } from 'zod';
import type { ConnectionDeclaration } from '#schema/component.ts';
import { field } from '#schema/field.ts';

const behaviorAndStack = ['behavior', 'stack'] as const;

export const config = z.strictObject({
  mark: field(z.enum(['beforeProcessing', 'afterProcessing']).default('beforeProcessing'), {
    label: 'Mark a record',
    unit: '',
    help: 'beforeProcessing: SET NX asks and marks in one command; an attempt that fails after it leaves a mark, and its retry leaves the record out: lost without a trace. afterProcessing: GET before the work, SET when it has succeeded; a second attempt in between lets a duplicate through.',
    kind: 'choice',
    affects: behaviorAndStack,
  }),
  timeToLiveSeconds: field(z.int().min(1).max(31_536_000).default(3600), {
    label: 'Time to live',
    unit: 's',
    help: 'How long a mark is kept (EX). A duplicate that comes later passes; memory grows with it.',
    kind: 'choice',
    affects: behaviorAndStack,
  }),
  keyBytes: field(z.int().min(1).max(65_536).default(40), {
    label: 'Key size',
    unit: 'bytes',
    help: 'Bytes of the key: a prefix and the identity of the record.',
    kind: 'choice',
    affects: behaviorAndStack,
  }),
  valueBytes: field(z.int().min(0).max(1_048_576).default(1), {
    label: 'Value size',
    unit: 'bytes',
    help: 'Bytes stored with the key.',
    kind: 'choice',
    affects: behaviorAndStack,
  }),
});

export type Config = z.infer<typeof config>;

export const declaration: ConnectionDeclaration = {
  from: 'lambda',
  to: 'elasticache',
  port: 'commands',
  title: 'De-duplication',
  config,
  absent: {
    usage: 'commands are billed with the cache',
    price: 'commands are billed with the cache',
    metrics: 'counted at the cache',
    client: 'records do not rest in a cache',
  },
};
