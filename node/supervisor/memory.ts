import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of one process: its own pages and those of files; pages shared with others are not in it. */
export type ProcessMemory = { pid: number; name: string; bytes: number };

/** Memory of these processes and of all that they started; empty where the system does not tell. */
export function memoryOf(roots: readonly number[]): ProcessMemory[] {
  if (process.platform !== 'linux') return [];
  const known = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statusOf(Number(name)) ?? []);
  const wanted = new Set(roots);
  for (let before = -1; before !== wanted.size; ) {
    before = wanted.size;
    for (const { pid, parent } of known) if (wanted.has(parent)) wanted.add(pid);
  }
  return known.filter(({ pid }) => wanted.has(pid)).map(({ pid, name, bytes }) => ({ pid, name, bytes }));
}

function statusOf(pid: number): (ProcessMemory & { parent: number }) | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined; // It has just ended.
  }
  if (/^State:\s+Z/m.test(text)) return undefined; // Ended, and not yet collected by its parent.
  const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(text)?.[1] ?? '';
  const kilobytes = (name: string) => Number.parseInt(field(name), 10) || 0;
  const bytes = 1024 * (kilobytes('RssAnon') + kilobytes('RssFile'));
  return { pid, name: field('Name'), bytes, parent: Number(field('PPid')) };
}
