import { createHash, randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { inputMax } from './mutate.ts';
import { groups } from './targets.ts';
import type { Orders, Result } from './worker.ts';

/** Memory that a parser may take, in MiB: a bomb ends its worker, not the machine. */
const memoryMb = 512;
/** Seconds without a single input done after which a parser is taken to hang. */
const hangSeconds = 120;

/** `npm run fuzz -- [--minutes N] [--target T]… [--seed S]`: N minutes for each target; exit code 1 when something was found. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '1' },
      target: { type: 'string', multiple: true },
      seed: { type: 'string' },
    },
  });
  const all = Object.entries(groups).flatMap(([group, targets]) =>
    targets.map(({ name }) => ({ group, name })),
  );
  const asked = all.filter(({ name }) => values.target?.includes(name) ?? true);
  const seed = Number(values.seed ?? randomInt(2 ** 31));
  const forMs = Number(values.minutes) * 60_000;
  if (asked.length < (values.target?.length ?? 1) || !Number.isSafeInteger(seed) || !(forMs > 0)) {
    process.stderr.write(`targets: ${all.map(({ name }) => name).join(', ')}; minutes above 0\n`);
    return 2;
  }
  process.stdout.write(`seed ${seed}\n`);
  const found: number[] = [];
  for (const { group, name } of asked) found.push(await hunted({ group, target: name, seed, forMs }));
  return found.some((findings) => findings > 0) ? 1 : 0;
}

/** Hunts through one target and tells what became of it; the number of findings. */
async function hunted(wish: Omit<Orders, 'underWay'>): Promise<number> {
  const result = await huntedApart({ ...wish, underWay: new SharedArrayBuffer(8 + inputMax) });
  const { executions, inputs, functions, unreached, findings } = result;
  process.stdout.write(
    `${wish.target}: ${executions.toLocaleString('en')} executions, ${inputs} inputs kept, ` +
      `${functions} functions reached with ${unreached} parts left, ${findings.length} findings\n`,
  );
  for (const { input, why } of findings) process.stdout.write(`  ${kept(wish.target, input)}\n  ${why}\n`);
  return findings.length;
}

/** In a thread of its own, which may run out of memory or hang. */
function huntedApart(orders: Orders): Promise<Result> {
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
    workerData: orders,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  const counts = new Int32Array(orders.underWay, 0, 2);
  const gone = (why: string): Result => {
    if (Atomics.load(counts, 0) === 0) throw new Error(`${orders.target} did not even begin: ${why}`);
    const length = Atomics.load(counts, 1);
    const input = Uint8Array.from(new Uint8Array(orders.underWay, 8, length));
    const executions = Atomics.load(counts, 0);
    return { executions, inputs: 0, functions: 0, unreached: 0, findings: [{ input, why }] };
  };
  return new Promise((resolve) => {
    let last = -1;
    let stillSince = performance.now();
    const watch = setInterval(() => {
      const now = Atomics.load(counts, 0);
      if (now !== last) stillSince = performance.now();
      last = now;
      if (performance.now() - stillSince > hangSeconds * 1_000) done(gone('hangs'));
    }, 1_000);
    const done = (result: Result): void => {
      clearInterval(watch);
      void worker.terminate();
      resolve(result);
    };
    worker.once('message', done);
    worker.once('error', (error) => done(gone(error.stack ?? error.message)));
  });
}

/** Writes an input into the corpus, where `npm test` finds it from then on. */
function kept(target: string, input: Uint8Array): string {
  const folder = join(import.meta.dirname, 'corpus', target);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, createHash('sha256').update(input).digest('hex').slice(0, 16));
  writeFileSync(path, input);
  return path;
}

process.exitCode = await main();
