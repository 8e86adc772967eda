import { isObject } from './json/difference.ts';

/** An RFC 9457 problem as it came over the wire or out of a rule. */
export interface ProblemLike {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly remedy?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly {
    readonly pointer: string;
    readonly detail?: string;
    readonly code?: string;
    readonly remedy?: string;
  }[];
}

/** Whether a JSON value is a problem. */
export function isProblem(value: unknown): value is ProblemLike {
  return isObject(value) && typeof value['type'] === 'string' && typeof value['title'] === 'string';
}

/** The problem that a rule has thrown; undefined when what it threw is a fault of the program. */
export function problemOf(error: unknown): ProblemLike | undefined {
  if (!(error instanceof Error) || !('problem' in error)) return undefined;
  return isProblem(error.problem) ? error.problem : undefined;
}

/** A problem in one line: what is wrong, and with which field. */
export function describe(problem: ProblemLike): string {
  const [first] = problem.errors ?? [];
  const what = problem.detail ?? problem.title;
  if (first === undefined) return what;
  const field = first.pointer === '' ? '' : `${first.pointer}: `;
  return `${what} — ${field}${first.detail ?? first.code ?? ''}`;
}

/** The code of a problem: the end of its type. */
export function codeOf(problem: ProblemLike): string {
  return problem.type.replace(/^.*\/problems\//, '');
}
