import type { Exit } from './exit-codes.ts';

/** Why a command cannot go on, and what the person can do about it. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exit: Exit;
  readonly remedy: string | undefined;
  /** The RFC 9457 problem of the node that refused, if one did. */
  readonly problem: unknown;

  constructor(exit: Exit, message: string, remedy?: string, problem?: unknown) {
    super(message);
    this.exit = exit;
    this.remedy = remedy;
    this.problem = problem;
  }
}

/** The command line itself is wrong. */
export function usage(message: string, remedy?: string): Failure {
  return new Failure('usage', message, remedy);
}

/** The `code` of a Node.js system error, or ''. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What went wrong with a file, in words, with the remedy. */
export function fileFailure(path: string, error: unknown): Failure {
  const reason = fileReasons[errorCode(error)];
  if (reason !== undefined) return usage(`${path}: ${reason[0]}`, reason[1]);
  return usage(`${path}: ${messageOf(error)}`);
}

const fileReasons: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['there is no such file', 'Check the path; `-` or no path reads standard input.'],
  EACCES: ['may not be read', 'Give this user the right to read it.'],
  EISDIR: ['is a folder', 'Name a file in it.'],
  ENOSPC: ['the disk is full', 'Free some space and give the same command again.'],
  EROFS: ['lies on a read-only disk', 'Copy the file to a folder that you may write to.'],
};
