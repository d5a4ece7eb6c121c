/**
 * The code that deployed compute runs: takes a batch, spends the configured time, fails as often as configured, and sends on
 * what its outputs say, so that a record put in at the entry comes out at every sink. A record is a line of JSON
 * `{ id, t, k, p }`: identity, event time in Unix milliseconds, key, padding. Draws go by the record's identity, so that a
 * retry decides as the first attempt did.
 */
import { keepNew, markDone } from './ask.ts';
import type { HandlerPlan } from '#schema/deployment.ts';
import { emitDefaults, type Surroundings } from './plan.ts';
import { fraction, parseRecords } from '../client.ts';
import { type Batch, bodiesOf, decode, type FirehoseRecord } from './records.ts';
import { sendAll } from './send.ts';
import { chooser, resize, shape } from './shape.ts';

/**
 * A handler for the plan. Throws when the invocation is to fail; what sent it a batch tries again. Calls come before the work, which
 * is done for the records that they leave; what is to be marked afterwards is marked when everything was sent.
 */
export function createHandler(plan: HandlerPlan, world: Surroundings): (event: Batch) => Promise<unknown> {
  const outputs = plan.outputs.map(({ emit, targets }) => ({ emit: { ...emitDefaults, ...emit }, targets }));
  const calls = outputs.flatMap(({ emit, targets }) =>
    emit.isCall === true ? targets.map((target) => ({ emit, target })) : [],
  );
  const chosen = chooser(plan.node, outputs);
  return async (event) => {
    let records = bodiesOf(event).flatMap(parseRecords);
    for (const { emit, target } of calls) records = await keepNew(plan.node, records, emit, target, world);
    await spend(plan.work, records.length, world);
    if (world.random() < plan.work.errorRatio) throw new Error(`${plan.node}: a configured error`);
    for (const [index, { emit, targets }] of outputs.entries()) {
      if (emit.isCall === true) continue;
      const taken = records.filter((record) => chosen(record, index));
      const out = shape(taken, emit, `${plan.node}/${index}`);
      for (const target of targets) await sendAll(out, emit, target, world);
    }
    for (const { emit, target } of calls) await markDone(plan.node, records, emit, target, world);
    return answer(event, plan);
  };
}

/** Firehose wants every record back, the others nothing. */
function answer(event: Batch, { node, transform }: HandlerPlan): unknown {
  if (event.records === undefined) return undefined;
  return { records: event.records.map((record) => transformed(record, node, transform)) };
}

/** A record of a delivery stream as its transform gives it back: dropped, failed, or resized. */
function transformed({ recordId, data }: FirehoseRecord, node: string, transform: HandlerPlan['transform']): unknown {
  if (transform === undefined) return { recordId, result: 'Ok', data };
  const text = decode(data);
  const records = parseRecords(text);
  const draw = fraction(`${node}/transform/${records[0]?.id ?? recordId}`);
  if (draw < transform.droppedRatio) return { recordId, result: 'Dropped', data };
  if (draw < transform.droppedRatio + transform.failedRatio) return { recordId, result: 'ProcessingFailed', data };
  if (transform.sizeFactor === 1) return { recordId, result: 'Ok', data };
  const lines = records.map((record) => JSON.stringify({ ...record, p: resize(record.p, transform.sizeFactor) }));
  return { recordId, result: 'Ok', data: Buffer.from(lines.join('\n')).toString('base64') };
}

/** Waits as long as the drawn service time says. */
async function spend(work: HandlerPlan['work'], records: number, world: Surroundings): Promise<void> {
  const meanMs = work.perInvocationMs + work.perRecordMs * records;
  const ms = meanMs * factorOf(work, world);
  if (ms >= 1) await world.wait(ms);
}

/** A draw of mean 1 with the law's coefficient of variation. */
function factorOf({ law, coefficientOfVariation: cv }: HandlerPlan['work'], world: Surroundings): number {
  const exponential = (): number => -Math.log(1 - world.random());
  if (law === 'deterministic') return 1;
  if (law === 'exponential') return exponential();
  if (law === 'hyperexponential') {
    // Two phases with balanced means.
    const share = (1 + Math.sqrt((cv * cv - 1) / (cv * cv + 1))) / 2;
    return world.random() < share ? exponential() / (2 * share) : exponential() / (2 * (1 - share));
  }
  // Lognormal; also stands for gamma, whose mean and variation are the same.
  const variance = Math.log(1 + cv * cv);
  const normal = Math.sqrt(-2 * Math.log(1 - world.random())) * Math.cos(2 * Math.PI * world.random());
  return Math.exp(normal * Math.sqrt(variance) - variance / 2);
}
