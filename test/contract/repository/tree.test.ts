import { describe, expect, it } from 'vitest';
import { CODE_FILES, FILES, linesMatching, read, TEXT_FILES } from './files.ts';

const folders = new Set(
  FILES.flatMap((path) =>
    path
      .split('/')
      .slice(0, -1)
      .map((_, index, parts) => parts.slice(0, index + 1).join('/')),
  ),
);
const inFolders = (...names: readonly string[]): string[] =>
  CODE_FILES.filter((path) => names.some((name) => path.startsWith(`${name}/`)));
const componentTypes = [...folders]
  .filter((folder) => /^catalog\/components\/[^/]+$/.test(folder))
  .map((folder) => folder.split('/')[2] ?? '');

/** Tables of data and generated text: one row a line, nothing to split by meaning. */
const isData = (path: string): boolean => path.startsWith('catalog/pricing/rates/') || path === 'catalog/icons.ts';

function codeLines(text: string): number {
  const withoutBlocks = text.replace(/\/\*[\s\S]*?\*\//g, '');
  return withoutBlocks.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}

describe('the tree', () => {
  it('is looked at', () => {
    expect(FILES.length).toBeGreaterThan(50);
    expect(componentTypes.length).toBeGreaterThan(0);
  });

  it('names what a folder holds: no utils, common, helpers, shared', () => {
    const vague = [...folders].filter((folder) => /(^|\/)(utils?|common|helpers?|shared|misc|lib)$/.test(folder));
    expect(vague).toEqual([]);
  });

  it('keeps the word component for simulated components', () => {
    expect([...folders].filter((folder) => /^renderer\/(.*\/)?components$/.test(folder))).toEqual([]);
  });

  it('has no barrel files', () => {
    expect(CODE_FILES.filter((path) => /(^|\/)index\.(tsx?|mjs)$/.test(path))).toEqual([]);
  });

  it('has kebab-case folders', () => {
    expect([...folders].filter((folder) => !/^[a-z0-9.-]+$/.test(folder.split('/').at(-1) ?? ''))).toEqual([]);
  });

  it('has no file above 400 lines of code', () => {
    const long = FILES.filter((path) => /\.(tsx?|mjs|css)$/.test(path) && !isData(path))
      .map((path) => ({ path, lines: codeLines(read(path)) }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });

  it('names no path of one computer', () => {
    const pattern = /(^|[\s'"`(=:])(\/(work|root|home|Users|tmp)\/[A-Za-z.]|[A-Z]:\\Users\\)/;
    const texts = TEXT_FILES.filter((path) => path !== 'package-lock.json');
    expect(linesMatching(texts, pattern)).toEqual([]);
  });

  it('has no mark of unfinished work', () => {
    const sources = TEXT_FILES.filter(
      (path) => /\.(tsx?|mjs|md|css|html)$/.test(path) && !/^tools\/(component-template|lint)\//.test(path),
    );
    expect(
      linesMatching(
        sources.filter((path) => !path.startsWith('test/planted/')),
        /\b(TODO|FIXME|XXX|HACK)\b/,
      ).filter((line) => !line.startsWith('test/contract/repository/')),
    ).toEqual([]);
  });
});

describe('shared code', () => {
  it('never names a component type', () => {
    const product = inFolders(
      'schema',
      'engine',
      'analysis',
      'drawing',
      'experiments',
      'cloud',
      'export',
      'host',
      'electron',
      'renderer',
      'cli',
      'bin',
    );
    const pattern = new RegExp(`(['"\`])(${componentTypes.join('|')})\\1`);
    expect(linesMatching(product, pattern)).toEqual([]);
  });
});

describe('tests', () => {
  it('are neither focused nor left for later', () => {
    const tests = inFolders('test').filter(
      (path) => !path.startsWith('test/planted/') && !path.includes('/repository/'),
    );
    expect(linesMatching(tests, /\b(it|test|describe|bench)\.(only|todo|fixme|fails)\b/)).toEqual([]);
  });

  it('give the reason beside every skip', () => {
    const tests = inFolders('test').filter(
      (path) => !path.startsWith('test/planted/') && !path.includes('/repository/'),
    );
    const skips = linesMatching(tests, /\.(skip|skipIf|runIf)\b/);
    expect(skips.filter((line) => !/['"`][^'"`]{15,}['"`]/.test(line))).toEqual([]);
  });

  it('stand in a folder of a suite that is run', () => {
    const suites =
      /^test\/(unit|property|contract|planted|theory|integration)\/.*\.test\.tsx?$|^test\/(e2e)\/.*\.spec\.ts$|^test\/(observed|emulator)\//;
    expect(FILES.filter((path) => /\.(test|spec)\.tsx?$/.test(path) && !suites.test(path))).toEqual([]);
  });
});
