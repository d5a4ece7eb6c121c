/** What deployed code of a node sends to, gathered edge by edge, and the ways that this takes. */
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { HandlerEmit, HandlerPlan, HandlerTarget } from '#schema/deployment.ts';
import type { Network, Way } from '../stack.ts';

type Output = HandlerPlan['outputs'][number];

/**
 * Bytes of a function's environment variables. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (read 2026-11-21)
 */
const ENVIRONMENT_BYTES = 4096;
/** Taken for an address that CloudFormation fills in. */
const ADDRESS_BYTES = 120;

export class Targets {
  private readonly byOutput = new Map<string, Output>();
  private readonly ways: Way[] = [];

  add(outputId: string, emit: HandlerEmit, target: HandlerTarget, way: Way = { kind: 'internet' }): void {
    const known = this.byOutput.get(outputId);
    this.byOutput.set(outputId, { emit, targets: [...(known?.targets ?? []), target] });
    this.ways.push(way);
  }

  outputs(): readonly Output[] {
    return [...this.byOutput.values()];
  }

  /** Whether a target is only reached from inside the network. */
  needNetwork(): boolean {
    return this.ways.some(({ kind }) => kind === 'group');
  }

  /** Has the security group let in where that is the way. */
  admit(group: ISecurityGroup): void {
    for (const way of this.ways) if (way.kind === 'group') way.admit(group);
  }

  /** Opens the ways out of the private subnets; what they cost, in sentences. */
  open(network: Network): readonly string[] {
    return [...new Set(this.ways.map((way) => network.open(way)))].filter((cost) => cost !== '');
  }
}

/** Whether a plan fits into the environment of a function, its addresses at their usual length. */
export function fitsEnvironment(plan: HandlerPlan): boolean {
  const text = JSON.stringify(plan, (key, value: unknown) => (key === 'address' ? 'x'.repeat(ADDRESS_BYTES) : value));
  return Buffer.byteLength(text) < ENVIRONMENT_BYTES;
}
