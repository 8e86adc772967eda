import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Invocation } from '../command.ts';
import { demonstrationState } from '../demonstration/state.ts';
import { exitNumber } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { isObject } from '../json/difference.ts';
import type { Bar, Progress } from '../progress.ts';

/** What is to be loaded where. */
export interface LoadWish {
  readonly residents: number;
  readonly seed: number;
  /** Codes of the members. */
  readonly members: readonly string[];
  /** Names of the systems that have demonstration data. */
  readonly systems: readonly string[];
}

/**
 * Loads the demonstration data in a process of its own, so that what is needed for it does not stay in memory; what was
 * loaded before is left out. Errors: `Failure` with what the loader said.
 */
export async function loadInChild(
  { output, stop }: Invocation,
  data: string,
  { residents, seed, members, systems }: LoadWish,
  bars: Progress,
): Promise<void> {
  const before = new Set(demonstrationState(data)?.done);
  if (members.every((member) => systems.every((system) => before.has(`${member}/${system}`)))) return;
  const bin = fileURLToPath(new URL('../bin.mjs', import.meta.url));
  const size = ['--residents', String(residents), '--seed', String(seed), '--members', members.join(',')];
  const args = ['load-demonstration', '--json', '--data', data, ...size];
  const child = spawn(process.execPath, [bin, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const end = () => child.kill('SIGINT');
  stop.addEventListener('abort', end);
  const said: string[] = [];
  child.stderr.on('data', (part: Buffer) => said.push(part.toString()));
  const refused: string[] = [];
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  await draw(child.stdout, bars, refused);
  const code = await ended;
  stop.removeEventListener('abort', end);
  for (const line of refused) output.note(line);
  if (stop.aborted || code === exitNumber('done')) return;
  const why = said.join('').trim().split('\n').slice(-2).join(' ');
  throw new Failure(
    'no',
    `The demonstration data were not loaded: ${why}`,
    'Start again: loading goes on where it stopped.',
  );
}

async function draw(stdout: Readable, bars: Progress, refused: string[]): Promise<void> {
  const drawn = new Map<string, Bar>();
  for await (const line of createInterface({ input: stdout })) {
    const told = parse(line);
    if (told === undefined) continue;
    if (told.refused !== undefined) refused.push(`${told.name}: ${told.times} refused as ${told.refused}`);
    if (told.done === undefined) continue;
    const bar = drawn.get(told.name) ?? bars.bar(told.name, told.total, 'commands');
    drawn.set(told.name, bar);
    bar.update(told.done);
  }
  for (const bar of drawn.values()) bar.stop();
}

function parse(line: string) {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(value) || typeof value['name'] !== 'string') return undefined;
  const { name, done, total, refused, times } = value;
  return {
    name,
    done: typeof done === 'number' ? done : undefined,
    total: typeof total === 'number' ? total : 0,
    refused: typeof refused === 'string' ? refused : undefined,
    times: Number(times),
  };
}
