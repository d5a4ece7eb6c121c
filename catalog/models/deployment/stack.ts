/**
 * What the `stack.ts` facets of components and connections give each other. A facet builds the resources of its own node and
 * says here how others reach them; wiring, roles along edges and addresses for deployed code come from these declarations, so
 * that no facet knows another component.
 */
import type { Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { HandlerEmit, HandlerTarget, TransformShares } from '#schema/deployment.ts';
import type { DocumentEdge, DocumentNode } from '#schema/document.ts';
import type { ProtocolId } from '#schema/protocols.ts';

/**
 * How code in the private subnets, which have no way out, gets to a receiver: through an interface endpoint of a service, through
 * the free gateway to S3, by a security group that is let in, or only over the Internet.
 */
export type Way =
  | { readonly kind: 'endpoint'; readonly service: string }
  | { readonly kind: 'gateway' }
  | { readonly kind: 'group'; admit(group: ISecurityGroup): void }
  | { readonly kind: 'internet' };

/** How a delivery stream is to write into a search index: names as its own settings have them. */
export interface IndexSettings {
  readonly name: string;
  readonly rotation: 'NoRotation' | 'OneHour' | 'OneDay' | 'OneWeek' | 'OneMonth';
  /** Whether a record's own identity becomes that of the document. */
  readonly hasRecordIds: boolean;
}

/** An in port that others send to, call or read through: how code and services reach it. */
export interface Receiver {
  /** What a client is given: queue URL, stream name, topic ARN, bucket name, `host:port`. Holds CloudFormation references. */
  readonly address: string;
  /** ARN for services that are told where to deliver. */
  readonly arn: string;
  /** Allows sending, and nothing else, to a role of code or of a service. */
  grantSend(role: IRole): void;
  /**
   * Told which service of AWS delivers here by itself (a topic, a rule): resource policies. `sourceArn` is that of the sender,
   * `sender` its id in the document.
   */
  allowService?(servicePrincipal: string, sourceArn: string, sender: string): void;
  /** Over the Internet only, when left out. */
  readonly way?: Way;
  /** Where what arrives is indexed. */
  readonly index?: IndexSettings;
}

/** An out port that others read from by asking: a stream's or a queue's consumers. */
export interface Source {
  readonly address: string;
  readonly arn: string;
  /** Allows reading, and removing where reading removes, to a role. */
  grantRead(role: IRole): void;
}

/** A node that runs code of ours: a function, a container service. */
export interface Compute {
  readonly role: IRole;
  /** The function, where it is one. */
  readonly fn?: IFunction;
  /** Where events go that the function has failed on. */
  readonly failures?: Receiver | undefined;
  /** Adds a target of an output named by the user; `way` puts the code into the network where it must be there. */
  addTarget(outputId: string, emit: HandlerEmit, target: HandlerTarget, way?: Way): void;
  /** Told that it answers a delivery stream, and which shares of the records it drops or fails. */
  transform?(shares: TransformShares): void;
}

/** One edge as a facet sees it. */
export interface EdgeParts<Config = Readonly<Record<string, unknown>>> {
  readonly edge: DocumentEdge;
  /** Parsed config of the connection; an empty object where the edge has no settings. */
  readonly config: Config;
  readonly source: Built;
  readonly target: Built;
  /** Protocol that the two ends speak. */
  readonly protocol: ProtocolId;
  /** Something that the deployed edge does otherwise than the simulated one, in a sentence. */
  note(text: string): void;
}

/** What a component's `stack.ts` returns. */
export interface Built {
  readonly node: DocumentNode;
  /** By in port. */
  readonly receivers?: Readonly<Record<string, Receiver>>;
  /** By out port. */
  readonly sources?: Readonly<Record<string, Source>>;
  readonly compute?: Compute;
  /** Where goes what the node could not deliver, once that edge is known. */
  readonly deadLetters?: Receiver | undefined;
  /** In ports at which the deployed resource takes nothing, each with the reason. */
  readonly closed?: Readonly<Record<string, string>>;
  /** Settings that this node's own resource holds about an edge that leaves it (a redrive policy, a destination). */
  connect?(edge: EdgeParts): void;
  /** Settings that this node's own resource holds about an edge that arrives (a delivery stream that reads a stream). */
  accept?(edge: EdgeParts): void;
  /** Called last, when every edge is known. */
  finish?(): void;
}

export interface StackContext<Config> {
  /** Scope of the node: construct ids in it need to be unique in the node only. Tagged with the node's id. */
  readonly scope: Construct;
  readonly stack: Stack;
  readonly node: DocumentNode;
  readonly config: Config;
  /** Ports that have an edge to a node that is deployed. */
  readonly linkedPorts: readonly string[];
  /** Whether a workload is attached, which `drive` sends in the node's place. */
  readonly hasWorkload: boolean;
  /** Code of the handlers: one CommonJS file, which the template holds once. */
  readonly handlerCode: string;
  /** Network shared by what needs one; made when first asked for. */
  network(): Network;
  /** Something that the deployed resource does otherwise than the simulated one, in a sentence. */
  note(text: string): void;
}

/** The network of a deployment; each part is made when first asked for. */
export interface Network {
  readonly vpc: IVpc;
  /** Without a way in or out but through endpoints. */
  privateSubnets(): readonly ISubnet[];
  /** With a way out for what has a public address. Nothing is let in. */
  publicSubnets(): readonly ISubnet[];
  /** What the public address of a task costs, in words. */
  publicAddress(): string;
  /** A security group that lets nothing in by itself. */
  group(scope: Construct, id: string, description: string): ISecurityGroup;
  /** Opens a way out of the private subnets; what it costs is said in a sentence, empty when it costs nothing. */
  open(way: Way): string;
}

export type ComponentStack<Config> = (context: StackContext<Config>) => Built;

/** A component's entry in the list of stacks. */
export interface StackFacet<Config> {
  readonly build: ComponentStack<Config>;
  /** Why a node with this config cannot be deployed; undefined when it can. */
  readonly refuses?: (config: Config) => string | undefined;
}

/** A connection's entry in the list of stacks. */
export interface ConnectionFacet<Config> {
  /** Makes AWS's own resource for the edge: an event source mapping, a subscription. */
  readonly build?: (scope: Construct, edge: EdgeParts<Config>) => void;
  /** What code at the source is told about the target beside its address. */
  readonly tell?: (config: Config) => Partial<HandlerTarget>;
}
