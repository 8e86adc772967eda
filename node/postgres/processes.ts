import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** One process beyond doubt: its id, and when it began (ids are used again, the pair is not). */
export type ProcessMark = { pid: number; began: string };

/** Whether a process with this id runs; one that has ended but is not yet collected by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return linuxStat(pid)?.state !== 'Z';
}

/** The mark of a running process, undefined when there is none of this id. */
export function markOf(pid: number): ProcessMark | undefined {
  if (!isAlive(pid)) return undefined;
  return { pid, began: beganAt(pid) };
}

/** Whether the very process that was marked still runs. */
export function isSame(mark: ProcessMark): boolean {
  return isAlive(mark.pid) && beganAt(mark.pid) === mark.began;
}

/** Waits until a process has ended; false when it still runs after `limitMs`. */
export async function ended(pid: number, limitMs: number): Promise<boolean> {
  const until = performance.now() + limitMs;
  while (isAlive(pid)) {
    if (performance.now() > until) return false;
    await pause(15);
  }
  return true;
}

/** Asks a process to end by `signal`, kills it when it has not within `graceMs`; true when it is gone. */
export async function endProcess(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<boolean> {
  signalTo(pid, signal);
  if (await ended(pid, graceMs)) return true;
  signalTo(pid, 'SIGKILL');
  return ended(pid, 2_000);
}

/** Sends a signal; a process that is gone already is no error. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** The command line of a process, words parted by blanks; empty where the system does not tell. */
export function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    }
    if (process.platform === 'win32') return '';
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Ids of the processes whose working directory is `directory`; undefined where the system does not tell. */
export function workingIn(directory: string): number[] | undefined {
  if (process.platform !== 'linux') return undefined;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => cwdOf(pid) === directory);
}

function cwdOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function beganAt(pid: number): string {
  const stat = linuxStat(pid);
  if (stat !== undefined) return `${bootId()}/${stat.began}`;
  if (process.platform === 'win32') return '';
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Fields 3 and 22 of proc(5) stat; the name in field 2 may hold blanks and brackets, so count from its end. */
function linuxStat(pid: number): { state: string; began: string } | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', began: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
