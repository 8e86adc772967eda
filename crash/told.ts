import type { Answer } from './door.ts';
import type { Told } from './history.ts';

const ends: readonly string[] = ['done', 'refused'];
const stored: readonly string[] = ['open', 'held', ...ends];

/** What an answer to a command promises; undefined when it promises nothing: busy, an error, signed out. */
export function toldOfCommand({ status, headers, json }: Answer): Told | undefined {
  const at = textIn(headers, 'yitong-at');
  const state = textIn(json, 'state');
  if (status === 200 || status === 202) {
    if (state === undefined || !stored.includes(state)) return undefined;
    const problem: unknown = Reflect.get(Object(json), 'problem');
    return { state: state as Told['state'], code: codeOf(problem), at: textIn(json, 'at') ?? at };
  }
  if (status < 400 || status >= 500 || [401, 404, 408, 429].includes(status)) return undefined;
  // A refusal is the outcome of a conversation, and names it; what the door refuses has none.
  const isStored = textIn(json, 'instance') !== undefined;
  return { state: isStored ? 'refused' : 'invalid', code: codeOf(json), at };
}

/** What an answer to a reading shows; undefined when it shows nothing. */
export function toldOfReading({ status, json }: Answer): Told | undefined {
  if (status === 404) return { state: 'shown', code: '', version: 0 };
  if (status !== 200) return undefined;
  return {
    state: 'shown',
    code: '',
    at: textIn(json, 'at'),
    version: Number(Reflect.get(Object(json), 'version')),
  };
}

/** Whether nothing will change any more. */
export function isEnd(told: Told | undefined): boolean {
  return told !== undefined && (ends.includes(told.state) || told.state === 'invalid');
}

function codeOf(problem: unknown): string {
  return textIn(problem, 'type')?.replace(/.*\//, '') ?? '';
}

function textIn(of: unknown, name: string): string | undefined {
  const value: unknown = Reflect.get(Object(of), name);
  return typeof value === 'string' ? value : undefined;
}
