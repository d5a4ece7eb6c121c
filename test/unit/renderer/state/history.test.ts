import { describe, expect, it } from 'vitest';
import {
  type History,
  longestHistory,
  noHistory,
  remember,
  seal,
  stepBack,
  stepForth,
} from '#renderer/state/history.ts';

const empty: History<string> = noHistory;

describe('history', () => {
  it('leads back and forth through the states, naming each step', () => {
    const history = remember(remember(empty, 'add a', '-'), 'add b', 'a');
    const back = stepBack(history, 'ab');
    expect(back).toMatchObject({ state: 'a', label: 'add b' });
    const further = back && stepBack(back.history, back.state);
    expect(further).toMatchObject({ state: '-', label: 'add a' });
    const forth = further && stepForth(further.history, further.state);
    expect(forth).toMatchObject({ state: 'a', label: 'add a' });
    const last = forth && stepForth(forth.history, forth.state);
    expect(last).toMatchObject({ state: 'ab', label: 'add b' });
    expect(last && stepForth(last.history, last.state)).toBeUndefined();
  });

  it('has nothing to lead back to at the beginning', () => {
    expect(stepBack(empty, 'a')).toBeUndefined();
    expect(stepForth(empty, 'a')).toBeUndefined();
  });

  it('forgets what was undone once something else is done', () => {
    const back = stepBack(remember(empty, 'add a', '-'), 'a');
    const history = remember(back?.history ?? empty, 'add c', '-');
    expect(stepForth(history, 'c')).toBeUndefined();
  });

  it('makes one step of changes with one key that follow one another', () => {
    const typed = remember(remember(empty, 'name', '', 'name'), 'name', 'a', 'name');
    expect(typed.past).toHaveLength(1);
    expect(stepBack(typed, 'ab')?.state).toBe('');
    expect(remember(typed, 'other', 'ab', 'other').past).toHaveLength(2);
    expect(remember(remember(empty, 'x', '1'), 'x', '2').past).toHaveLength(2);
  });

  it('begins a step anew with the same key once it is sealed', () => {
    const sealed = seal(remember(empty, 'name', '', 'name'));
    const typed = remember(sealed, 'name', 'a', 'name');
    expect(typed.past.map(({ state }) => state)).toEqual(['', 'a']);
    expect(seal(empty)).toBe(empty);
  });

  it('forgets the oldest steps', () => {
    let history = empty;
    for (let step = 0; step < longestHistory + 5; step += 1) history = remember(history, 's', String(step));
    expect(history.past).toHaveLength(longestHistory);
    expect(history.past[0]?.state).toBe('5');
  });
});
