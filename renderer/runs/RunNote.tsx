import type { ReactNode } from 'react';

interface RunNoteProps {
  readonly children: ReactNode;
  /** At the right end of the line. */
  readonly aside?: ReactNode;
}

/** The line above a table of results: what it is about, and that it comes from one run. */
export function RunNote({ children, aside }: RunNoteProps): ReactNode {
  return (
    <div className="run-note">
      <span>{children}</span>
      {aside}
    </div>
  );
}
