import { useQuery } from '@tanstack/react-query';
import { asked } from '../api/client.ts';
import type { Session } from '../api/types.ts';

/** Where the node tells whose it is and who is signed in. */
export const sessionPath = '/session';

/** Whose node this is and who looks at it; undefined while that is on its way. */
export function useSession(): Session | undefined {
  return useQuery(asked<Session>(sessionPath)).data;
}

/** Whether someone may do what is declared for these roles of a system. */
export function mayUse(session: Session | undefined, system: string, roles: readonly string[]): boolean {
  if (roles.includes('public')) return true;
  const who = session?.who;
  if (!who) return false;
  if (roles.includes('self') && who.isPerson) return true;
  return roles.some((role) => who.roles.includes(`${system}/${role}`));
}

/** Where signing in begins, and comes back to this page. */
export function signInHref(): string {
  return `/session/sign-in?back=${encodeURIComponent(location.pathname + location.search)}`;
}
