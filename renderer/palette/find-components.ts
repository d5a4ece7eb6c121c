/** What the palette lists: all components by category, or those that a search finds, best first. */
import type { ComponentDeclaration, ComponentSpec } from '#schema/component.ts';

export interface PaletteSection {
  readonly category: string;
  readonly components: readonly ComponentDeclaration[];
}

/** Along the flow of data; categories that are not named here follow by name. */
const ORDER = [
  'Sources',
  'Ingestion',
  'Streams and queues',
  'Processing',
  'Orchestration',
  'Storage',
  'Stores',
  'Databases',
  'Analytics',
  'Serving',
  'Consumers',
];

export function sectionsOf(components: Iterable<ComponentSpec>, query: string): readonly PaletteSection[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...components]
    .map(({ declaration }) => ({ declaration, score: scoreOf(declaration, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.declaration.title.localeCompare(b.declaration.title));
  const best = found[0]?.declaration.category;
  const sections = new Map<string, ComponentDeclaration[]>();
  for (const { declaration } of found) {
    const section = sections.get(declaration.category);
    if (section === undefined) sections.set(declaration.category, [declaration]);
    else section.push(declaration);
  }
  return [...sections]
    .map(([category, list]) => ({ category, components: list }))
    .sort(
      (a, b) => rank(a.category, words, best) - rank(b.category, words, best) || a.category.localeCompare(b.category),
    );
}

/** While searching, the section of the best match is first. */
function rank(category: string, words: readonly string[], best: string | undefined): number {
  if (words.length > 0 && category === best) return -1;
  const index = ORDER.indexOf(category);
  return index < 0 ? ORDER.length : index;
}

/** Every word must be found; in the title it counts more than in the summary, at the start of a word more than inside. */
function scoreOf({ title, type, category, summary }: ComponentDeclaration, words: readonly string[]): number {
  let score = 1;
  for (const word of words) {
    const found = Math.max(
      9 * placeScore(title, word),
      6 * placeScore(type.replaceAll('-', ' '), word),
      3 * placeScore(category, word),
      placeScore(summary, word),
    );
    if (found === 0) return 0;
    score += found;
  }
  return score;
}

/** 4 at the start of the text, 3 at the start of a word, 1 inside one, 0 where it is not. */
function placeScore(text: string, word: string): number {
  const lower = text.toLowerCase();
  if (lower.startsWith(word)) return 4;
  if (lower.split(/[^a-z0-9]+/).some((part) => part.startsWith(word))) return 3;
  return lower.includes(word) ? 1 : 0;
}
