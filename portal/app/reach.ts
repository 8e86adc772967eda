import { type Query, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import {
  emptyQueue,
  isBack,
  isOver,
  type Queued,
  queueNow,
  takeUp,
  tryMs,
  watchQueue,
} from '../api/queue.ts';
import type { Session } from '../api/types.ts';

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
  const isQueued = useQueued() > 0;
  useEffect(() => {
    if (isQueued) setAway((before) => before ?? Date.now());
  }, [isQueued]);
  useEffect(() => {
    if (awaySince === undefined) return undefined;
    const timer = setInterval(() => void isBack().then((is) => is && renew()), tryMs);
    const renew = () => {
      setAway(undefined);
      void queries.invalidateQueries();
    };
    return () => clearInterval(timer);
  }, [awaySince, queries]);
  return { awaySince };
}

/** The commands of this window that wait for the node to answer, and those that ended since. */
export function useQueue(): readonly Queued[] {
  return useSyncExternalStore(watchQueue, queueNow);
}

/** How many commands of this window wait for the node to answer, to be sent then. */
export function useQueued(): number {
  return useQueue().filter((one) => !isOver(one)).length;
}

/** Goes on, after a reload, with what its person sent before; nothing of it stays once they signed out or somebody else signed in. */
export function useQueueOf(session: Session | undefined): void {
  const who = session?.who?.id;
  const isOut = session?.who === null && session.ended === null;
  useEffect(() => (isOut ? emptyQueue() : takeUp(who)), [who, isOut]);
}
