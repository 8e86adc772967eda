import type { Intake } from '@yitong/kit';
import { Failure, messageOf } from '../failure.ts';
import { type Api, refusal } from '../http/api.ts';
import { type Again, type Patience, persist } from '../http/patience.ts';
import { isLost, wholeBody } from '../http/wire.ts';
import { isObject } from '../json/difference.ts';
import { linesOf } from '../json/lines.ts';
import { codeOf, isProblem, type ProblemLike } from '../problem.ts';
import type { Row } from './rows.ts';
import type { Task } from './tasks.ts';

/** Where commands go, and how long to wait for their ends. */
export interface Door {
  readonly api: Api;
  /** `/<system>/<command>` */
  readonly path: string;
  readonly waitSeconds: number;
  readonly patience: Patience;
}

/**
 * Sends commands in one bulk request and hears what became of each; what was not answered (connection lost, node busy) is
 * sent again with the same ids. Errors: `Failure` unreachable when patience is at its end, forbidden.
 */
export async function sendAll(
  door: Door,
  tasks: readonly Task[],
  ended: (task: Task, answer: BulkAnswer) => void,
): Promise<void> {
  let left = [...tasks];
  while (left.length > 0) {
    const before = left.length;
    const result = await persist(async () => {
      const answered = new Set<Task>();
      const again = await attempt(door, left, (task, answer) => {
        answered.add(task);
        ended(task, answer);
      });
      left = left.filter((task) => !answered.has(task));
      if (left.length === 0 || left.length < before) return { sent: true };
      return again ?? { again: 'no line was answered' };
    }, door.patience);
    if ('again' in result) throw gaveUp(door, result);
  }
}

/** What the node said of one line. */
export interface BulkAnswer {
  readonly state: string;
  readonly at?: string;
  readonly problem?: ProblemLike;
  readonly records: readonly { readonly type: string; readonly value: unknown }[];
}

async function attempt(
  door: Door,
  tasks: readonly Task[],
  answered: (task: Task, answer: BulkAnswer) => void,
): Promise<Again | undefined> {
  const body = tasks.map(({ id, input }) => `${JSON.stringify({ id, input })}\n`).join('');
  const prefer = `wait=${door.waitSeconds}, return=representation`;
  const incoming = await door.api.open({
    method: 'POST',
    path: door.path,
    headers: { 'content-type': 'application/x-ndjson', prefer },
    body,
    idleMs: (door.waitSeconds + 60) * 1000,
  });
  if ('again' in incoming) return incoming;
  if (incoming.status >= 400) {
    const text = (await wholeBody(incoming.body)).toString('utf8');
    throw refusal({ status: incoming.status, headers: incoming.headers, text, json: jsonOf(text) });
  }
  let busy: Again | undefined;
  try {
    for await (const line of linesOf(incoming.body, 64 * 1024 * 1024)) {
      const answer = readAnswer(jsonOf(line.bytes.toString('utf8')));
      const task = answer === undefined ? undefined : tasks[answer.line - 1];
      if (answer === undefined || task === undefined) continue;
      if (answer.state === 'busy') busy = busyOf(answer);
      else answered(task, answer);
    }
  } catch (error) {
    if (!isLost(error) && messageOf(error) !== 'aborted') throw error;
    return { again: `the connection was lost (${messageOf(error)})` };
  }
  return busy;
}

function busyOf({ problem, retryAfterMs }: Line): Again {
  const again = problem?.detail ?? problem?.title ?? 'the node is busy';
  return { again, ...(retryAfterMs === undefined ? {} : { waitMs: retryAfterMs }) };
}

interface Line extends BulkAnswer {
  readonly line: number;
  readonly retryAfterMs: number | undefined;
}

function readAnswer(value: unknown): Line | undefined {
  if (!isObject(value) || typeof value['line'] !== 'number' || typeof value['state'] !== 'string')
    return undefined;
  const { line, state, at, problem, records, retryAfterMs } = value;
  return {
    line,
    state,
    ...(typeof at === 'string' ? { at } : {}),
    ...(isProblem(problem) ? { problem } : {}),
    records: Array.isArray(records) ? records.flatMap(readRecord) : [],
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined,
  };
}

function readRecord(value: unknown): readonly { readonly type: string; readonly value: unknown }[] {
  if (!isObject(value) || typeof value['type'] !== 'string') return [];
  return [{ type: value['type'], value: value['value'] }];
}

/** The row of the results file for what became of a command. */
export function rowOf(task: Task, answer: BulkAnswer, intake: Intake): Row {
  const { line, key, id } = task;
  const { state, at, problem, records } = answer;
  const place = at === undefined ? {} : { at };
  if (state === 'invalid') return { line, key, id, state: 'bad', ...wrong(problem) };
  if (state === 'refused') return { line, key, id, state: 'refused', ...place, refusal: why(problem) };
  const result = records.length === 0 ? undefined : intake.result?.(records);
  const told = result === undefined ? {} : { result };
  const end = state === 'done' || state === 'held' ? state : 'open';
  return { line, key, id, state: end, ...place, ...told };
}

function wrong(problem: ProblemLike | undefined): Pick<Row, 'field' | 'reason' | 'remedy'> {
  const [first] = problem?.errors ?? [];
  return {
    field: first?.pointer ?? '',
    reason: first?.detail ?? problem?.detail ?? problem?.title ?? 'not valid',
    remedy: first?.remedy ?? problem?.remedy ?? 'Correct the line.',
  };
}

function why(problem: ProblemLike | undefined): NonNullable<Row['refusal']> {
  if (problem === undefined) return { code: 'unknown', detail: 'no reason was given' };
  const [first] = problem.errors ?? [];
  const at = first?.pointer;
  const remedy = first?.remedy ?? problem.remedy;
  const facts = problem.facts === undefined ? {} : { facts: problem.facts };
  return {
    code: codeOf(problem),
    detail: problem.detail ?? problem.title,
    ...(at === undefined ? {} : { at }),
    ...(remedy === undefined ? {} : { remedy }),
    ...facts,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function gaveUp({ api, patience }: Door, { again }: Again): Failure {
  if (patience.signal?.aborted)
    return new Failure('interrupted', 'Stopped.', 'The same command goes on from here.');
  const remedy =
    'yitong status shows what runs. The same command again goes on from here; nothing happens twice.';
  return new Failure('unreachable', `${api.base.origin}: ${again}.`, remedy);
}
