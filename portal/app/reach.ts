import { type Query, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

/** Milliseconds between two tries to reach the node again. */
const tryMs = 3_000;

/** Whether the node answers; since when not, milliseconds since 1970. What was read stays, and is read anew once it answers again. */
export function useReach(): { readonly awaySince: number | undefined } {
  const queries = useQueryClient();
  const [awaySince, setAway] = useState<number>();
  useEffect(() => {
    const note = ({ state }: Query) => {
      const failure = state.fetchFailureReason;
      if (failure instanceof TypeError) setAway((before) => before ?? Date.now());
    };
    const lost = () => setAway((before) => before ?? Date.now());
    addEventListener('offline', lost);
    const leave = queries.getQueryCache().subscribe(({ query }) => note(query));
    return () => {
      removeEventListener('offline', lost);
      leave();
    };
  }, [queries]);
  useEffect(() => {
    if (awaySince === undefined) return undefined;
    const timer = setInterval(() => void back().then((is) => is && renew()), tryMs);
    const renew = () => {
      setAway(undefined);
      void queries.invalidateQueries();
    };
    return () => clearInterval(timer);
  }, [awaySince, queries]);
  return { awaySince };
}

async function back(): Promise<boolean> {
  try {
    return (await fetch('/health', { cache: 'no-store' })).ok;
  } catch {
    return false; // Still away: the next try comes by itself.
  }
}
