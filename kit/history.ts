import { type Day, isDay } from './time.ts';

/** One value of a parameter, from a day on, with the place that says so. */
export interface Dated<T> {
  /** First day on which the value holds. */
  readonly from: Day;
  readonly value: T;
  /** The law, notice or decision that set it. */
  readonly source: string;
  /** Shown to everyone: made up for the demonstration, or not yet checked against the source. */
  readonly mark?: 'demonstration' | 'to-check';
}

/** A number or rule of the law over time, oldest first: each value holds until the next begins. 参数沿革 */
export type History<T> = readonly Dated<T>[];

/** Thrown when a parameter is asked for a day before its first value. */
export class ParameterNotInForce extends Error {
  override readonly name = 'ParameterNotInForce';
  readonly parameter: string;
  readonly on: Day;

  constructor(parameter: string, on: Day, first: Day | undefined) {
    super(
      `${parameter} has no value in force on ${on}; its first begins ${first === undefined ? 'never' : `on ${first}`}`,
    );
    this.parameter = parameter;
    this.on = on;
  }
}

/** The value in force on a day (现行有效); throws ParameterNotInForce before the first. `name` is for that error's text. */
export function inForce<T>(history: History<T>, on: Day, name?: string): T {
  return entryInForce(history, on, name).value;
}

/** The whole entry in force on a day, for explanations that cite its source; throws ParameterNotInForce before the first. */
export function entryInForce<T>(history: History<T>, on: Day, name = 'a parameter'): Dated<T> {
  for (let i = history.length - 1; i >= 0; i -= 1) {
    const entry = history[i];
    if (entry && entry.from <= on) return entry;
  }
  throw new ParameterNotInForce(name, on, history[0]?.from);
}

/** Throws RangeError unless the history has an entry, each with a real day and a source, in strictly rising order of days. */
export function checkHistory(name: string, history: History<unknown>): void {
  if (history.length === 0)
    throw new RangeError(`parameter ${name}: the history is empty; give at least one dated value`);
  let last: Day | undefined;
  for (const { from, source } of history) {
    if (!isDay(from)) throw new RangeError(`parameter ${name}: ${from} is not a day; write YYYY-MM-DD`);
    if (source.trim() === '')
      throw new RangeError(`parameter ${name}: the value from ${from} names no source`);
    if (last === from) throw new RangeError(`parameter ${name}: two values begin on ${from}`);
    if (last !== undefined && from < last)
      throw new RangeError(
        `parameter ${name}: the value from ${from} stands after the one from ${last}; put the oldest first`,
      );
    last = from;
  }
}
