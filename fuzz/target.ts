/** A parser under attack. `run` gives it the bytes and checks what must hold of whatever comes out. */
export interface Target {
  readonly name: string;
  /** Good inputs, from which bad ones are made. */
  readonly seeds: readonly Uint8Array[];
  /** Words of the form, to be written into inputs. */
  readonly words: readonly string[];
  /**
   * Reads the bytes; the answer is a short word for what became of them (`ok`, the problem's code), which steers the search.
   * Errors: throws when the parser throws anything but its own problem, or breaks a promise.
   */
  run(bytes: Uint8Array): string | Promise<string>;
}

/** A promise that a parser broke. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** Errors: throws `Broken` unless it holds. */
export function holds(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new Broken(promise);
}

/** A refusal as the search tells refusals apart: without numbers, places and quoted words. */
export function kindOf(detail: string): string {
  return detail
    .replace(/[0-9]+|"[^"]*"|\/\S*/g, '')
    .slice(0, 60)
    .trim();
}

const names = [Object.prototype, Array.prototype, Function.prototype, String.prototype].map(
  (prototype) => [prototype, Reflect.ownKeys(prototype).length] as const,
);

/** Errors: throws `Broken` when something was written onto a prototype that all objects share. */
export function assertPrototypes(): void {
  for (const [prototype, count] of names)
    holds(Reflect.ownKeys(prototype).length === count, 'no input changes a prototype');
}
