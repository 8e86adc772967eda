import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, fileFailure } from '../failure.ts';
import { readInput } from '../input.ts';
import { isObject } from '../json/difference.ts';

/** A file on its way into a node. `started` (milliseconds since 1970) goes into all its ids. */
export interface Job {
  /** SHA-256 of the file as it lies there, hex. */
  readonly sha256: string;
  readonly started: number;
  readonly system: string;
  readonly intake: string;
  readonly member: string;
}

/** What tells one job from another. */
export type JobKey = Omit<Job, 'started'>;

/**
 * The stored job of a file, or a new one: the first to come stores its start, so that every import of the same file at
 * the same member makes the same ids. `before`: the job of an older state of the file, whose start is taken over, so that
 * unchanged lines keep their ids.
 */
export function storedJob(folder: string, key: JobKey, now: number, before: Job | undefined): Job {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, jobName(key));
  const job = { ...key, started: before?.started ?? now };
  try {
    writeFileSync(path, `${JSON.stringify(job)}\n`, { flag: 'wx', flush: true });
    return job;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw fileFailure(path, error);
  }
  return knownJob(folder, key) ?? replaced(path, job);
}

/** The job as it is stored, if it is. */
export function knownJob(folder: string, key: JobKey): Job | undefined {
  try {
    const stored: unknown = JSON.parse(readFileSync(join(folder, jobName(key)), 'utf8'));
    if (!isObject(stored) || typeof stored['started'] !== 'number') return undefined;
    return { ...key, started: stored['started'] };
  } catch {
    return undefined;
  }
}

function jobName({ sha256, system, intake, member }: JobKey): string {
  return `${system}.${intake}.${member}.${sha256.slice(0, 32)}.json`;
}

/** A start that was killed between making and writing the file. */
function replaced(path: string, job: Job): Job {
  writeFileSync(path, `${JSON.stringify(job)}\n`, { flush: true });
  return job;
}

/** SHA-256 of a file as it lies there, and how many lines it has when unpacked, read as a stream. Errors: usage; the signal's reason. */
export async function fingerprint(
  path: string,
  signal: AbortSignal,
): Promise<{ readonly sha256: string; readonly lines: number }> {
  const hash = createHash('sha256');
  let lines = 0;
  let isOpen = false;
  for await (const part of readInput(path, (raw) => hash.update(raw))) {
    signal.throwIfAborted();
    for (let at = part.indexOf(lineFeed); at >= 0; at = part.indexOf(lineFeed, at + 1)) lines += 1;
    isOpen = part.at(-1) !== lineFeed;
  }
  return { sha256: hash.digest('hex'), lines: isOpen ? lines + 1 : lines };
}

const lineFeed = 0x0a;

/**
 * The id of one command of a row: UUIDv7 of the job's start and 74 bits of SHA-256 over where it goes, the row's bytes
 * and which of the row's commands it is (K12).
 */
export function rowId(job: Job, row: Uint8Array, index: number): string {
  const where = `yitong-import/1\n${job.member}\n${job.system}/${job.intake}\n${index}\n`;
  return uuidFrom(job.started, createHash('sha256').update(where).update(row).digest());
}

/** UUIDv7 of a time in milliseconds and the first 74 bits of a digest (RFC 9562 §5.7). */
export function uuidFrom(timeMs: number, digest: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(timeMs, 0, 6);
  bytes.set(digest.subarray(0, 10), 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
