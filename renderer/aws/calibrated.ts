import { followPath, valueAt } from '#analysis/paths.ts';
import type { Calibration } from '#schema/deployment-measure.ts';
import type { CaudalDocument } from '#schema/document.ts';

/** True where the design has the proposed values already. */
export function isCalibrated(document: CaudalDocument, { proposals }: Pick<Calibration, 'proposals'>): boolean {
  return proposals.every(({ path, to }) => {
    const { pointer, rest } = followPath(document, path);
    return rest.length === 0 && valueAt(document, pointer) === to;
  });
}
