/** What a person must do at the issuer before a page goes on: sign in again, as their session ended for a reason; or prove who they are once more. */
export type Demand =
  | { readonly is: 'ended'; readonly why: SessionEnd }
  | { readonly is: 'step-up'; readonly minutes: number };

/** Why a session is over, as the node says it. */
export type SessionEnd = 'idle' | 'whole' | 'issuer' | 'elsewhere';

let current: { readonly demand: Demand; readonly done: PromiseWithSettle } | undefined;
const listeners = new Set<() => void>();

interface PromiseWithSettle {
  readonly promise: Promise<boolean>;
  settle(ok: boolean): void;
}

/** Asks for it; what waits goes on with `true` once it is done, with `false` when the person will not. Asked twice it is one asking. */
export function demand(next: Demand): Promise<boolean> {
  if (current !== undefined) return current.done.promise;
  let settle: (ok: boolean) => void = () => undefined;
  const promise = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  current = { demand: next, done: { promise, settle } };
  for (const listener of listeners) listener();
  return promise;
}

/** It is done, or will not be. */
export function settle(ok: boolean): void {
  current?.done.settle(ok);
  current = undefined;
  for (const listener of listeners) listener();
}

/** What is asked for now. */
export const demanded = (): Demand | undefined => current?.demand;

/** Calls back whenever that changes; gives how to leave. */
export function watchDemand(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
