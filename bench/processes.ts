import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificate, freePort } from '@yitong/node';
import { type Databases, withDatabases } from './database.ts';
import type { Pace } from './kernel.ts';
import { limitOf, meter, type Spent } from './machine.ts';
import { asProcess, type ProcessSetting, type ProcessTask } from './process-node.ts';
import { medians, type Result } from './report.ts';

/** Commands that wait for their answer at a time, of all processes together. */
const underWay = 4_000;

type Tls = ProcessSetting['tls'];

/** One node as two processes on one database, each with half of the partitions, against the same node as one process, in turns. */
export async function benchProcesses(pace: Pace): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'yitong-bench-processes-'));
  const tls = { tlsKey: join(folder, 'tls.key.pem'), tlsCertificate: join(folder, 'tls.cert.pem') };
  await ensureCertificate(tls, '310000', '127.0.0.1');
  try {
    return await withDatabases(async (databases) => {
      const rounds: Round[] = [];
      for (let round = 1; round <= pace.rounds; round++) {
        pace.told(`processes ${round}/${pace.rounds}`);
        rounds.push(await oneRound(databases, tls, pace.seconds));
      }
      return resultOf(rounds);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Measured {
  readonly perSecond: number;
  readonly perBatch: number;
  readonly nodeMicros: number;
  readonly postgresMicros: number;
}

interface Round {
  readonly figures: Record<
    'one' | 'any' | 'own' | 'perBatch' | 'oneMicros' | 'anyMicros' | 'ownMicros',
    number
  > & {
    readonly postgresMicros: number;
  };
  readonly spent: Spent;
}

async function oneRound(databases: Databases, tls: Tls, seconds: number): Promise<Round> {
  const one = await measured(databases, tls, { processes: 1, seconds });
  const two = await measured(databases, tls, { processes: 2, seconds });
  return {
    spent: two.spent,
    figures: {
      one: one.any.perSecond,
      any: two.any.perSecond,
      own: two.own.perSecond,
      perBatch: two.any.perBatch,
      oneMicros: one.any.nodeMicros,
      anyMicros: two.any.nodeMicros,
      ownMicros: two.own.nodeMicros,
      postgresMicros: two.any.postgresMicros,
    },
  };
}

/** Commands to whichever process, then each to the process that holds its partition. */
async function measured(
  databases: Databases,
  tls: Tls,
  { processes, seconds }: { readonly processes: number; readonly seconds: number },
) {
  const connection = await databases.fresh('node');
  const ports = await Promise.all(Array.from({ length: processes }, freePort));
  const children = ports.map((_, index) => {
    const share = processes === 1 ? {} : { share: { number: index + 1, ports } };
    const setting: ProcessSetting = { connection, tls, ...share };
    return fork(process.argv[1] ?? '', [asProcess, JSON.stringify(setting)]);
  });
  try {
    await Promise.all(children.map(told));
    const task = { underWay: underWay / processes, seconds };
    await run(children, { ...task, own: false, seconds: Math.max(9, seconds) }); // Compiled and warm.
    const pids = children.map(({ pid = 0 }) => pid);
    const parts = [
      { name: 'node', pids },
      { name: 'PostgreSQL', pids: [databases.pid], children: true },
    ];
    const once = async (own: boolean) => {
      const stop = meter(parts);
      const { count, commits } = await run(children, { ...task, own });
      const spent = stop();
      return { ...figuresOf(count, commits, spent), spent };
    };
    const any = await once(false);
    return { any, own: await once(true), spent: any.spent };
  } finally {
    await Promise.all(children.map(ended));
    await databases.drop('node');
  }
}

function figuresOf(count: number, commits: number, { wallMs, parts }: Spent): Measured {
  return {
    perSecond: (count * 1000) / wallMs,
    perBatch: count / commits,
    nodeMicros: (parts['node'] ?? Number.NaN) / count,
    postgresMicros: (parts['PostgreSQL'] ?? Number.NaN) / count,
  };
}

async function run(children: readonly ChildProcess[], task: ProcessTask) {
  const done = children.map(told);
  for (const child of children) child.send(task);
  const each = await Promise.all(done);
  return {
    count: each.reduce((sum, { count }) => sum + count, 0),
    commits: each.reduce((sum, { commits }) => sum + commits, 0),
  };
}

/** What a process tells next. Errors: it ended before. */
async function told(child: ChildProcess): Promise<{ readonly count: number; readonly commits: number }> {
  const over = once(child, 'exit').then(() => Promise.reject(new Error('a process of the node ended')));
  const [message] = await Promise.race([once(child, 'message'), over]);
  return message;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, 'exit');
  child.disconnect();
  await over;
}

function resultOf(rounds: readonly Round[]): Result {
  const m = medians(rounds.map(({ figures }) => figures));
  const last = rounds.at(-1);
  return {
    figures: { messagesPerSecond: m.any, atTheHolder: m.own, messagesPerBatch: m.perBatch },
    baselines: { oneProcess: m.one },
    ratios: { oneProcess: m.any / m.one },
    cpuMicros: {
      'one process': m.oneMicros,
      'two, any door': m.anyMicros,
      'two, the holder’s door': m.ownMicros,
      PostgreSQL: m.postgresMicros,
    },
    limit: last === undefined ? '' : limitOf(last.spent),
    goals: [{ of: 'oneProcess', least: 1 }],
  };
}
