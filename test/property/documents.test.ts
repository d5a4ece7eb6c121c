/** A document survives being written and read: as text, through the disk, and again. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentText } from '#analysis/document-text.ts';
import { stableJson } from '#analysis/stable-json.ts';
import { validateDocument } from '#analysis/validate.ts';
import { openDocument as openFile } from '#host/files/open.ts';
import { saveDocument } from '#host/files/save.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { runDocument } from '#test/harness/scenario.ts';
import { catalog, drawDocument } from '#test/property/random-document.ts';

type Plain = Record<string, unknown>;

function reread(text: string): CaudalDocument {
  const validated = validateDocument(JSON.parse(text), catalog);
  if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
  return validated.document;
}

describe('a random document', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'caudal-documents-'));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('is the same after it was written and read, and its text no longer changes', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { written, document } = drawDocument(g);
        const text = documentText(written as unknown as Plain, catalog);
        expect(reread(text)).toEqual(document);
        expect(documentText(JSON.parse(text), catalog)).toBe(text);
        // Also with all defaults filled in.
        const complete = documentText(document as unknown as Plain, catalog);
        expect(reread(complete)).toEqual(document);
        expect(documentText(reread(complete) as unknown as Plain, catalog)).toBe(complete);
      }),
      { numRuns: 150 },
    );
  });

  it('is the same on any order of keys, and so is its text', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { written } = drawDocument(g);
        const turned = (value: unknown): unknown => {
          if (Array.isArray(value)) return value.map(turned);
          if (value === null || typeof value !== 'object') return value;
          return Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, held]) => [key, turned(held)]),
          );
        };
        expect(documentText(turned(written) as Plain, catalog)).toBe(
          documentText(written as unknown as Plain, catalog),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is saved and opened by the host, and runs as it did', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const { written, document } = drawDocument(g, 4);
        const path = join(folder, 'random.caudal.json');
        await saveDocument(path, written as unknown as Plain);
        const opened = await openFile(path);
        expect(opened.document).toEqual(document);
        await saveDocument(path, opened.written);
        expect(await readFile(path, 'utf8')).toBe(documentText(written as unknown as Plain, catalog));
        expect(stableJson(runDocument(opened.runnable).result)).toBe(stableJson(runDocument(document).result));
      }),
      { numRuns: 15 },
    );
  });

  it('is validated the same a second time: a complete document has nothing left to fill in', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { document } = drawDocument(g);
        const again = validateDocument(document, catalog);
        expect(again).toEqual(expect.objectContaining({ document }));
      }),
      { numRuns: 100 },
    );
  });
});
