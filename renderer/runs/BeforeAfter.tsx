import type { ReactNode } from 'react';
import { useRunHistory } from './run-history.ts';
import { changesBetween } from './run-summary.ts';

/** The headline numbers of the run before and of this one, where something was changed in between. */
export function BeforeAfter(): ReactNode {
  const [after, before] = useRunHistory(({ runs }) => runs);
  if (after === undefined || before === undefined || after.change === '') return null;
  const changes = changesBetween(before, after).filter(({ isBetter }) => isBetter !== undefined);
  return (
    <div className="before-after" role="status" aria-label="What the last change did">
      <b>
        After “{after.change}”, run {before.number} → {after.number}:
      </b>
      {changes.length === 0 && <span>no headline number has changed</span>}
      {changes.map(({ name, before: was, after: is, isBetter }) => (
        <span key={name}>
          {name} {was} → <span className={isBetter === true ? 'change-better' : 'change-worse'}>{is}</span>
          <span className="visually-hidden">{isBetter === true ? ' (better)' : ' (worse)'}</span>
        </span>
      ))}
    </div>
  );
}
