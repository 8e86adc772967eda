import { queryOptions, useQuery } from '@tanstack/react-query';
import { get } from '../api/client.ts';
import { demand } from '../api/demand.ts';
import type { Session } from '../api/types.ts';

/** Where the node tells whose it is and who is signed in. */
export const sessionPath = '/session';

/** The question for it, which all pages share. */
export const sessionAsked = queryOptions({
  queryKey: [sessionPath],
  queryFn: async ({ client, signal }) => {
    const before = client.getQueryData<Session>([sessionPath]);
    return heldSession(before, await get<Session>(sessionPath, { signal }));
  },
});

/**
 * What pages go by, once the node has told `now`: when a session ended, the last one, so that nothing that was entered is lost while the person
 * is asked to sign in again.
 */
export function heldSession(before: Session | undefined, now: Session): Session {
  if (now.who !== null || now.ended === null || !before?.who) return now;
  void demand({ is: 'ended', why: now.ended });
  return before;
}

/** Whose node this is and who looks at it; undefined while that is on its way. */
export function useSession(): Session | undefined {
  return useQuery(sessionAsked).data;
}

/** Whether someone may do what is declared for these roles of a system. */
export function mayUse(session: Session | undefined, system: string, roles: readonly string[]): boolean {
  if (roles.includes('public')) return true;
  const who = session?.who;
  if (!who) return false;
  if (roles.includes('self') && who.isPerson) return true;
  return roles.some((role) => who.roles.includes(`${system}/${role}`));
}

/** Where signing in begins, or proving once more who one is, and comes back to this page. */
export function signInHref(way: 'sign-in' | 'step-up' = 'sign-in'): string {
  return `/session/${way}?back=${encodeURIComponent(location.pathname + location.search)}`;
}
