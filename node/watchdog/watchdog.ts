import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Watch } from '@yitong/kernel';

/** How long a handler may run. */
const limitMs = 5_000;
const tickMs = 250;
/** Most messages that are remembered, the newest. */
const rememberedMax = 100;
const wordBytes = 8;
const keyBytes = 512;

/**
 * The thread that sees the message under way in shared memory: one that stands still for twenty looks is written to the file, and the
 * process ends, for a handler that never returns holds all of it. Looks are counted, not time: a stopped machine accuses nobody.
 */
const thread = `
const { workerData: { memory, file, ticks, tickMs } } = require('node:worker_threads');
const { closeSync, fsyncSync, openSync, writeSync } = require('node:fs');
const words = new Int32Array(memory, 0, 2);
const text = Buffer.from(memory, ${wordBytes});
let last = 0;
let same = 0;
setInterval(() => {
  const now = Atomics.load(words, 0);
  same = now === last && now % 2 === 1 ? same + 1 : 0;
  last = now;
  if (same < ticks) return;
  const out = openSync(file, 'a', 0o600);
  writeSync(out, text.toString('latin1', 0, words[1]) + '\\n');
  fsyncSync(out);
  closeSync(out);
  process.kill(process.pid, 'SIGKILL');
}, tickMs);
`;

/** A watch over this process's handlers, and its end. */
export interface Watchdog {
  readonly watch: Watch;
  /** Ends the thread, which takes 7 MB, until the next handler runs. */
  rest(): void;
  close(): Promise<void>;
}

/** Begins to watch (kernel rule K20); `file` keeps which messages ended a process, a line each. */
export function startWatchdog(file: string): Watchdog {
  const memory = new SharedArrayBuffer(wordBytes + keyBytes);
  const words = new Int32Array(memory, 0, 2);
  const text = Buffer.from(memory, wordBytes);
  const workerData = { memory, file, ticks: limitMs / tickMs, tickMs };
  const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };
  let worker: Worker | undefined;
  const begin = (): Worker => {
    const made = new Worker(thread, { eval: true, workerData, execArgv: [], resourceLimits });
    made.unref();
    return made;
  };
  worker = begin();
  const watch: Watch = {
    hung: remembered(file),
    // The count is odd while a handler runs. Ids and sources are ASCII.
    enter(key) {
      worker ??= begin();
      words[1] = text.write(key, 0, 'latin1');
      Atomics.add(words, 0, 1);
    },
    leave() {
      Atomics.add(words, 0, 1);
    },
  };
  return {
    watch,
    rest() {
      void worker?.terminate();
      worker = undefined;
    },
    async close() {
      await worker?.terminate();
    },
  };
}

function remembered(file: string): ReadonlySet<string> {
  try {
    const lines = readFileSync(file, 'latin1').split('\n');
    return new Set(lines.filter((line) => line !== '').slice(-rememberedMax));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Set();
    throw error;
  }
}
