import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentOf } from '#electron/main/file-arguments.ts';

const folder = resolve('designs');

describe('documentOf', () => {
  it('finds the document among the words of a command line', () => {
    expect(documentOf(['caudal', 'a.caudal.json'], folder)).toBe(join(folder, 'a.caudal.json'));
    const whole = join(folder, 'b.caudal.json');
    expect(documentOf(['electron', 'main.js', '--no-sandbox', whole], resolve('elsewhere'))).toBe(whole);
  });

  it('is undefined where none is named', () => {
    expect(documentOf(['caudal'], folder)).toBeUndefined();
    expect(documentOf(['a.caudal.json'], folder)).toBeUndefined();
    expect(documentOf(['caudal', '--config=x.json', 'readme.txt'], folder)).toBeUndefined();
  });
});
