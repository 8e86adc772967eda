import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../json/difference.ts';
import { readJson } from '../region.ts';

/** How far the demonstration data of a region are loaded, and what they are made of. */
export interface DemonstrationState {
  /** Residents a member. */
  readonly residents: number;
  readonly seed: number;
  /** Time (milliseconds since 1970) that goes into all its ids. */
  readonly started: number;
  /** Commands loaded, by `<member>/<system>`; all of them where `done` has the name too. */
  readonly loaded: Readonly<Record<string, number>>;
  readonly done: readonly string[];
}

/** What is known of the demonstration data in a data folder; undefined before the first load. */
export function demonstrationState(data: string): DemonstrationState | undefined {
  const value = readJson(stateFile(data));
  if (!isObject(value)) return undefined;
  const { residents, seed, started, loaded, done } = value;
  if (typeof residents !== 'number' || typeof seed !== 'number' || typeof started !== 'number')
    return undefined;
  const counts = isObject(loaded) ? Object.entries(loaded) : [];
  return {
    residents,
    seed,
    started,
    loaded: Object.fromEntries(counts.map(([name, count]) => [name, Number(count)])),
    done: Array.isArray(done) ? done.map(String) : [],
  };
}

/** Writes it down, whole or not at all. */
export function keepDemonstrationState(data: string, state: DemonstrationState): void {
  const path = stateFile(data);
  writeFileSync(`${path}.new`, `${JSON.stringify(state)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** Forgets it: the databases it told of are gone. */
export function forgetDemonstration(data: string): void {
  rmSync(stateFile(data), { force: true });
  rmSync(join(data, 'imports'), { recursive: true, force: true });
}

function stateFile(data: string): string {
  return join(data, 'demonstration.json');
}
