import { queryOptions } from '@tanstack/react-query';
import { type Demand, demand, type SessionEnd } from './demand.ts';
import { uuid7 } from './ids.ts';
import { answerOf, ProblemError, spoken } from './problem.ts';
import type { Answer } from './types.ts';

/** Asks the node; `purpose` stands on the page of the person whose data it is, `person` is the citizen number of the one whom a list is about. Throws `ProblemError`, or `TypeError` when the node is away. */
export async function get<T>(path: string, options: GetOptions = {}): Promise<T> {
  const { purpose, person, signal } = options;
  const headers = {
    ...spoken,
    accept: 'application/json',
    ...(purpose === undefined ? {} : { 'yitong-purpose': purpose }),
    ...(person === undefined ? {} : { 'yitong-person': person }),
  };
  return answerOf<T>(await fetch(path, { headers, ...(signal === undefined ? {} : { signal }) }));
}

/** How something is asked for. */
export interface GetOptions {
  readonly purpose?: string | undefined;
  readonly person?: string | undefined;
  readonly signal?: AbortSignal;
}

/** A question to the node that pages share and keep fresh. */
export function asked<T>(path: string, purpose?: string) {
  return queryOptions({
    queryKey: [path, purpose ?? ''],
    queryFn: ({ signal }) => get<T>(path, { purpose, signal }),
  });
}

/** Seconds that a command is waited for at the node before its conversation is asked again. */
const waitSeconds = 8;

/**
 * Gives a command and waits for the end of its conversation. `id` makes a second try the same wish. Throws `ProblemError` for a refusal; an answer
 * that is still `open` means that it is durable and goes on by itself. `seen`: the version of a record that its person had before them; where another
 * one stands the node refuses it.
 */
export function give(
  type: string,
  input: unknown,
  id: string = uuid7(),
  seen?: { readonly href: string; readonly at: string },
): Promise<Answer> {
  return demanding(() =>
    given(type, input, id, seen === undefined ? {} : { 'yitong-seen': `${seen.href} "${seen.at}"` }),
  );
}

/** Does it, again each time that its person did at the issuer what the node wants first; until they will not. */
async function demanding<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      const wanted = demandOf(error);
      if (wanted === undefined || !(await demand(wanted))) throw error;
    }
  }
}

/** What the person must do at the issuer before the node takes what was refused; undefined where that would not help. */
function demandOf(error: unknown): Demand | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  const { why, minutes } = error.problem.facts ?? {};
  if (error.code === 'session-ended') return { is: 'ended', why: why as SessionEnd };
  return error.code === 'step-up-needed' ? { is: 'step-up', minutes: Number(minutes) } : undefined;
}

async function given(
  type: string,
  input: unknown,
  id: string,
  seen: Readonly<Record<string, string>>,
): Promise<Answer> {
  const response = await fetch(`/${type}`, {
    method: 'POST',
    headers: {
      ...spoken,
      ...seen,
      'content-type': 'application/json',
      'idempotency-key': id,
      prefer: `wait=${waitSeconds}, return=representation`,
    },
    body: JSON.stringify(input),
  });
  return answerOf<Answer>(response);
}

/** Waits for the end of a conversation as long as the node lets us; an answer that is `open` still is asked for again. */
export async function follow(conversation: string, signal?: AbortSignal): Promise<Answer> {
  const headers = { ...spoken, accept: 'application/json', prefer: 'wait=20, return=representation' };
  return answerOf<Answer>(
    await fetch(conversation, { headers, ...(signal === undefined ? {} : { signal }) }),
  );
}

/** Sends something that is no command, such as signing out. */
export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { ...spoken, 'content-type': 'application/json' };
  const sent = { method: 'POST', headers, body: JSON.stringify(body) };
  return demanding(async () => answerOf<T>(await fetch(path, sent)));
}

/** Whether an error is a problem with one of these HTTP statuses. */
export function isStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof ProblemError && statuses.includes(error.problem.status);
}
