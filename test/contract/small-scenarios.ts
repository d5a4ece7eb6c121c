/** The small scenario of each component, and the runs that contract tests make of them. */
import { existsSync, readFileSync } from 'node:fs';
import type { Catalog } from '#analysis/catalog.ts';
import { applySettings } from '#analysis/set-path.ts';
import { validateDocument } from '#analysis/validate.ts';
import { components, connections } from '#catalog/specs.ts';
import type { CaudalDocument, DocumentEdge, DocumentNode } from '#schema/document.ts';
import type { RawResult } from '#schema/result.ts';
import { runDocument } from '#test/harness/scenario.ts';

export const catalog: Catalog = { components, connections };

const root = new URL('../../', import.meta.url);

export function scenarioUrl(type: string): URL {
  return new URL(`scenarios/components/${type}/scenario.caudal.json`, root);
}

export function read(path: string): string {
  const url = new URL(path, root);
  return existsSync(url) ? readFileSync(url, 'utf8') : '';
}

/** The small scenario of a component, changed by `path=value` settings. */
export function smallScenario(type: string, settings: readonly string[] = []): CaudalDocument {
  const changed = applySettings(JSON.parse(readFileSync(scenarioUrl(type), 'utf8')), settings);
  if (changed.faults.length > 0) throw new Error(JSON.stringify(changed.faults));
  const validated = validateDocument(changed.root, catalog);
  if ('faults' in validated)
    throw new Error(validated.faults.map(({ path, message }) => `${path} ${message}`).join('\n'));
  return validated.document;
}

/** The same, or the faults when the settings are refused. */
export function tryScenario(type: string, settings: readonly string[]): CaudalDocument | string {
  try {
    return smallScenario(type, settings);
  } catch (error) {
    return (error as Error).message;
  }
}

export function nodeOf(document: CaudalDocument, type: string): DocumentNode {
  const node = document.nodes.find((candidate) => candidate.type === type);
  if (node === undefined) throw new Error(`the small scenario of ${type} has no ${type}`);
  return node;
}

/** An edge between two types into a port. */
export function edgeOf(document: CaudalDocument, from: string, to: string, port: string): DocumentEdge | undefined {
  const typeOf = (id: string): string | undefined => document.nodes.find((node) => node.id === id)?.type;
  return document.edges.find(
    (edge) => typeOf(edge.source) === from && typeOf(edge.target) === to && edge.port === port,
  );
}

/** The small scenario in which a connection is at work: that of one of its ends. */
export function connectionScenario(from: string, to: string, port: string): string {
  const found = [to, from].find((type) => edgeOf(smallScenario(type), from, to, port) !== undefined);
  if (found === undefined) throw new Error(`no small scenario of ${from} or ${to} links them`);
  return found;
}

const runs = new Map<string, RawResult>();

/** Runs a small scenario for some simulated seconds without pre-roll; the same request is run once. */
export function run(type: string, settings: readonly string[] = [], horizonSeconds = 60): RawResult {
  const key = JSON.stringify([type, settings, horizonSeconds]);
  let result = runs.get(key);
  if (result === undefined) {
    result = runDocument(smallScenario(type, settings), { horizonSeconds, preRollSeconds: 0 }).result;
    runs.set(key, result);
  }
  return result;
}
