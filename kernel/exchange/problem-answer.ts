import type { FrameAnswer } from '../api.ts';
import { fromUtf8 } from './bytes.ts';
import { canonicalBytes } from './canonical.ts';

/** What a member is told that asked for something it cannot have, or not now: then it is told when to come again. */
export function problemAnswer(status: number, code: string, detail: string): FrameAnswer {
  const wait = status === 503 ? { retryAfterMs: 500 } : {};
  return { status, type: 'application/problem+json', body: canonicalBytes({ code, detail }), ...wait };
}

/** The problem code of an answer that is none. */
export function codeIn(body: Uint8Array): string {
  try {
    const code: unknown = Reflect.get(Object(JSON.parse(fromUtf8(body) ?? '')), 'code');
    return typeof code === 'string' ? code.slice(0, 80) : 'rejected';
  } catch {
    return 'rejected';
  }
}
