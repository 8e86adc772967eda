import { follow, give } from './client.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Answer } from './types.ts';

/** Milliseconds between two looks whether the node answers again. */
export const tryMs = 3_000;
/** Where a window's commands wait, so that a reload loses none: in its own store, which no other window reads and which ends with it. */
const place = 'yitong queue';

/** A command that waits for the node to answer, as it is kept. */
export interface Waiting {
  readonly type: string;
  readonly input: unknown;
  readonly id: string;
  /** The version of a record that it relies on. */
  readonly seen?: { readonly href: string; readonly at: string } | undefined;
  /** Whose it is: only they see it, and only for them it is sent. */
  readonly who: string;
  /** What it is called, and the fields by which its person knows it again. */
  readonly title: string;
  readonly brief: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Key of the draft in the window's store that it was made of; empty once its form was begun anew. */
  readonly draft: string;
  /** It left for the node at least once and no answer came: it may have arrived, and then it is done. */
  readonly isTried: boolean;
}

/** A command of the queue as its person sees it: waiting, being sent this moment, or over. */
export interface Queued extends Waiting {
  readonly isLeaving?: boolean;
  /** What became of it, where no form waits to say so. */
  readonly answer?: Answer;
  readonly problem?: Problem;
}

/** Whether it ended, one way or the other. */
export const isOver = ({ answer, problem }: Queued): boolean => answer !== undefined || problem !== undefined;

/** Its person took it back while it waited. */
export class TakenBack extends Error {
  override readonly name = 'TakenBack';
}

interface Asker {
  done(answer: Answer): void;
  failed(error: unknown): void;
}

let queue: readonly Queued[] = [];
let isRunning = false;
const askers = new Map<string, Asker>();
const listeners = new Set<() => void>();

/** The commands of this window that wait, and those that ended with nobody waiting. */
export const queueNow = (): readonly Queued[] => queue;

/** Calls back whenever that changes; gives how to leave. */
export function watchQueue(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/**
 * Gives a command; where the node does not answer it waits here and is given again under the same id once the node answers, so that given twice it
 * is done once. Throws `ProblemError` for a refusal, `TakenBack` when its person took it back.
 */
export async function giveOrQueue(wish: Wish): Promise<Answer> {
  // A browser that knows that it has no network sends nothing.
  const isTried = navigator.onLine;
  try {
    return await given(wish);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  change([...queue, { ...wish, isTried, since: Date.now() }]);
  void run();
  return awaitQueued(wish.id);
}

/** What a form gives. */
export type Wish = Omit<Waiting, 'since' | 'isTried'>;

/** What becomes of a command that waits: for the form that gave it, or that was opened anew with its draft. Throws as `giveOrQueue`. */
export function awaitQueued(id: string): Promise<Answer> {
  return new Promise((done, failed) => void askers.set(id, { done, failed }));
}

/** The form that waits for a command is no more: what becomes of it is told in the queue. */
export function leaveToQueue(id: string): void {
  askers.delete(id);
}

/** The form is begun anew: what was sent of it waits by itself, and what is entered now is another wish. */
export function beginAnew(id: string): void {
  leaveToQueue(id);
  put(id, { draft: '' });
}

/** Takes a command back that waits, or puts away one that is over. One that is being sent stays: it may be done already. */
export function takeBack(id: string): void {
  if (queue.find((one) => one.id === id)?.isLeaving === true) return;
  change(queue.filter((one) => one.id !== id));
  askers.get(id)?.failed(new TakenBack('taken back while it waited'));
  askers.delete(id);
}

/** After a reload: what waits is its person's, who is told; of anybody else's nothing is kept. `who`: undefined when their session only ended. */
export function takeUp(who: string | undefined): void {
  if (who === undefined) return;
  const kept = JSON.parse(sessionStorage.getItem(place) ?? '[]') as readonly Waiting[];
  const known = new Set(queue.map(({ id }) => id));
  change([...queue, ...kept.filter(({ id }) => !known.has(id))].filter((one) => one.who === who));
  void run();
}

/** Nothing waits any more: whoever comes next finds nothing. */
export function emptyQueue(): void {
  change([]);
  askers.clear();
}

function change(next: readonly Queued[]): void {
  queue = next;
  const waiting = queue.filter((one) => !isOver(one));
  if (waiting.length === 0) sessionStorage.removeItem(place);
  else sessionStorage.setItem(place, JSON.stringify(waiting.map(({ isLeaving: _, ...one }) => one)));
  for (const listener of listeners) listener();
}

const put = (id: string, more: Partial<Queued>) =>
  change(queue.map((one) => (one.id === id ? { ...one, ...more } : one)));

/** Gives one after the other, in the order in which they were sent, whenever the node answers. */
async function run(): Promise<void> {
  if (isRunning) return;
  isRunning = true;
  const next = () => queue.find((one) => !isOver(one));
  for (let one = next(); one !== undefined; one = next()) {
    if (await isBack()) await leave(one);
    else await pause();
  }
  isRunning = false;
}

const pause = () => new Promise<void>((resolve) => void setTimeout(resolve, tryMs));
const given = ({ type, input, id, seen }: Wish) => give(type, input, id, seen);

async function leave(one: Queued): Promise<void> {
  if (!queue.some(({ id }) => id === one.id)) return; // Taken back meanwhile.
  put(one.id, { isLeaving: true });
  try {
    const answer = await given(one);
    sessionStorage.removeItem(one.draft);
    over(one.id, { answer }, (asker) => asker.done(answer));
    void followed(one.id, answer);
  } catch (error) {
    if (error instanceof TypeError) {
      put(one.id, { isLeaving: false, isTried: true }); // Away again.
      return pause();
    }
    over(one.id, { problem: problemOf(error) }, (asker) => asker.failed(error));
  }
}

/** What became of one that is under way, where no form waits to say so. */
async function followed(id: string, { state, conversation }: Answer): Promise<void> {
  const isShown = () => queue.some((one) => one.id === id);
  for (let is = state; is === 'open' && conversation !== undefined && isShown(); ) {
    try {
      const answer = await follow(conversation);
      put(id, { answer });
      is = answer.state;
    } catch (error) {
      if (!(error instanceof TypeError)) return put(id, { problem: problemOf(error) });
      await pause();
    }
  }
}

/** It ended: whoever waits hears it, else it stands in the queue. */
function over(id: string, end: Pick<Queued, 'answer' | 'problem'>, tell: (asker: Asker) => void): void {
  const asker = askers.get(id);
  askers.delete(id);
  if (asker === undefined) return put(id, { ...end, isLeaving: false });
  change(queue.filter((one) => one.id !== id));
  tell(asker);
}

/** Whether the node answers. */
export async function isBack(): Promise<boolean> {
  try {
    return (await fetch('/health', { cache: 'no-store' })).ok;
  } catch {
    return false; // Still away: the next try comes by itself.
  }
}
