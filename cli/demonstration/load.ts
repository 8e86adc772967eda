import { createHash } from 'node:crypto';
import type { SystemType } from '@yitong/kit';
import type { Invocation } from '../command.ts';
import { connectTo } from '../connect.ts';
import { uuidFrom } from '../import/job.ts';
import { type BulkAnswer, type Door, sendAll } from '../import/send.ts';
import type { Task } from '../import/tasks.ts';
import { codeOf } from '../problem.ts';
import type { LocalMember } from '../region.ts';
import type { DemonstrationState } from './state.ts';
import { type Placed, windows } from './windows.ts';

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

const windowSize = 1_000;
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
  const doorFor = doors(invocation, data, share);
  const heard = (_task: Task, { state: end, problem }: BulkAnswer) => {
    if (end !== 'refused' && end !== 'invalid') return;
    const code = problem === undefined ? end : codeOf(problem);
    refused.set(code, (refused.get(code) ?? 0) + 1);
  };
  const context = { member: share.member.code, scale: state.residents, seed: state.seed };
  let count = state.loaded[share.name] ?? 0;
  for (const { kinds, upto } of windows(demonstration.commands(context), count, windowSize)) {
    for (const kind of kinds) {
      if (invocation.stop.aborted) return { count, refused };
      const tasks = kind.map(({ at, input }) => taskOf(share, state, at, input));
      await sendAll(doorFor(kind), tasks, heard);
    }
    count = upto;
    progressed(count);
  }
  return { count, refused };
}

function taskOf({ name }: Share, { seed, started }: DemonstrationState, index: number, input: unknown): Task {
  const digest = createHash('sha256').update(`yitong-demonstration/1\n${seed}\n${name}\n${index}\n`).digest();
  return { line: index, key: String(index), id: uuidFrom(started, digest), input };
}

/** The door for a run of commands, signed in as the role that gives them. */
function doors(invocation: Invocation, data: string, { member, system }: Share) {
  const known = new Map<string, Door>();
  return (commands: readonly Placed[]): Door => {
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
