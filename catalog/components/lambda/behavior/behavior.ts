/** A function: its environments, its invocations, and the queue of its asynchronous events. */
import type { BehaviorFactory } from '#engine/behavior.ts';
import type { InvocationCallee } from '#engine/flow/ports.ts';
import type { Config } from '../config.ts';
import { AsyncEvents } from './async-events.ts';
import { Concurrency } from './concurrency.ts';
import { Invocations } from './invocations.ts';
import { FunctionMeters } from './meters.ts';

const SECOND_US = 1_000_000;

export const build: BehaviorFactory<Config> = (context) => {
  const { config, faults, horizonUs } = context;
  const concurrency = new Concurrency(context);
  const meters = new FunctionMeters(context);
  const invocations = new Invocations(context, concurrency, meters);
  const events = new AsyncEvents(context, invocations, meters);
  const provisioned = context.usage('provisionedGbSeconds');
  const makesCalls = context.calls('calls').length > 0;
  const eventSource: InvocationCallee = {
    meeting: 'invoke',
    timeoutUs: config.timeoutSeconds * SECOND_US,
    // Which record of a run fails, or what a call answers for it, is not drawn: there records come one by one.
    takesRuns: () => faults.recordErrorRatio === 0 && !makesCalls,
    invoke: (batch) => invocations.start(batch, true, 1),
  };
  return {
    inputs: { kinesis: eventSource, sqs: eventSource, requests: eventSource, events },
    fault() {
      concurrency.pool.limitTo(faults.capacityRatio);
    },
    finish() {
      // Billed for started 5 minutes from the change of the setting on; it is set for longer than any run, so not rounded here.
      const gigabytes = (config.provisionedConcurrentExecutions * config.memorySize) / 1024;
      if (gigabytes > 0) provisioned.add((gigabytes * horizonUs) / SECOND_US);
    },
  };
};
