import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { endProcess, isSame, markOf } from '../postgres/processes.ts';
import { writePrivate } from '../postgres/secret.ts';
import { describe } from '../postgres/setup-error.ts';
import { readJsonFile } from './json-file.ts';
import type { MemberFiles } from './layout.ts';
import { StoredMark } from './lock.ts';

/** What a node process tells the one that started it. */
const FromNode = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), http: z.string(), exchange: z.string() }),
  z.object({ type: z.literal('failed'), reason: z.string() }),
  z.object({ type: z.literal('rested'), batches: z.number() }),
]);

/** What it is told; it also ends by itself when the channel closes. */
export type ToNode = { type: 'stop' | 'rest' };

/** The addresses that a node says it serves. */
export type NodeAddresses = { http: string; exchange: string };

/** A program to run for a member: the script, its words, and Node's own flags. */
export type NodeProgram = { script: string; files: MemberFiles; flags: readonly string[] };

/** One running node process; `over` resolves with why when it has ended, asked or not. */
export type NodeProcess = {
  pid: number;
  addresses: NodeAddresses;
  over: Promise<string>;
  /** Has it give back memory that only work needs; resolves with the batches it has done, 0 when it does not answer in time. */
  rest(limitMs: number): Promise<number>;
  stop(graceMs: number): Promise<void>;
};

/**
 * Starts one and resolves when it is ready; rejects with its own reason when it is not within `limitMs`, or when
 * `signal` calls the start off.
 */
export function startNodeProcess(
  program: NodeProgram,
  limitMs: number,
  signal?: AbortSignal,
): Promise<NodeProcess> {
  signal?.throwIfAborted();
  const child = launch(program);
  const over = ending(child, program.files);
  return new Promise((resolve, reject) => {
    const giveUp = (why: string) => {
      child.kill('SIGKILL');
      reject(new Error(why));
    };
    const late = `not ready within ${Math.round(limitMs / 1000)} s; see ${program.files.log}`;
    const timer = setTimeout(() => giveUp(late), limitMs);
    const calledOff = () => giveUp('its start was called off');
    signal?.addEventListener('abort', calledOff, { once: true });
    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', calledOff);
      act();
    };
    child.on('message', (message) => {
      const { data } = FromNode.safeParse(message);
      if (data?.type === 'failed') settle(() => reject(new Error(data.reason)));
      if (data?.type !== 'ready') return;
      const { http, exchange } = data;
      const stop = (graceMs: number) => stopChild(child, over, graceMs);
      const rest = (restMs: number) => restChild(child, over, restMs);
      settle(() => resolve({ pid: child.pid ?? 0, addresses: { http, exchange }, over, rest, stop }));
    });
    over.then((why) => settle(() => reject(new Error(why)))).catch(reject);
  });
}

/** Ends a node process that an earlier start left behind; its id when there was one. */
export async function endLeftover(files: MemberFiles): Promise<number | undefined> {
  const mark = readJsonFile(files.process, StoredMark);
  const left = mark !== undefined && isSame(mark) ? mark.pid : undefined;
  if (left !== undefined) await endProcess(left, 'SIGTERM', 5_000);
  rmSync(files.process, { force: true });
  return left;
}

/**
 * Settings of glibc's allocator: without them a work-load's peak stays resident, since the bounds above which memory is given
 * back grow by themselves, and each thread keeps a heap of its own. Other systems do not read them.
 */
const allocator = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

function launch({ script, files, flags }: NodeProgram): ChildProcess {
  const output = openSync(files.output, 'w', 0o600);
  try {
    // Detached: Ctrl-C reaches a whole process group, but nodes end when they are told, before their database.
    const child = spawn(process.execPath, [...flags, script, files.config], {
      stdio: ['ignore', output, output, 'ipc'],
      detached: true,
      env: { ...allocator, ...process.env },
      cwd: files.folder,
    });
    if (child.pid !== undefined) writePrivate(files.process, JSON.stringify(markOf(child.pid)));
    return child;
  } finally {
    closeSync(output);
  }
}

function ending(child: ChildProcess, files: MemberFiles): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(describe(error));
    });
    child.on('exit', (code, signal) => {
      // The next one may have begun before the end of this one was heard.
      if (readJsonFile(files.process, StoredMark)?.pid === child.pid) rmSync(files.process, { force: true });
      resolve(`ended with ${signal ?? `exit code ${code}`}${lastWords(files.output)}`);
    });
  });
}

async function restChild(child: ChildProcess, over: Promise<string>, limitMs: number): Promise<number> {
  if (!child.connected) return 0;
  const rested = new AbortController();
  let batches = 0;
  const hear = (message: unknown) => {
    const { data } = FromNode.safeParse(message);
    if (data?.type !== 'rested') return;
    batches = data.batches;
    rested.abort();
  };
  child.on('message', hear);
  const told: ToNode = { type: 'rest' };
  child.send(told, () => undefined);
  const late = pause(limitMs, undefined, { signal: rested.signal }).catch(() => undefined);
  await Promise.race([over, late]);
  rested.abort();
  child.off('message', hear);
  return batches;
}

async function stopChild(child: ChildProcess, over: Promise<string>, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const told: ToNode = { type: 'stop' };
  if (child.connected) child.send(told, () => undefined);
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await over;
  clearTimeout(timer);
}

function lastWords(path: string): string {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return '';
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return `: ${lines.find((line) => /\bError\b/.test(line))?.trim() ?? lines.at(-1)}`;
}
