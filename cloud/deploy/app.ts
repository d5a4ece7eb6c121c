/**
 * Turns a document into a CDK app of one stack. Runs in the CDK child only: nobody else loads the CDK.
 *
 * Nodes first, each with its own resources; then what a node's own resource says about its edges and what deployed code is told;
 * then the connections that are resources themselves. The same document gives the same template: ids come from ids of nodes and
 * edges, nothing from time or chance.
 */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { App, CfnMapping, CfnOutput, CfnResource, LegacyStackSynthesizer, Stack, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { connectionKey, departureOf, nodesById } from '#analysis/catalog.ts';
import { handlerCode } from '#catalog/handler-code.ts';
import { components, connections } from '#catalog/specs.ts';
import { type Built, type ConnectionFacet, connectionStacks, type EdgeParts, stacks } from '#catalog/stacks.ts';
import {
  type AccessPoint,
  type DeployedParts,
  deploymentTags,
  type HandlerEmit,
  handlerEmitFields,
  type LeftOut,
  type SynthRequest,
  type SynthResult,
} from '#schema/deployment.ts';
import type { DocumentEdge, DocumentNode } from '#schema/document.ts';
import { emitSchema } from '#schema/emit.ts';
import { InputError, invariant } from '#schema/errors.ts';
import type { ProtocolId } from '#schema/protocols.ts';
import { DEPLOYED_KEY, digestsOf } from './deployed-parts.ts';
import { findingsIn } from './findings.ts';
import { SharedNetwork } from './network.ts';
import { OWNERS_KEY } from './owners.ts';

/** A stack under construction; `synthesize` ends it. */
export class DeploymentApp {
  readonly app: App;
  readonly stack: Stack;
  private readonly request: SynthRequest;
  private readonly nodes: ReadonlyMap<string, DocumentNode>;
  private readonly built = new Map<string, Built>();
  private readonly scopes = new Map<string, Construct>();
  private readonly leftOut: LeftOut[] = [];
  private readonly notes: { node: string; text: string }[] = [];
  private readonly network: SharedNetwork;
  private code: string | undefined;

  constructor(request: SynthRequest, context: Readonly<Record<string, unknown>> = {}) {
    this.request = request;
    this.nodes = nodesById(request.document);
    this.app = new App({
      analyticsReporting: false,
      treeMetadata: false,
      context: { '@aws-cdk/core:validateAgainstDefaultRules': true, 'aws:cdk:disable-version-check': true, ...context },
    });
    this.stack = new Stack(this.app, request.stackName, {
      synthesizer: new LegacyStackSynthesizer(),
      description: `Caudal ${request.version}: ${request.document.name}`.slice(0, 1024),
    });
    this.network = new SharedNetwork(this.stack);
    this.tag();
    for (const node of request.document.nodes) this.addNode(node);
    for (const edge of request.document.edges) this.addEdge(edge);
    for (const edge of request.document.edges) this.addConnection(edge);
    for (const built of this.built.values()) built.finish?.();
  }

  /** Throws an InputError where no part of the document can be deployed: CloudFormation takes no empty stack. */
  synthesize(): SynthResult {
    if (this.built.size === 0) {
      this.removeFolder();
      throw nothingToDeploy(this.leftOut);
    }
    const accessPoints = this.addOutputs();
    this.stack.templateOptions.metadata = {
      [OWNERS_KEY]: this.idsByOwner(),
      [DEPLOYED_KEY]: { accessPoints, digests: this.digests() } satisfies DeployedParts,
    };
    const template = this.assemble();
    return {
      template: template as Record<string, unknown>,
      resources: (template as { Metadata: Record<typeof OWNERS_KEY, Record<string, string[]>> }).Metadata[OWNERS_KEY],
      leftOut: this.leftOut,
      notes: this.notes,
      accessPoints,
    };
  }

  /** The template, by way of a folder that is removed again. Throws what the CDK finds wrong with it. */
  private assemble(): object {
    try {
      return this.app.synth().getStackByName(this.request.stackName).template as object;
    } catch (error) {
      const findings = findingsIn(this.app.outdir);
      throw findings.length === 0 ? error : new Error(`the template breaks rules of AWS: ${findings.join('; ')}`);
    } finally {
      this.removeFolder();
    }
  }

  private removeFolder(): void {
    rmSync(this.app.outdir, { recursive: true, force: true });
  }

  private tag(): void {
    const { document, version, expiresAt } = this.request;
    const tags = Tags.of(this.stack);
    tags.add(deploymentTags.document, tagValue(document.name));
    tags.add(deploymentTags.version, version);
    if (expiresAt !== undefined) tags.add(deploymentTags.expiry, expiresAt);
  }

  private addNode(node: DocumentNode): void {
    const facet = stacks.get(node.type);
    const reason =
      facet === undefined
        ? (components.get(node.type)?.declaration.absent.stack ?? 'no stack facet')
        : facet.refuses?.(node.config as never);
    if (facet === undefined || reason !== undefined) {
      this.leftOut.push({ kind: 'node', id: node.id, type: node.type, reason: reason ?? '' });
      return;
    }
    const scope = new Construct(this.stack, node.id);
    Tags.of(scope).add(deploymentTags.node, node.id);
    this.scopes.set(node.id, scope);
    const code = (): string => this.sharedCode();
    const parts = facet.build({
      scope,
      stack: this.stack,
      node,
      config: node.config as never,
      linkedPorts: this.linkedPorts(node.id),
      hasWorkload: this.request.document.workloads.some((workload) => workload.node === node.id),
      // A getter: a template without code of ours does not hold it.
      get handlerCode() {
        return code();
      },
      network: () => this.network,
      note: (text) => this.notes.push({ node: node.id, text }),
    });
    this.built.set(node.id, parts);
  }

  /** The handler's code stands in the template once, however many run it; its key changes with it. */
  private sharedCode(): string {
    const key = createHash('sha256').update(handlerCode).digest('hex').slice(0, 12);
    this.code ??= new CfnMapping(this.stack, 'Handler', { mapping: { [`v${key}`]: { code: handlerCode } } }).findInMap(
      `v${key}`,
      'code',
    );
    return this.code;
  }

  /** Ports with an edge to or from a node whose component can be deployed. */
  private linkedPorts(id: string): readonly string[] {
    const isDeployed = (other: string): boolean => stacks.has(this.nodes.get(other)?.type ?? '');
    return this.request.document.edges.flatMap((edge) => {
      if (edge.source === id && isDeployed(edge.target)) return [this.portOf(edge)];
      return edge.target === id && isDeployed(edge.source) ? [edge.port] : [];
    });
  }

  private portOf(edge: DocumentEdge): string {
    return this.departureOf(edge).port.id;
  }

  private departureOf(edge: DocumentEdge) {
    const node = this.nodes.get(edge.source);
    const ports = components.get(node?.type ?? '')?.declaration.ports;
    const departure = node && ports && departureOf(ports, node, edge.output);
    invariant(departure !== undefined, `edge ${edge.id} leaves by no port of ${edge.source}`);
    return departure;
  }

  private ends(edge: DocumentEdge): EdgeParts | undefined {
    const source = this.built.get(edge.source);
    const target = this.built.get(edge.target);
    if (source === undefined || target === undefined) return undefined;
    const note = (text: string): void => void this.notes.push({ node: edge.source, text });
    return { edge, config: edge.config, source, target, protocol: this.protocolOf(edge), note };
  }

  private protocolOf(edge: DocumentEdge): ProtocolId {
    const ports = components.get(this.nodes.get(edge.target)?.type ?? '')?.declaration.ports ?? [];
    const given = ports.find(({ id }) => id === edge.port)?.protocols ?? [];
    const taken = this.departureOf(edge).port.protocols;
    const protocol = given.find((id) => taken.includes(id));
    invariant(protocol !== undefined, `edge ${edge.id} has no protocol`);
    return protocol;
  }

  private connectionOf(edge: DocumentEdge): ConnectionFacet<never> | undefined {
    const key = connectionKey(this.nodes.get(edge.source)?.type ?? '', this.nodes.get(edge.target)?.type ?? '');
    return connections.get(key)?.declaration.port === edge.port ? connectionStacks.get(key) : undefined;
  }

  /** What the resources of the two ends say about each other, and what code at the source is told. */
  private addEdge(edge: DocumentEdge): void {
    const parts = this.ends(edge);
    if (parts === undefined) {
      const missing = [edge.source, edge.target].filter((id) => !this.built.has(id));
      this.leftOut.push({ kind: 'edge', id: edge.id, reason: `${missing.join(' and ')} is not deployed` });
      return;
    }
    const reason = parts.target.closed?.[edge.port];
    if (reason !== undefined) this.leftOut.push({ kind: 'edge', id: edge.id, reason });
    else if (this.departureOf(edge).kind === 'port') parts.source.connect?.(parts);
    else this.addTarget(parts);
    if (reason === undefined) parts.target.accept?.(parts);
  }

  /** Lets code at the source send, and tells it where. */
  private addTarget({ edge, source, target, protocol }: EdgeParts): void {
    const departure = this.departureOf(edge);
    if (source.compute === undefined || departure.kind === 'port') return;
    const receiver = target.receivers?.[edge.port];
    invariant(receiver !== undefined, `${edge.target} takes nothing at ${edge.port}`);
    receiver.grantSend(source.compute.role);
    const isCall = departure.port.kind === 'call';
    const { emit } = departure.output;
    if (emit.client !== 'sdk') {
      this.notes.push({
        node: edge.source,
        text: `Output ${edge.output} sends by calls of the SDK, not ${emit.client}.`,
      });
    }
    const told = this.connectionOf(edge)?.tell?.(edge.config as never) ?? {};
    source.compute.addTarget(
      edge.output,
      { ...emitOf(emit), ...(isCall ? { isCall } : {}) },
      { protocol, address: receiver.address, ...told },
      receiver.way ?? { kind: 'internet' },
    );
  }

  /** Connections that are resources of their own. */
  private addConnection(edge: DocumentEdge): void {
    const parts = this.ends(edge);
    const build = this.connectionOf(edge)?.build;
    if (parts === undefined || build === undefined) return;
    const scope = new Construct(this.stack, `edge-${edge.id}`);
    this.scopes.set(edge.id, scope);
    build(scope, parts as EdgeParts<never>);
  }

  /** Of what is deployed. */
  private digests(): Record<string, string> {
    const isLeftOut = new Set(this.leftOut.map(({ id }) => id));
    return Object.fromEntries(Object.entries(digestsOf(this.request.document)).filter(([id]) => !isLeftOut.has(id)));
  }

  /** An output for each node that takes records or can be read from. */
  private addOutputs(): AccessPoint[] {
    const points: AccessPoint[] = [];
    for (const [id, { receivers = {}, sources = {} }] of this.built) {
      const ports = [...Object.entries(receivers), ...Object.entries(sources)];
      const [first] = ports;
      if (first === undefined) continue;
      const outputKey = `At${id.replaceAll(/(^|-)([a-z0-9])/g, (_, _dash, letter: string) => letter.toUpperCase())}`;
      new CfnOutput(this.stack, outputKey, { value: first[1].address }).overrideLogicalId(outputKey);
      const declared = components.get(this.nodes.get(id)?.type ?? '')?.declaration.ports ?? [];
      for (const [port] of ports) {
        const protocol = declared.find((one) => one.id === port)?.protocols[0] ?? '';
        points.push({ node: id, port, protocol, outputKey });
      }
    }
    return points;
  }

  /**
   * Logical ids by the node or edge that they belong to; those that several share are under the id of none. The template holds
   * them for those who meet the stack later and know nothing of the document.
   */
  private idsByOwner(): Record<string, string[]> {
    const entries = [...this.scopes].map(([id, scope]): [string, string[]] => [
      id,
      scope.node
        .findAll()
        .filter((one): one is CfnResource => CfnResource.isCfnResource(one))
        .map((one) => one.logicalId),
    ]);
    return Object.fromEntries(entries.filter(([, ids]) => ids.length > 0));
  }
}

/** The part of an output's settings that deployed code is told: what is not the default. */
function emitOf(emit: DocumentNode['outputs'][number]['emit']): HandlerEmit {
  const defaults = emitSchema.parse({});
  const changed = handlerEmitFields.filter((field) => emit[field] !== defaults[field]);
  return Object.fromEntries(changed.map((field) => [field, emit[field]]));
}

/** Tag values take letters, digits, spaces and `_.:/=+-@`, 256 at most. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html (read 2026-11-21) */
function tagValue(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}\s_.:/=+\-@]/gu, '-').slice(0, 256);
}

function nothingToDeploy(leftOut: readonly LeftOut[]): InputError {
  const nodes = leftOut.filter(({ kind }) => kind === 'node');
  const message = 'no part of this document can be deployed; add one that can';
  return new InputError([
    { code: 'deploy/nothing-to-deploy', path: 'nodes', message },
    ...nodes.map(({ id, reason }) => ({
      code: 'deploy/left-out',
      path: `nodes.${id}`,
      message: `cannot be deployed: ${reason}`,
    })),
  ]);
}
