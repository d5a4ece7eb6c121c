/**
 * What the `stack.ts` facets of components and connections give each other. A facet builds the resources of its own node and
 * says here how others reach them; wiring, roles along edges and addresses for deployed code come from these declarations, so
 * that no facet knows another component.
 */
import type { Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { HandlerEmit, HandlerTarget } from '#schema/deployment.ts';
import type { DocumentEdge, DocumentNode } from '#schema/document.ts';
import type { ProtocolId } from '#schema/protocols.ts';

/** An in port that others send to, call or read through: how code and services reach it. */
export interface Receiver {
  /** What a client is given: queue URL, stream name, topic ARN, bucket name, `host:port`. Holds CloudFormation references. */
  readonly address: string;
  /** ARN for services that are told where to deliver. */
  readonly arn: string;
  /** Allows sending, and nothing else, to a role of code or of a service. */
  grantSend(role: IRole): void;
  /** Told which service of AWS delivers here by itself (a topic, a rule): resource policies. `sourceArn`: of the sender. */
  allowService?(servicePrincipal: string, sourceArn: string): void;
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
  /** Adds a target of an output named by the user. */
  addTarget(outputId: string, emit: HandlerEmit, target: HandlerTarget): void;
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
}

/** What a component's `stack.ts` returns. */
export interface Built {
  readonly node: DocumentNode;
  /** By in port. */
  readonly receivers?: Readonly<Record<string, Receiver>>;
  /** By out port. */
  readonly sources?: Readonly<Record<string, Source>>;
  readonly compute?: Compute;
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
  /** Code of the handlers: one CommonJS file. */
  readonly handlerCode: string;
  /** Network shared by what needs one; made when first asked for. */
  network(): Network;
  /** Something that the deployed resource does otherwise than the simulated one, in a sentence. */
  note(text: string): void;
}

/** Subnets without a way out or in but through endpoints, made only where a service needs them. */
export interface Network {
  readonly vpc: IVpc;
}

export type ComponentStack<Config> = (context: StackContext<Config>) => Built;

/** A component's entry in the list of stacks. */
export interface StackFacet<Config> {
  readonly build: ComponentStack<Config>;
  /** Why a node with this config cannot be deployed; undefined when it can. */
  readonly refuses?: (config: Config) => string | undefined;
}

/** The `stack.ts` of a connection makes AWS's own resource for the edge: an event source mapping, a subscription. */
export type ConnectionStack<Config> = (scope: Construct, edge: EdgeParts<Config>) => void;
