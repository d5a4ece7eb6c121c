/** Undo as plain data: whole states, shared where they are alike, each step with the words of the menu. */

export interface Step<State> {
  /** What was done, as a menu says it after "Undo": `move 3 nodes`. */
  readonly label: string;
  /** The state before it (in `past`) or after it (in `future`). */
  readonly state: State;
  /** Steps with the same key that follow one another become one: typing in one field, nudging one selection. */
  readonly mergeKey: string | undefined;
}

export interface History<State> {
  readonly past: readonly Step<State>[];
  readonly future: readonly Step<State>[];
}

/** Older steps are forgotten. States share what they have in common, so a step costs what it changed. */
export const longestHistory = 200;

export const noHistory: History<never> = { past: [], future: [] };

/** Remembers `before` as the state to which the newest step leads back. */
export function remember<State>(
  history: History<State>,
  label: string,
  before: State,
  mergeKey?: string,
): History<State> {
  const last = history.past.at(-1);
  if (mergeKey !== undefined && last?.mergeKey === mergeKey && history.future.length === 0) return history;
  return { past: [...history.past, { label, state: before, mergeKey }].slice(-longestHistory), future: [] };
}

/** What comes next is a step of its own, whatever its key. */
export function seal<State>(history: History<State>): History<State> {
  const last = history.past.at(-1);
  if (last?.mergeKey === undefined) return history;
  return { ...history, past: [...history.past.slice(0, -1), { ...last, mergeKey: undefined }] };
}

export interface Moved<State> {
  readonly history: History<State>;
  readonly state: State;
  readonly label: string;
}

/** One step back from `present`; undefined at the beginning. */
export function stepBack<State>(history: History<State>, present: State): Moved<State> | undefined {
  const step = history.past.at(-1);
  if (step === undefined) return undefined;
  const { label } = step;
  return {
    history: {
      past: history.past.slice(0, -1),
      future: [...history.future, { label, state: present, mergeKey: undefined }],
    },
    state: step.state,
    label,
  };
}

/** One step forth from `present`; undefined when nothing was undone. */
export function stepForth<State>(history: History<State>, present: State): Moved<State> | undefined {
  const step = history.future.at(-1);
  if (step === undefined) return undefined;
  const { label } = step;
  return {
    history: {
      past: [...history.past, { label, state: present, mergeKey: undefined }],
      future: history.future.slice(0, -1),
    },
    state: step.state,
    label,
  };
}
