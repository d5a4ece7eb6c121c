/**
 * The network of a deployment. Each part is made when a service first needs it: private subnets have no way out but through the
 * endpoints that are opened, public subnets let nothing in.
 */
import { Fn, Stack, Tags, Validations } from 'aws-cdk-lib';
import {
  CfnEIP,
  CfnInternetGateway,
  CfnNatGateway,
  CfnSecurityGroup,
  CfnVPCGatewayAttachment,
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  type ISubnet,
  PrivateSubnet,
  PublicSubnet,
  SecurityGroup,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { rateTable } from '#catalog/pricing/rates.ts';
import type { Network, Way } from '#catalog/stacks.ts';

const ADDRESSES = '10.0.0.0/16';
const ZONES = 2;
/** Region whose rates are named; others differ by some tenths. */
const RATED_REGION = 'us-east-1';

export class SharedNetwork implements Network {
  private readonly stack: Stack;
  private made: Vpc | undefined;
  private inner: readonly PrivateSubnet[] | undefined;
  private outer: readonly PublicSubnet[] | undefined;
  private readonly opened = new Set<string>();
  private endpointGroup: ISecurityGroup | undefined;

  constructor(stack: Stack) {
    this.stack = stack;
  }

  get vpc(): Vpc {
    if (this.made !== undefined) return this.made;
    const vpc = new Vpc(this.stack, 'Network', {
      ipAddresses: IpAddresses.cidr(ADDRESSES),
      natGateways: 0,
      // Restricting it would bring a custom resource; nothing is put into it.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [],
      createInternetGateway: false,
    });
    Validations.of(vpc).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason:
        'Flow logs are billed by the GB; nothing is let in from outside, and the network lives as long as a test.',
    });
    this.made = vpc;
    return vpc;
  }

  privateSubnets(): readonly ISubnet[] {
    this.inner ??= this.zones().map(
      (availabilityZone, i) =>
        new PrivateSubnet(this.part(`Private${i + 1}`), 'Subnet', {
          vpcId: this.vpc.vpcId,
          availabilityZone,
          cidrBlock: `10.0.${i * 16}.0/20`,
        }),
    );
    return this.inner;
  }

  publicSubnets(): readonly ISubnet[] {
    if (this.outer !== undefined) return this.outer;
    const scope = this.part('Internet');
    const gateway = new CfnInternetGateway(scope, 'Gateway');
    const attachment = new CfnVPCGatewayAttachment(scope, 'Attachment', {
      vpcId: this.vpc.vpcId,
      internetGatewayId: gateway.ref,
    });
    this.outer = this.zones().map((availabilityZone, i) => {
      const subnet = new PublicSubnet(this.part(`Public${i + 1}`), 'Subnet', {
        vpcId: this.vpc.vpcId,
        availabilityZone,
        cidrBlock: `10.0.${128 + i * 16}.0/20`,
        mapPublicIpOnLaunch: false,
      });
      subnet.addDefaultInternetRoute(gateway.ref, attachment);
      return subnet;
    });
    return this.outer;
  }

  group(scope: Construct, id: string, description: string): ISecurityGroup {
    const raw = new CfnSecurityGroup(scope, id, {
      groupDescription: description,
      vpcId: this.vpc.vpcId,
      securityGroupEgress: [{ ipProtocol: '-1', cidrIp: '0.0.0.0/0', description: 'out' }],
    });
    return SecurityGroup.fromSecurityGroupId(scope, `${id}Ref`, raw.attrGroupId, { mutable: false });
  }

  open(way: Way): string {
    const key = way.kind === 'endpoint' ? way.service : way.kind;
    const isNew = !this.opened.has(key);
    this.opened.add(key);
    switch (way.kind) {
      case 'group':
        return '';
      case 'gateway':
        if (isNew) this.openGateway();
        return '';
      case 'endpoint':
        if (isNew) this.openEndpoint(way.service);
        return `an interface endpoint for ${way.service} (${price('data-transfer/interface-endpoint-hour')} an hour, ${price('data-transfer/interface-endpoint-data')} a GB)`;
      case 'internet':
        if (isNew) this.openNat();
        return `a NAT gateway (${price('data-transfer/nat-gateway-hour')} an hour, ${price('data-transfer/nat-gateway-data')} a GB)`;
    }
  }

  publicAddress(): string {
    return `${price('data-transfer/public-ipv4-hour')} an hour for each public IPv4 address`;
  }

  private zones(): readonly string[] {
    return Array.from({ length: ZONES }, (_, i) => Fn.select(i, Fn.getAzs()));
  }

  /** A scope of its own, so that names of parts never meet those of nodes. */
  private part(id: string): Construct {
    return new Construct(this.vpc, id);
  }

  private openGateway(): void {
    this.privateSubnets();
    new GatewayVpcEndpoint(this.part('S3'), 'Endpoint', {
      vpc: this.vpc,
      service: GatewayVpcEndpointAwsService.S3,
      subnets: [{ subnets: [...this.privateSubnets()] }],
    });
  }

  /** In one zone: code in the other reaches it too, and a second one would double its price. */
  private openEndpoint(service: string): void {
    const [subnet] = this.privateSubnets();
    this.endpointGroup ??= this.endpoints();
    const scope = this.part(`To-${service}`);
    new InterfaceVpcEndpoint(scope, 'Endpoint', {
      vpc: this.vpc,
      service: new InterfaceVpcEndpointAwsService(service),
      subnets: { subnets: [subnet!] },
      securityGroups: [this.endpointGroup],
      privateDnsEnabled: true,
      open: false,
    });
  }

  private endpoints(): ISecurityGroup {
    const scope = this.part('Endpoints');
    const raw = new CfnSecurityGroup(scope, 'Group', {
      groupDescription: 'Interface endpoints: HTTPS from inside the network',
      vpcId: this.vpc.vpcId,
      securityGroupIngress: [
        {
          ipProtocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          cidrIp: ADDRESSES,
          description: 'HTTPS from inside',
        },
      ],
    });
    return SecurityGroup.fromSecurityGroupId(scope, 'GroupRef', raw.attrGroupId, { mutable: false });
  }

  private openNat(): void {
    this.privateSubnets();
    const [outer] = this.publicSubnets();
    const scope = this.part('Nat');
    const address = new CfnEIP(scope, 'Address', { domain: 'vpc' });
    const nat = new CfnNatGateway(scope, 'Gateway', {
      subnetId: outer!.subnetId,
      allocationId: address.attrAllocationId,
    });
    Tags.of(scope).add('Name', `${Stack.of(scope).stackName}/Nat`);
    for (const subnet of this.inner ?? []) subnet.addDefaultNatRoute(nat.ref);
  }
}

/** A rate in words. */
function price(rateId: string): string {
  return `${rateTable(RATED_REGION).get(rateId)[0]!.usdPerUnit} USD`;
}
