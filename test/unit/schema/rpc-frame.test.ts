import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '#schema/rpc-frame.ts';

function roundTrip(message: unknown): unknown {
  const frame = encodeFrame(message);
  return decodeFrame(frame.buffer);
}

describe('a frame', () => {
  it('brings typed arrays back as what they were, at any depth', () => {
    const message = {
      name: 'série ✓',
      nested: [{ values: new Float64Array([1.5, Number.NaN, Number.POSITIVE_INFINITY, -0]) }, null, 'text'],
      counts: new Uint32Array([1, 2, 3]),
      bytes: new Uint8Array([255]),
      empty: new Float64Array(),
    };
    const back = roundTrip(message) as typeof message;
    expect(back).toEqual(message);
    expect((back.nested[0] as { values: unknown }).values).toBeInstanceOf(Float64Array);
    expect(back.counts).toBeInstanceOf(Uint32Array);
    expect(back.bytes).toBeInstanceOf(Uint8Array);
    expect(back.empty).toBeInstanceOf(Float64Array);
  });

  it('carries an array alone, and a message without arrays', () => {
    expect(roundTrip(new Int32Array([-1, 7]))).toEqual(new Int32Array([-1, 7]));
    expect(roundTrip({ a: [1, 'x', true, null] })).toEqual({ a: [1, 'x', true, null] });
  });

  it('sends only the part of a buffer that a view shows', () => {
    const view = new Float64Array([1, 2, 3, 4]).subarray(1, 3);
    expect(roundTrip({ view })).toEqual({ view: new Float64Array([2, 3]) });
  });

  it('takes no copy of what it reads', () => {
    const frame = encodeFrame({ values: new Float64Array([1, 2]) });
    const { values } = decodeFrame(frame.buffer) as { values: Float64Array };
    expect(values.buffer).toBe(frame.buffer);
  });

  it('keeps names that look like parts of an object of JavaScript', () => {
    const message = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}') as object;
    const back = roundTrip(message) as object;
    expect(Object.keys(back)).toEqual(['__proto__', 'constructor']);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('fails for arrays that it does not know', () => {
    expect(() => encodeFrame({ values: new BigInt64Array(1) })).toThrow(TypeError);
  });

  it('fails for bytes that are no frame', () => {
    expect(() => decodeFrame(new ArrayBuffer(2))).toThrow(RangeError);
    expect(() => decodeFrame(new Uint8Array([200, 0, 0, 0, 0, 0, 0, 0]).buffer)).toThrow(RangeError);
    expect(() => decodeFrame(frameOf('nonsense'))).toThrow(SyntaxError);
  });

  it('fails for a place that leads out of the message', () => {
    const array = { kind: 'Float64Array', length: 0, offset: 0 };
    for (const path of [
      ['__proto__', 'polluted'],
      ['constructor', 'prototype', 'polluted'],
      ['a', 'b', 'c'],
    ]) {
      const head = JSON.stringify({ message: { a: {} }, arrays: [{ ...array, path }] });
      expect(() => decodeFrame(frameOf(head))).toThrow('a place it does not hold');
    }
  });
});

function frameOf(head: string): ArrayBuffer {
  const padded = head.padEnd(Math.ceil(head.length / 8) * 8);
  const frame = new Uint8Array(8 + padded.length);
  new DataView(frame.buffer).setUint32(0, padded.length, true);
  frame.set(new TextEncoder().encode(padded), 8);
  return frame.buffer;
}
