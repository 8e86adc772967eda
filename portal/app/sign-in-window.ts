import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { get } from '../api/client.ts';
import { demanded, settle, watchDemand } from '../api/demand.ts';
import type { Session } from '../api/types.ts';
import { sessionAsked, sessionPath, signInHref } from './session.ts';
import { language } from './texts.ts';

const channelName = 'yitong-signed-in';

/** Opens the issuer in a window of its own, so that the page and what was entered on it stay; where no window opens, in this one. */
export function openSignIn(way: 'sign-in' | 'step-up'): void {
  const back = encodeURIComponent(`/${language}/signed-in`);
  const opened = open(`/session/${way}?back=${back}`, channelName, 'popup,width=520,height=760');
  if (opened === null) location.assign(signInHref(way));
}

/** Tells this browser's other windows that somebody signed in, and closes this one. */
export function tellSignedIn(): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage('signed-in');
  channel.close();
  close();
}

/** Whether what is under way waits for its person, who is asked at the issuer who they are. */
export function useIsAsked(): boolean {
  return useSyncExternalStore(watchDemand, demanded) !== undefined;
}

/** Goes on with what waits for a person once they signed in, here or in another window; a page of somebody else begins anew. */
export function useSignedInElsewhere(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const channel = new BroadcastChannel(channelName);
    channel.onmessage = () => void goOn(queries);
    return () => channel.close();
  }, [queries]);
}

async function goOn(queries: QueryClient): Promise<void> {
  const before = queries.getQueryData(sessionAsked.queryKey);
  const now = await get<Session>(sessionPath);
  if (now.who === null) return;
  if (now.who.id !== before?.who?.id) return location.assign(`/${language}/home`);
  queries.setQueryData(sessionAsked.queryKey, now);
  settle(true);
  await queries.invalidateQueries();
}
