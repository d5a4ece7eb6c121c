/** The network of a deployment: made only when a service needs one, private, without a way to the Internet of its own. */
import type { Stack } from 'aws-cdk-lib';
import { GatewayVpcEndpointAwsService, IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Network } from '#catalog/stacks.ts';

const ADDRESSES = '10.0.0.0/16';

export class SharedNetwork {
  private readonly stack: Stack;
  private made: Network | undefined;

  constructor(stack: Stack) {
    this.stack = stack;
  }

  get(): Network {
    this.made ??= { vpc: this.create() };
    return this.made;
  }

  private create(): Vpc {
    const vpc = new Vpc(this.stack, 'Network', {
      ipAddresses: IpAddresses.cidr(ADDRESSES),
      maxAzs: 2,
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'private', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    return vpc;
  }
}
