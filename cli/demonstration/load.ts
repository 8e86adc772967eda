import { createHash } from 'node:crypto';
import type { DemonstrationCommand, SystemType } from '@yitong/kit';
import type { Invocation } from '../command.ts';
import { connectTo } from '../connect.ts';
import { uuidFrom } from '../import/job.ts';
import { type BulkAnswer, type Door, sendAll } from '../import/send.ts';
import type { Task } from '../import/tasks.ts';
import { Pool } from '../pool.ts';
import { codeOf } from '../problem.ts';
import type { LocalMember } from '../region.ts';
import type { DemonstrationState } from './state.ts';

/** The data of one system at one member. */
export interface Share {
  readonly member: LocalMember;
  readonly system: SystemType;
  readonly total: number;
  /** `<member>/<system>` */
  readonly name: string;
}

/** What came of a share: commands taken, and refusals by code. */
export interface Loaded {
  readonly count: number;
  readonly refused: ReadonlyMap<string, number>;
}

const chunkSize = 250;
const parallel = 2;
const patienceMs = 120_000;

/** Loads one share from where it stopped, through the node's own door; the ids are the same at each load. */
export async function loadShare(
  invocation: Invocation,
  data: string,
  share: Share,
  state: DemonstrationState,
  progressed: (count: number) => void,
): Promise<Loaded> {
  const { demonstration } = share.system;
  const refused = new Map<string, number>();
  if (demonstration === undefined) return { count: 0, refused };
  const from = state.loaded[share.name] ?? 0;
  const doors = doorsOf(invocation, data, share);
  const heard = (_task: Task, { state: end, problem }: BulkAnswer) => {
    if (end !== 'refused' && end !== 'invalid') return;
    const code = problem === undefined ? end : codeOf(problem);
    refused.set(code, (refused.get(code) ?? 0) + 1);
  };
  const pool = new Pool(parallel);
  const context = { member: share.member.code, scale: state.residents, seed: state.seed };
  let count = from; // without gaps: a later run that ended first does not count yet
  const turns: { readonly size: number; over: boolean }[] = [];
  for (const chunk of chunks(demonstration.commands(context), from)) {
    if (invocation.stop.aborted) break;
    if (chunk.first) await pool.idle();
    const tasks = chunk.commands.map(({ input }, i) => taskOf(share, state, chunk.at + i, input));
    const turn = { size: tasks.length, over: false };
    turns.push(turn);
    await pool.add(async () => {
      await sendAll(doors(chunk.commands), tasks, heard);
      turn.over = true;
      while (turns[0]?.over === true) count += turns.shift()?.size ?? 0;
      progressed(count);
    });
  }
  await pool.idle();
  return { count, refused };
}

interface Chunk {
  readonly at: number;
  readonly commands: readonly DemonstrationCommand[];
  /** Another kind of command than the one before: that must be in first. */
  readonly first: boolean;
}

/** Runs of the same command by the same role, from an index on. */
function* chunks(commands: Iterable<DemonstrationCommand>, from: number): Generator<Chunk> {
  let run: DemonstrationCommand[] = [];
  let index = 0;
  let first = true;
  for (const one of commands) {
    if (index >= from) {
      const [head] = run;
      const other = head !== undefined && (head.command !== one.command || head.role !== one.role);
      if (other || run.length >= chunkSize) {
        yield { at: index - run.length, commands: run, first };
        run = [];
        first = other;
      }
      run.push(one);
    }
    index += 1;
  }
  if (run.length > 0) yield { at: index - run.length, commands: run, first };
}

function taskOf({ name }: Share, { seed, started }: DemonstrationState, index: number, input: unknown): Task {
  const digest = createHash('sha256').update(`yitong-demonstration/1\n${seed}\n${name}\n${index}\n`).digest();
  return { line: index, key: String(index), id: uuidFrom(started, digest), input };
}

/** The door for a run of commands, signed in as the role that gives them. */
function doorsOf(invocation: Invocation, data: string, { member, system }: Share) {
  const known = new Map<string, Door>();
  return (commands: readonly DemonstrationCommand[]): Door => {
    const [head] = commands;
    const type = head?.command.type ?? '';
    const role = head?.role ?? '';
    const door = known.get(`${type} ${role}`);
    if (door !== undefined) return door;
    const roles = [role === 'self' ? role : `${system.name}/${role}`];
    const { api } = connectTo(invocation, data, member, { roles, patience: patienceMs / 1000 });
    const made: Door = {
      api,
      path: `/${type}`,
      waitSeconds: 20,
      patience: { ms: patienceMs, signal: invocation.stop },
    };
    known.set(`${type} ${role}`, made);
    return made;
  };
}
