/** A container application in a world of its own, with a stream, a queue or callers in front of it. */
import { build } from '#catalog/components/ecs-service/behavior/behavior.ts';
import { config } from '#catalog/components/ecs-service/config.ts';
import { build as buildStream } from '#catalog/components/kinesis-data-streams/behavior/behavior.ts';
import { config as streamConfig } from '#catalog/components/kinesis-data-streams/config.ts';
import { type BuiltNode, pushOf, type Wiring, type World } from '#test/harness/behavior.ts';

/** Works of exactly 10 ms that wait and do not compute; start-ups of exactly 40 s. */
const plain = {
  serviceTimeLaw: 'deterministic',
  cpuBoundRatio: 0,
  startUpMinSeconds: 40,
  startUpMaxSeconds: 40,
};

export function addService(w: World, given: Record<string, unknown> = {}, wiring: Wiring = {}): BuiltNode {
  return w.add('service', build, config.parse({ ...plain, ...given }), wiring);
}

/** A stream whose puts and reads take a fixed time. */
export function addStream(w: World, shardCount: number): BuiltNode {
  const settings = { shardCount, putLatencyVariation: 0, putLatencyMs: 20, getRecordsLatencyMs: 10 };
  return w.add('stream', buildStream, streamConfig.parse(settings));
}

/** Puts one record at each of these seconds. */
export function putAt(w: World, stream: BuiltNode, seconds: readonly number[]): void {
  for (const [i, second] of seconds.entries()) {
    w.at(second, () => w.send(pushOf(stream, 'records'), [w.record({ key: i, entity: i })], false));
  }
}

/** 0, step, 2 x step, ... below `to`. */
export function every(step: number, to: number): number[] {
  return Array.from({ length: Math.ceil(to / step) }, (_, i) => i * step);
}
