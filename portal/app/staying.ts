import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { post } from '../api/client.ts';
import type { Session } from '../api/types.ts';
import { heldSession, sessionAsked } from './session.ts';

/** Seconds before the end of a session from which it is told, and milliseconds between two signs of its person to the node. */
const nearSeconds = 120;
const everyMs = 60_000;

/** Keeps whoever does something signed in, and tells when the session will end soon: milliseconds since 1970; else undefined. */
export function useStaying(session: Session | undefined): number | undefined {
  const queries = useQueryClient();
  const [endsAt, setEndsAt] = useState<number>();
  const who = session?.who ?? null;
  const isNear = endsAt !== undefined;
  useEffect(() => {
    if (who === null) return setEndsAt(undefined);
    const toNear = who.secondsLeft - nearSeconds;
    setEndsAt(toNear > 0 ? undefined : Date.now() + who.secondsLeft * 1000);
    const ask = () => void queries.invalidateQueries(sessionAsked);
    const timer = setTimeout(ask, (toNear > 0 ? toNear : who.secondsLeft + 1) * 1000);
    return () => clearTimeout(timer);
  }, [who, queries]);
  useEffect(() => {
    if (who === null) return undefined;
    let last = isNear ? 0 : Date.now();
    const sign = () => {
      if (Date.now() - last < everyMs) return;
      last = Date.now();
      void stay(queries);
    };
    const events = ['pointerdown', 'keydown'] as const;
    for (const event of events) document.addEventListener(event, sign, { capture: true, passive: true });
    return () => {
      for (const event of events) document.removeEventListener(event, sign, { capture: true });
    };
  }, [who, isNear, queries]);
  return endsAt;
}

/** Milliseconds until a renewal that the issuer refused is tried once more, with the cookie that another window's may have left meanwhile. */
const againMs = 2_000;

const staying = (again: boolean) => post<Session & { readonly again?: true }>('/session/stay', { again });

/** Tells the node that the person is there. */
export async function stay(queries: QueryClient): Promise<void> {
  try {
    let now = await staying(false);
    if (now.again === true) {
      await new Promise((resolve) => setTimeout(resolve, againMs));
      now = await staying(true);
    }
    queries.setQueryData(sessionAsked.queryKey, (before) => heldSession(before, now));
  } catch {
    await queries.invalidateQueries(sessionAsked); // What is wrong shows there.
  }
}
