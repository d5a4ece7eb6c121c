import { describe, expect, it } from 'vitest';
import { isCalibrated } from '#renderer/aws/calibrated.ts';
import { measuredFits, measuredSpan } from '#renderer/aws/measured.ts';
import { documentSchema, schemaVersion } from '#schema/document.ts';

const document = documentSchema.parse({
  schemaVersion,
  name: 'Shop',
  nodes: [{ id: 'clicks', type: 'kinesis-data-streams', config: { putLatencyMs: 20 } }],
});
const series = { metric: 'IncomingRecords', unit: 'Count', stepSeconds: 60 } as const;

describe('a measured run', () => {
  it('fits a design whose nodes it has, whatever their settings are now', () => {
    const nodes = { clicks: { type: 'kinesis-data-streams' }, gone: { type: 'lambda' } };
    expect(measuredFits(document, { report: { nodes } })).toBe(true);
    expect(measuredFits(document, { report: { nodes: { clicks: { type: 'sqs' } } } })).toBe(false);
    expect(measuredFits(document, { report: { nodes: {} } })).toBe(false);
    expect(measuredFits(undefined, { report: { nodes } })).toBe(false);
  });

  it('spans from the first point of any metric to the last', () => {
    const nodes = {
      clicks: [
        { ...series, startSeconds: -20, values: new Float64Array(2) },
        { ...series, startSeconds: -20, values: new Float64Array(4) },
      ],
    };
    expect(measuredSpan({ nodes })).toEqual([-20, 220]);
    expect(measuredSpan({ nodes: {} })).toBeUndefined();
  });
});

describe('proposals of a calibration', () => {
  const proposal = { path: 'nodes.clicks.config.putLatencyMs', label: '', unit: 'ms', from: 20, to: 31.5 };

  it('are in the design once it has their values, and no more after undo', () => {
    expect(isCalibrated(document, { proposals: [proposal] })).toBe(false);
    expect(isCalibrated(document, { proposals: [{ ...proposal, to: 20 }] })).toBe(true);
    const [node] = document.nodes;
    const calibrated = { ...document, nodes: node ? [{ ...node, config: { putLatencyMs: 31.5 } }] : [] };
    expect(isCalibrated(calibrated, { proposals: [proposal] })).toBe(true);
    expect(isCalibrated(calibrated, { proposals: [{ ...proposal, path: 'nodes.gone.config.x' }] })).toBe(false);
  });
});
