import { lazy, Suspense } from 'react';
import type { Problem } from '../api/problem.ts';
import type { ChangedProps } from './changed.tsx';

/** Fetched by the few whose record somebody changed meanwhile. */
const Changed = lazy(() => import('./changed.tsx').then((own) => ({ default: own.Changed })));

/** Whether the node refused a command as the record that it relies on has another version by now. */
export function isConflict(problem: Problem | undefined): boolean {
  return problem?.type.endsWith('/problems/records/changed') === true;
}

/** Both versions of a record that somebody changed meanwhile, and the choice between going on and giving up. */
export function Conflict(props: ChangedProps) {
  return (
    <Suspense>
      <Changed {...props} />
    </Suspense>
  );
}
