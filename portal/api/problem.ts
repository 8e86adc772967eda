import { locale, t } from '../app/texts.ts';

/** A problem as the node tells it (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly remedy?: string;
  readonly errors?: readonly {
    readonly pointer: string;
    readonly code: string;
    readonly detail?: string;
    readonly remedy?: string;
  }[];
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly traceId?: string;
}

/** The node's answer to a request that did not do what it was asked. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  /** The last part of the problem's type, such as `filing-required`. */
  get code(): string {
    return this.problem.type.split('/').at(-1) ?? '';
  }
}

/** What a page shows of any failure: the node's own problem, or that the node cannot be reached. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const isAway = error instanceof TypeError;
  return {
    type: isAway ? 'about:offline' : 'about:unexpected',
    title: t(isAway ? 'problem.offline' : 'problem.unexpected'),
    status: 0,
    detail: t(isAway ? 'problem.offline.detail' : 'problem.unexpected.detail'),
    remedy: t(isAway ? 'problem.offline.remedy' : 'problem.unexpected.remedy'),
  };
}

/** Reads an answer's JSON; throws `ProblemError` for a problem. */
export async function answerOf<T>(response: Response): Promise<T> {
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('application/problem+json')) throw new ProblemError(await response.json());
  if (!response.ok || !type.startsWith('application/json'))
    throw new ProblemError({
      type: 'about:unexpected',
      title: t('problem.unexpected'),
      status: response.status,
      detail: `${response.status} ${response.url.replace(location.origin, '')}`,
      remedy: t('problem.unexpected.remedy'),
    });
  return response.json();
}

/** Headers of every request: the answer comes in the page's language. */
export const spoken: Readonly<Record<string, string>> = { 'accept-language': locale };
