import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { reportFailure } from '#cli/failures.ts';
import { EnvironmentError, InputError } from '#schema/errors.ts';

function report(error: unknown, isJson = false) {
  const written = { out: '', err: '' };
  const output = {
    out: (text: string) => {
      written.out += text;
    },
    err: (text: string) => {
      written.err += text;
    },
    isTerminal: false,
  };
  return { code: reportFailure(error, isJson, output), ...written };
}

const faults = [
  {
    code: 'document/out-of-range',
    path: 'nodes.a.config.x',
    received: '0',
    allowed: 'at least 1',
    message: 'is outside the allowed range',
    position: { line: 3, column: 9 },
  },
  { code: 'document/unknown-node', path: 'edges.e.target', message: 'names a node that does not exist' },
];

describe('reportFailure', () => {
  it('lists every fault of an input on a line of its own and returns 2', () => {
    const { code, out, err } = report(new InputError(faults));
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err.split('\n')).toEqual([
      '2 faults in the input',
      '  3:9 nodes.a.config.x: is outside the allowed range (got 0); allowed: at least 1 [document/out-of-range]',
      '  edges.e.target: names a node that does not exist [document/unknown-node]',
      '',
    ]);
  });

  it('prints one JSON object on standard output when that was asked for', () => {
    const { out } = report(new InputError(faults), true);
    expect(JSON.parse(out)).toEqual({ error: { kind: 'input', faults } });
    expect(out.trim().split('\n')).toHaveLength(1);
  });

  it('returns 3 when the environment failed, 130 when the user interrupted, 4 for a fault of Caudal', () => {
    expect(report(new EnvironmentError('file/disk-full', 'the disk is full'))).toMatchObject({
      code: 3,
      err: 'the disk is full [file/disk-full]\n',
    });
    expect(report(new EnvironmentError('run/cancelled', 'cancelled')).code).toBe(130);
    expect(report(new TypeError('x is undefined'))).toMatchObject({ code: 4 });
    expect(report('thrown text').err).toContain('thrown text');
  });

  it('keeps a fault on its line and a terminal out of reach, whatever the names in it hold', () => {
    const { err } = report(new InputError([{ code: 'document/invalid', path: 'a\nb\u001b[31m', message: 'is wrong' }]));
    expect(err).toBe('1 fault in the input\n  a\\u000ab\\u001b[31m: is wrong [document/invalid]\n');
  });

  it('makes a wrong command line an object too when JSON was asked for', () => {
    const wrong = new CommanderError(1, 'commander.unknownOption', "error: unknown option '--nope'");
    expect(JSON.parse(report(wrong, true).out)).toEqual({
      error: { kind: 'input', faults: [{ code: 'cli/usage', path: '', message: "unknown option '--nope'" }] },
    });
    expect(report(wrong)).toEqual({ code: 2, out: '', err: '' });
    expect(report(new CommanderError(0, 'commander.helpDisplayed', ''), true)).toEqual({ code: 0, out: '', err: '' });
  });
});
