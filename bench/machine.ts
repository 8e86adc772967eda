import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';

/** Microseconds of one tick of /proc: the kernel's USER_HZ is 100 on every Linux that Node runs on. */
const tickMicros = 10_000;

/** A part of the system under test and the processes it consists of. */
export interface Part {
  readonly name: string;
  readonly pids: readonly number[];
  /** With all processes below them, also those that have ended. */
  readonly children?: boolean;
}

/** CPU time that each part, and the whole machine, had used at a moment, in µs. */
interface Used {
  readonly wallMs: number;
  readonly parts: readonly number[];
  readonly machine: number;
}

/** CPU time between two moments. */
export interface Spent {
  readonly wallMs: number;
  /** µs by part. */
  readonly parts: Readonly<Record<string, number>>;
  /** µs of everything on the machine, that is, others' work too. */
  readonly machine: number;
}

/** Starts to measure; what it gives back tells what was spent since. Without /proc all CPU times are NaN. */
export function meter(parts: readonly Part[]): () => Spent {
  const before = usedBy(parts);
  return () => {
    const after = usedBy(parts);
    const spent = parts.map(
      ({ name }, index) => [name, (after.parts[index] ?? 0) - (before.parts[index] ?? 0)] as const,
    );
    return {
      wallMs: after.wallMs - before.wallMs,
      parts: Object.fromEntries(spent),
      machine: after.machine - before.machine,
    };
  };
}

/** Measures a node in this process and its PostgreSQL, told by its first process. */
export function meterNode(postgres: number): () => Spent {
  return meter([
    { name: 'node', pids: [process.pid] },
    { name: 'PostgreSQL', pids: [postgres], children: true },
  ]);
}

/** What kept the work from going faster, as far as CPU times tell: a full thread, a full machine, or neither. */
export function limitOf({ wallMs, parts, machine }: Spent): string {
  const cores = (micros: number) => micros / 1000 / wallMs;
  const shares = Object.entries(parts).map(([name, micros]) => ({ name, cores: cores(micros) }));
  const [busiest] = shares.toSorted((a, b) => b.cores - a.cores);
  const own = shares.reduce((sum, share) => sum + share.cores, 0);
  const told = [...shares, { name: 'others', cores: Math.max(0, cores(machine) - own) }]
    .map(({ name, cores: used }) => `${name} ${used.toFixed(2)}`)
    .join(', ');
  const available = availableParallelism();
  const first =
    cores(machine) > 0.9 * available
      ? `all ${available} cores are busy, most with ${busiest?.name}`
      : (busiest?.cores ?? 0) > 0.85
        ? `${busiest?.name} fills one core`
        : 'waiting: for commits to reach the disk and for answers';
  return `${first} (cores: ${told})`;
}

/** The machine in one line: processor, cores, system. */
export function machine(): string {
  const [cpu] = cpus();
  return `${cpu?.model.trim() ?? process.arch}, ${availableParallelism()} cores, ${process.platform} ${release()}, Node ${process.version}`;
}

function usedBy(parts: readonly Part[]): Used {
  const each = parts.map(({ pids, children }) =>
    pids.reduce((sum, pid) => sum + (children ? familyMicros(pid) : processMicros(pid, false)), 0),
  );
  return { wallMs: performance.now(), parts: each, machine: machineMicros() };
}

function familyMicros(pid: number): number {
  const below = childrenOf(pid).reduce((sum, child) => sum + familyMicros(child), 0);
  return below + processMicros(pid, true);
}

/** Fields 14 to 17 of /proc/<pid>/stat: user and system time, own and of children that have ended. */
function processMicros(pid: number, children: boolean): number {
  const fields = readProc(`${pid}/stat`)?.split(') ').at(-1)?.split(' ').map(Number);
  if (fields === undefined) return Number.NaN;
  const [own = 0, system = 0, ended = 0, endedSystem = 0] = fields.slice(11, 15);
  return (own + system + (children ? ended + endedSystem : 0)) * tickMicros;
}

function childrenOf(pid: number): number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const lists = tasks.map((task) => readProc(`${pid}/task/${task}/children`) ?? '');
    return lists.flatMap((list) => list.split(' ').map(Number).filter(Boolean));
  } catch {
    return []; // It has ended: its parent counts it now.
  }
}

/** All but idle and waiting of the first line of /proc/stat. */
function machineMicros(): number {
  const line = readProc('stat')?.split('\n', 1)[0]?.trim().split(/\s+/).slice(1, 9).map(Number);
  if (line === undefined) return Number.NaN;
  return line.reduce((sum, value, index) => (index === 3 || index === 4 ? sum : sum + value), 0) * tickMicros;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return undefined;
  }
}
