/** Makes each template once for all files of the suite. */
import type { TestProject } from 'vitest/node';
import type { SynthResult } from '#schema/deployment.ts';
import { readScenario, synthesized } from './documents.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly skeleton: SynthResult;
    readonly realTime: SynthResult;
  }
}

export async function setup(project: TestProject): Promise<void> {
  const [skeleton, realTime] = await Promise.all([
    synthesized(readScenario('walking-skeleton'), 'skeleton'),
    synthesized(readScenario('real-time-80m'), 'real-time'),
  ]);
  project.provide('skeleton', skeleton);
  project.provide('realTime', realTime);
}
