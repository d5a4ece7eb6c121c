/** Service times of an elastic pool: a mean that the owner works out, times a drawn factor of mean 1. */
import type { DrawStream } from '#engine/kernel/draws.ts';
import { compileLaw, type Law, type ShapedKind, shapedLaw } from '#engine/kernel/laws.ts';

/** Service time number `ordinal` is a pure function of the ordinal of the request, so variants of a design share it. */
export class ServiceTime {
  private readonly law: Law;
  private readonly draw: DrawStream;

  /** `cv`: coefficient of variation, used by lognormal, gamma and hyperexponential (which needs cv >= 1). */
  constructor(shape: ShapedKind, cv: number, draw: DrawStream) {
    this.law = compileLaw(shapedLaw(shape, 1, cv));
    this.draw = draw;
  }

  /** Service time in the unit of `mean`. */
  sample(mean: number, ordinal: number): number {
    return mean * this.law.sample(this.draw, ordinal);
  }
}
