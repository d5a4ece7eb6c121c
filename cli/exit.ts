/** Exit codes, the same for every command. */

/** 0 done; 1 an objective missed; 2 the input is wrong; 3 the environment failed; 4 a fault of Caudal; 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130;

/** A command that ends well but not with 0 says so here. */
export interface Exit {
  with(code: ExitCode): void;
}
