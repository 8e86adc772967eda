/** A thing that keeps the node or its database from starting: `code` for programs, `reason` and `remedy` for people. */
export class SetupError extends Error {
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;

  constructor(problem: { code: string; reason: string; remedy: string }, cause?: unknown) {
    super(`${problem.reason}; ${problem.remedy}`, cause === undefined ? undefined : { cause });
    this.name = 'SetupError';
    this.code = problem.code;
    this.reason = problem.reason;
    this.remedy = problem.remedy;
  }
}

/** The text of anything thrown, one line. */
export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system's or the database's error code (`ENOENT`, `57P03`), or undefined where there is none. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
