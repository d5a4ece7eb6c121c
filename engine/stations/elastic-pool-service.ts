/** Service times of an elastic pool: a mean that the owner works out, times a drawn factor of mean 1. */
import type { DrawStream } from '#engine/kernel/draws.ts';
import { compileLaw, type Law, type LawSpec } from '#engine/kernel/laws.ts';

/** Shapes of a service time whose mean is given for each request. */
export type ServiceShape = 'deterministic' | 'exponential' | 'lognormal' | 'gamma' | 'hyperexponential';

/** Service time number `ordinal` is a pure function of the ordinal of the request, so variants of a design share it. */
export class ServiceTime {
  private readonly law: Law;
  private readonly draw: DrawStream;

  /** `cv`: coefficient of variation, used by lognormal, gamma and hyperexponential (which needs cv >= 1). */
  constructor(shape: ServiceShape, cv: number, draw: DrawStream) {
    this.law = compileLaw(lawOf(shape, cv));
    this.draw = draw;
  }

  /** Service time in the unit of `mean`. */
  sample(mean: number, ordinal: number): number {
    return mean * this.law.sample(this.draw, ordinal);
  }
}

function lawOf(shape: ServiceShape, cv: number): LawSpec {
  switch (shape) {
    case 'deterministic':
    case 'exponential':
      return { kind: shape, mean: 1 };
    case 'lognormal':
    case 'gamma':
    case 'hyperexponential':
      return { kind: shape, mean: 1, cv };
  }
}
