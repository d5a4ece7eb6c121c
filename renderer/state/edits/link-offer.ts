/** What the canvas offers when a link is drawn: the ways in which two nodes can be joined, or why they cannot. */
import { type Catalog, emittingPorts, portOfOutput } from '#analysis/catalog.ts';
import { GrowingPlan, judgeLink, type LinkRefusal } from '#analysis/links.ts';
import type { ComponentSpec, Port } from '#schema/component.ts';
import type { CaudalDocument, DocumentEdge, DocumentNode } from '#schema/document.ts';
import { emitSchema } from '#schema/emit.ts';
import { freeId } from './free-id.ts';
import { between } from './in-between.ts';

/** The port at which drawing began; it may be either end of the link. */
export interface LinkStart {
  readonly node: string;
  readonly port: string;
}

/** Where a link begins of which the other end is moved: by another port of the node where this one cannot be kept. */
export interface MovedStart {
  /** The output by which it leaves; undefined where the source is what changes. */
  readonly output: string | undefined;
}

/** One way to join two nodes. */
export interface LinkOption {
  readonly source: string;
  readonly sourcePort: Port;
  /** An output of the source, or the id of a port that emits by itself. */
  readonly output: string;
  /** The output does not exist yet and is made with the link. */
  readonly isNewOutput: boolean;
  /** Links that leave by the output already: the new one takes copies of their records. */
  readonly copies: number;
  readonly target: string;
  readonly targetPort: Port;
}

export type LinkOffer =
  /** The first is the likeliest. */
  | { readonly kind: 'legal'; readonly options: readonly [LinkOption, ...LinkOption[]] }
  | { readonly kind: 'refused'; readonly message: string; readonly remedy: string };

/** Judges the links from one start. Built once for a drag: each question then costs the ports of the two nodes. */
export class LinkJudge {
  readonly start: LinkStart;
  private readonly moved: MovedStart | undefined;
  private readonly catalog: Catalog;
  private readonly plan: GrowingPlan;
  private readonly nodes: ReadonlyMap<string, DocumentNode>;

  constructor(catalog: Catalog, document: CaudalDocument, start: LinkStart, moved?: MovedStart) {
    this.catalog = catalog;
    this.start = start;
    this.moved = moved;
    this.plan = new GrowingPlan(
      document.nodes.map((node) => withProbes(catalog, node)),
      document.edges,
    );
    this.nodes = new Map(document.nodes.map((node) => [node.id, node]));
  }

  /** How the start can be joined with a node; with `port`, at this port of it only. */
  offer(other: string, port?: string): LinkOffer {
    const here = this.end(this.start.node);
    const there = this.end(other);
    if (here === undefined || there === undefined) {
      return { kind: 'refused', message: 'This component is not known to Caudal', remedy: 'Mend its type first.' };
    }
    const begun = here.spec.declaration.ports.find(({ id }) => id === this.start.port);
    const isForward = begun?.direction !== 'in';
    const [source, target] = isForward ? [here, there] : [there, here];
    const startPorts = begun === undefined ? portsOf(here, isForward ? 'out' : 'in') : [begun];
    const otherPorts = portsOf(there, isForward ? 'in' : 'out').filter(({ id }) => port === undefined || id === port);
    const from = (ports: readonly Port[]): LinkOffer =>
      isForward ? this.judge(source, ports, target, otherPorts) : this.judge(source, otherPorts, target, ports);
    const offer = from(startPorts);
    if (this.moved === undefined || offer.kind === 'legal') return offer;
    // A function that was fed by a stream can be fed by a queue: by another of its ports.
    const byOther = from(portsOf(here, isForward ? 'out' : 'in'));
    return byOther.kind === 'legal' ? byOther : offer;
  }

  /** True where some link between the start and the node is legal. */
  isLegal(other: string): boolean {
    return other !== this.start.node && this.offer(other).kind === 'legal';
  }

  private judge(source: End, outs: readonly Port[], target: End, ins: readonly Port[]): LinkOffer {
    const options: LinkOption[] = [];
    const refusals: LinkRefusal[] = [];
    for (const sourcePort of outs) {
      for (const targetPort of ins) {
        for (const { output, isNewOutput } of this.outputs(source, sourcePort)) {
          const ends = { source: source.node.id, output, target: target.node.id, port: targetPort.id };
          const refusal = judgeLink(this.catalog, this.plan, ends);
          if (refusal !== undefined) refusals.push(refusal);
          else options.push(this.option(ends, sourcePort, targetPort, isNewOutput));
        }
      }
    }
    const [best, ...others] = likeliest(options);
    if (best !== undefined) return { kind: 'legal', options: [best, ...others] };
    return this.refused(source, outs, target, ins, refusals);
  }

  private option(
    { source, output, target }: Pick<DocumentEdge, 'source' | 'output' | 'target'>,
    sourcePort: Port,
    targetPort: Port,
    isNewOutput: boolean,
  ): LinkOption {
    const named = isNewOutput ? freeId(target, outputNames(this.nodes.get(source), this.catalog)) : output;
    const copies = isNewOutput ? 0 : this.plan.leaving(source).filter((edge) => edge.output === output).length;
    return { source, sourcePort, output: named, isNewOutput, copies, target, targetPort };
  }

  /** An unused output waits to be linked; where there is none, a new one or copies of those in use. */
  private outputs({ node, spec }: End, port: Port): readonly { output: string; isNewOutput: boolean }[] {
    if (port.emits !== true) return [{ output: port.id, isNewOutput: false }];
    const kept = node.id === this.start.node && port.id === this.start.port ? this.moved?.output : undefined;
    if (kept !== undefined) return [{ output: kept, isNewOutput: false }];
    const own = node.outputs.filter((output) => portOfOutput(spec.declaration.ports, output)?.id === port.id);
    const used = new Set(this.plan.leaving(node.id).map(({ output }) => output));
    const unused = own.filter(({ id }) => !used.has(id));
    const known = (unused.length > 0 ? unused : own).map(({ id }) => ({ output: id, isNewOutput: false }));
    return unused.length > 0 ? known : [{ output: probeOf(port), isNewOutput: true }, ...known];
  }

  private refused(
    source: End,
    outs: readonly Port[],
    target: End,
    ins: readonly Port[],
    refusals: readonly LinkRefusal[],
  ): LinkOffer {
    const from = source.spec.declaration.title;
    const to = target.spec.declaration.title;
    if (ins.length === 0) {
      return {
        kind: 'refused',
        message: `${to} takes nothing from other nodes.`,
        remedy: 'Draw a link from it instead.',
      };
    }
    if (outs.length === 0) {
      return {
        kind: 'refused',
        message: `${from} sends nothing to other nodes.`,
        remedy: 'Draw a link to it instead.',
      };
    }
    const telling = refusals.find(({ code }) => code !== 'document/illegal-link') ?? refusals[0];
    const go = between(this.catalog, outs, ins);
    const bridge = go.length === 0 ? '' : ` Or put ${listed(go)} between the two.`;
    return {
      kind: 'refused',
      message: `${capital(telling?.message ?? `${from} cannot be linked to ${to}`, this.nodes)}.`,
      remedy: `${telling?.remedy ?? ''}${telling?.code === 'document/illegal-link' ? bridge : ''}`.trim(),
    };
  }

  private end(id: string): End | undefined {
    const node = this.nodes.get(id);
    const spec = node && this.catalog.components.get(node.type);
    return node && spec && { node, spec };
  }
}

interface End {
  readonly node: DocumentNode;
  readonly spec: ComponentSpec;
}

/** Stands for an output that is not made yet, one for each emitting port: no id of a user has a dot. */
function probeOf(port: Port): string {
  return `new.${port.id}`;
}

/** The node with an output more on each of its emitting ports. */
function withProbes(catalog: Catalog, node: DocumentNode): DocumentNode {
  const ports = emittingPorts(catalog.components.get(node.type)?.declaration.ports ?? []);
  if (ports.length === 0) return node;
  const probes = ports.map((port) => ({ id: probeOf(port), port: port.id, emit: noEmit }));
  return { ...node, outputs: [...node.outputs, ...probes] };
}

const noEmit = emitSchema.parse({});

function portsOf({ spec }: End, direction: Port['direction']): readonly Port[] {
  return spec.declaration.ports.filter((port) => port.direction === direction);
}

/** What a new output of a node must not be called. */
function outputNames(node: DocumentNode | undefined, catalog: Catalog): ReadonlySet<string> {
  const ports = catalog.components.get(node?.type ?? '')?.declaration.ports ?? [];
  return new Set([...ports.map(({ id }) => id), ...(node?.outputs ?? []).map(({ id }) => id)]);
}

/** What fails goes to a dead-letter port, and what does not goes elsewhere; the rest of the pairs is kept for the last resort. */
function likeliest(options: readonly LinkOption[]): readonly LinkOption[] {
  const fits = options.filter(
    ({ sourcePort, targetPort }) => (sourcePort.onFailure === true) === (targetPort.deadLetter === true),
  );
  const isOrdinary = fits.filter(({ sourcePort }) => sourcePort.onFailure !== true);
  if (isOrdinary.length > 0) return isOrdinary;
  return fits.length > 0 ? fits : options;
}

function listed(names: readonly string[]): string {
  return names.length <= 1 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** A sentence begins with a capital, but for the id of a node. */
function capital(text: string, nodes: ReadonlyMap<string, unknown>): string {
  if (nodes.has(text.split(' ')[0] ?? '')) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
