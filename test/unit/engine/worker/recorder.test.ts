import { describe, expect, it } from 'vitest';
import { Kernel } from '#engine/kernel/kernel.ts';
import { Recorder } from '#engine/worker/recorder.ts';
import type { CaudalDocument } from '#schema/document.ts';

const SECOND = 1_000_000;

function newRecorder(horizonSeconds: number, preRollSeconds = 0, seriesResolutionSeconds?: number) {
  const kernel = new Kernel(0 - preRollSeconds * SECOND);
  const document = { nodes: [{}, {}], run: { seriesResolutionSeconds } } as unknown as CaudalDocument;
  const options = { seed: 1, horizonSeconds, preRollSeconds, fidelity: 'exact' } as const;
  return { kernel, recorder: new Recorder(document, options, kernel, horizonSeconds * SECOND, kernel.nowUs) };
}

describe('series', () => {
  it('are as fine as a second and as coarse as a day needs, with bounded memory', () => {
    expect(newRecorder(60).recorder.plan).toMatchObject({ binUs: SECOND });
    expect(newRecorder(86_400).recorder.plan).toMatchObject({ binUs: 60 * SECOND });
    expect(newRecorder(31 * 86_400).recorder.plan.bins).toBeLessThanOrEqual(4096);
    expect(newRecorder(31 * 86_400, 0, 1).recorder.plan.bins).toBe(4096);
    expect(newRecorder(3600, 0, 10).recorder.plan).toMatchObject({ binUs: 10 * SECOND });
    expect(newRecorder(1).recorder.plan.bins).toBeGreaterThanOrEqual(2);
  });

  it('cover the run to its end, whatever their kind', () => {
    const { kernel, recorder } = newRecorder(20);
    recorder.counter(0, 'a').add(0, 1);
    recorder.gauge(0, 'b').set(0, 1);
    recorder.sample(1, 'c').add(SECOND, 1);
    kernel.run(20 * SECOND);
    recorder.finish();
    for (const own of recorder.metrics) {
      for (const [name, metric] of own) expect(metric.data(name, '').values.length, name).toBe(20);
    }
  });

  it('give the same metric to everyone who asks for it by name, apart for each node', () => {
    const { recorder } = newRecorder(20);
    expect(recorder.counter(0, 'a')).toBe(recorder.counter(0, 'a'));
    expect(recorder.counter(1, 'a')).not.toBe(recorder.counter(0, 'a'));
  });

  it('keep levels over time zero and begin their means there', () => {
    const { kernel, recorder } = newRecorder(10, 5);
    const gauge = recorder.gauge(0, 'level');
    gauge.set(kernel.nowUs, 6);
    kernel.run(-1);
    kernel.nowUs = 0;
    recorder.startRecording();
    kernel.run(10 * SECOND);
    recorder.finish();
    expect(gauge.summary('')).toEqual({ unit: '', mean: 6, max: 6 });
  });

  it('weigh a level that is first kept after time zero from time zero on', () => {
    const { kernel, recorder } = newRecorder(10, 5);
    kernel.run(5 * SECOND);
    recorder.gauge(0, 'late').set(kernel.nowUs, 4);
    kernel.run(10 * SECOND);
    recorder.finish();
    expect(recorder.gauge(0, 'late').summary('').mean).toBe(2);
  });
});

describe('usage', () => {
  it('is counted from time zero on, by owner and id', () => {
    const { kernel, recorder } = newRecorder(10, 5);
    const usage = recorder.usage('node', 'requests');
    usage.add(3);
    kernel.run(0);
    usage.add(4);
    recorder.usage('node', 'requests').add(1);
    recorder.usage('edge', 'requests').add(9);
    expect(usage.total).toBe(5);
    expect(recorder.usages.get('edge')?.get('requests')?.total).toBe(9);
  });
});

describe('the log', () => {
  it('keeps time, node, level, code and parameters, from time zero on', () => {
    const { kernel, recorder } = newRecorder(10, 5);
    recorder.log('node', 'info', 'early', {});
    kernel.run(1.5 * SECOND);
    recorder.log('node', 'warning', 'x/late', { n: 3 });
    expect(recorder.entries).toEqual([{ t: 1.5, node: 'node', level: 'warning', code: 'x/late', params: { n: 3 } }]);
    expect(recorder.entriesDropped).toBe(0);
  });

  it('keeps 200 entries of a code at a node and counts the rest', () => {
    const { recorder } = newRecorder(10);
    for (let i = 0; i < 205; i += 1) recorder.log('node', 'info', 'often', { i });
    recorder.log('other', 'info', 'often', {});
    recorder.log('node', 'info', 'rare', {});
    expect([recorder.entries.length, recorder.entriesDropped]).toEqual([202, 5]);
  });

  it('keeps 5,000 entries in all', () => {
    const { recorder } = newRecorder(10);
    for (let i = 0; i < 6000; i += 1) recorder.log(`node-${i % 40}`, 'info', 'code', {});
    expect([recorder.entries.length, recorder.entriesDropped]).toEqual([5000, 1000]);
  });
});

describe('limits', () => {
  it('belong to their node, or to nobody when the account shares them', () => {
    const { recorder } = newRecorder(10);
    const limit = recorder.limitFactory('node');
    const declaration = { name: 'n', unit: 'u', kind: 'level', capacity: 5, source: 's', raisable: true } as const;
    limit({ ...declaration, id: 'own' }).set(0, 4);
    limit({ ...declaration, id: 'shared', account: true });
    expect(recorder.limits.map(({ node, declaration: { id } }) => [node, id])).toEqual([
      ['node', 'own'],
      [null, 'shared'],
    ]);
  });

  it('begin with what the pre-roll has left', () => {
    const { kernel, recorder } = newRecorder(10, 5);
    const meter = recorder.limitFactory('node')({
      id: 'l',
      name: 'n',
      unit: 'u',
      kind: 'level',
      capacity: 5,
      source: 's',
      raisable: true,
    });
    meter.set(kernel.nowUs, 4);
    kernel.run(0);
    recorder.startRecording();
    expect(meter.peakRatio).toBe(0.8);
  });
});
