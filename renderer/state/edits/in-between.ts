/** Which components could stand between two ports that do not speak with one another. */
import type { Catalog } from '#analysis/catalog.ts';
import type { Port } from '#schema/component.ts';

const MOST_NAMES = 3;

/** Titles of components that take what one of `outs` sends and send what one of `ins` takes. */
export function between(catalog: Catalog, outs: readonly Port[], ins: readonly Port[]): readonly string[] {
  const found: string[] = [];
  for (const { declaration } of catalog.components.values()) {
    const taking = declaration.ports.filter((port) => port.direction === 'in');
    const sending = declaration.ports.filter((port) => port.direction === 'out' && port.onFailure !== true);
    if (!outs.some((port) => taking.some((other) => agree(port, other)))) continue;
    if (sending.some((port) => ins.some((other) => agree(port, other)))) found.push(declaration.title);
    if (found.length === MOST_NAMES) break;
  }
  return found;
}

/** Kind and protocol agree. */
export function agree(a: Port, b: Port): boolean {
  return a.kind === b.kind && a.protocols.some((protocol) => b.protocols.includes(protocol));
}
