import { describe, expect, it } from 'vitest';
import { sentence, sentencePieces } from '#analysis/sentences.ts';

type Params = Readonly<Record<string, string | number>>;

const messages = {
  'x/lost': ({ records, of }: Readonly<Record<string, string | number>>) => `${records} of ${of} lost`,
};

describe('sentence', () => {
  it('groups numbers and drops digits that say nothing', () => {
    expect(sentence(messages, 'x/lost', { records: 1_143_227, of: 0.123_456 })).toBe('1,143,227 of 0.1235 lost');
  });

  it('puts the reason for which records are lost into words', () => {
    const given = { 'x/lost': ({ reason }: Readonly<Record<string, string | number>>) => `lost: ${reason}` };
    expect(sentence(given, 'x/lost', { reason: 'retries-exhausted' })).toBe('lost: every retry failed');
    expect(sentence(given, 'x/lost', { reason: 'of-some-other-kind' })).toBe('lost: of some other kind');
  });

  it('leaves text as it is', () => {
    expect(sentence(messages, 'x/lost', { records: '1143227', of: 'all' })).toBe('1143227 of all lost');
  });

  it('shows a code that has no sentence with its parameters', () => {
    expect(sentence(messages, 'x/new', { records: 12_000 })).toBe('x/new (records 12,000)');
    expect(sentence(undefined, 'x/new', {})).toBe('x/new');
  });
});

describe('the pieces of a sentence', () => {
  const given = {
    'x/moves': ({ path, to }: Params) => `it moves with ${path} -> ${to}`,
    'x/refused': ({ subscription, count }: Params) => `${subscription} refused ${count}; mend ${subscription}`,
    'x/late': ({ objective }: Params) => `${objective} is missed`,
  };

  it('say what is named apart from the words around it', () => {
    const told = { code: 'x/moves', params: { path: 'nodes.back.config.workers', to: 4 } };
    expect(sentencePieces(given, told)).toEqual([
      'it moves with ',
      { kind: 'setting', id: 'nodes.back.config.workers' },
      ' -> 4',
    ]);
    const late = { code: 'x/late', params: { objective: 'fresh' } };
    expect(sentencePieces(given, late)).toEqual([{ kind: 'objective', id: 'fresh' }, ' is missed']);
  });

  it('hold a name as often as the sentence does, and read as the sentence with ids', () => {
    const told = { code: 'x/refused', params: { subscription: 'send', count: 1200 } };
    const pieces = sentencePieces(given, told);
    const name = { kind: 'place', id: 'send' };
    expect(pieces).toEqual([name, ' refused 1,200; mend ', name]);
    const text = pieces.map((piece) => (typeof piece === 'string' ? piece : piece.id)).join('');
    expect(text).toBe(sentence(given, told.code, told.params));
  });

  it('are the parameters too where the code has no sentence', () => {
    const told = { code: 'x/new', params: { subscription: 'send' } };
    expect(sentencePieces(given, told)).toEqual(['x/new (subscription ', { kind: 'place', id: 'send' }, ')']);
  });
});
