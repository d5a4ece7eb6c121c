/** Makes the template of the first chain once for all files of the suite. */
import type { TestProject } from 'vitest/node';
import type { SynthResult } from '#schema/deployment.ts';
import { readScenario, synthesized } from './documents.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly skeleton: SynthResult;
  }
}

export async function setup(project: TestProject): Promise<void> {
  project.provide('skeleton', await synthesized(readScenario('walking-skeleton'), 'skeleton'));
}
