import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { sessionAsked } from './session.ts';

/** Milliseconds that changes are gathered before a list is read again: a burst of them is one reading. */
const gatherMs = 800;

/** Whether changes arrive: not yet, as they happen, or not now, while the browser tries again by itself. */
export type LiveState = 'opening' | 'live' | 'lost';

/**
 * Hears of each change of a record type (`<system>/<record>`) and calls `changed`, at most once in a while. The browser resumes a
 * stream that broke where it was; where the node no longer knows what was missed, it says so and everything is read anew. `subject`, as
 * addresses have it, narrows to what is about it.
 */
export function useChanges(type: string, changed: () => void, subject?: string): LiveState {
  const [state, setState] = useState<LiveState>('opening');
  const queries = useQueryClient();
  useEffect(() => {
    const about = subject === undefined ? '' : `&subject=${encodeURIComponent(subject)}`;
    const source = new EventSource(`/events?type=${encodeURIComponent(type)}${about}`);
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const gather = () => {
      clearTimeout(gathering);
      gathering = setTimeout(changed, gatherMs);
    };
    source.addEventListener(type, gather);
    source.addEventListener('reset', gather);
    source.addEventListener('signed-out', () => void queries.invalidateQueries(sessionAsked));
    source.onopen = () => setState('live');
    source.onerror = () => setState('lost');
    return () => {
      clearTimeout(gathering);
      source.close();
    };
  }, [type, changed, subject, queries]);
  return state;
}

/** What a feed told last, and whether it still tells: each event carries the whole, so a break loses nothing. */
export function useFeed<T>(
  path: string,
  event: string,
): { readonly data: T | undefined; readonly isLost: boolean } {
  const [data, setData] = useState<T>();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    const source = new EventSource(path);
    source.addEventListener(event, ({ data: text }: MessageEvent<string>) => {
      setData(JSON.parse(text));
      setLost(false);
    });
    source.onerror = () => setLost(true);
    return () => source.close();
  }, [path, event]);
  return { data, isLost };
}
