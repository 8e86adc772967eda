import { pointer } from './strict.ts';

/** One place where two JSON values differ; an absent side is `undefined`. */
export interface Difference {
  /** JSON pointer; '' is the whole. */
  readonly at: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** All places where two JSON values differ, at most `most`; the order of keys means nothing, that of lists does. */
export function differences(expected: unknown, actual: unknown, most = 50): readonly Difference[] {
  const found: Difference[] = [];
  compare(found, [], expected, actual, most);
  return found;
}

function compare(
  found: Difference[],
  path: (string | number)[],
  expected: unknown,
  actual: unknown,
  most: number,
): void {
  if (found.length >= most || Object.is(expected, actual) || (expected === 0 && actual === 0)) return;
  if (isList(expected) && isList(actual)) {
    const length = Math.max(expected.length, actual.length);
    for (let i = 0; i < length; i++) inside(found, path, i, expected[i], actual[i], most);
    return;
  }
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    for (const key of keys) inside(found, path, key, own(expected, key), own(actual, key), most);
    return;
  }
  found.push({ at: pointer(path), expected, actual });
}

function inside(
  found: Difference[],
  path: (string | number)[],
  step: string | number,
  expected: unknown,
  actual: unknown,
  most: number,
): void {
  path.push(step);
  compare(found, path, expected, actual, most);
  path.pop();
}

function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
