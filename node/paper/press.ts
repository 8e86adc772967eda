import { Worker } from 'node:worker_threads';
import type { Paper } from './pdf.ts';

/** What goes to the press and comes back from it. */
export interface Order {
  readonly n: number;
  readonly paper: Paper;
}

/** The paper, or why it came to nothing. */
export interface Delivery {
  readonly n: number;
  readonly pdf?: Uint8Array;
  readonly fault?: string;
}

interface Waiting {
  resolve(pdf: Buffer): void;
  reject(error: Error): void;
}

/** The press of a process, and who waits for what of it. */
interface Press {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/** Milliseconds without an order after which the press's thread ends: with the font it holds some 60 MB. */
const restMs = 60_000;
/** What makes TypeScript run in a thread, for that is not part of a bundle. */
const translator = import.meta.resolve('tsx/esm/api');
const thread = `
const { workerData: { translator, script } } = require('node:worker_threads');
import(translator).then(({ tsImport }) => tsImport(script, script));
`;
let press: Press | undefined;
let ordered = 0;

/**
 * A paper as PDF, made in a thread of its own: cutting the Chinese font down takes half a second of work, and meanwhile this one answers everybody.
 * Papers are made one after the other. Rejects when the thread ends or the paper cannot be made.
 */
export function printed(paper: Paper): Promise<Buffer> {
  press ??= begin();
  const { worker, waiting } = press;
  const n = ++ordered;
  const order: Order = { n, paper };
  worker.postMessage(order);
  return new Promise((resolve, reject) => {
    waiting.set(n, { resolve, reject });
  });
}

function begin(): Press {
  const workerData = { translator, script: new URL('./press-thread.ts', import.meta.url).href };
  const worker = new Worker(thread, { eval: true, workerData, execArgv: [] });
  worker.unref();
  const waiting = new Map<number, Waiting>();
  const ended = (error: Error) => {
    if (press?.worker === worker) press = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  // An order that came since stays with this thread; the next one after it goes to a new thread.
  const close = () => {
    if (waiting.size > 0) return;
    press = undefined;
    void worker.terminate();
  };
  let rest: NodeJS.Timeout | undefined;
  worker.on('message', ({ n, pdf, fault }: Delivery) => {
    const one = waiting.get(n);
    waiting.delete(n);
    if (pdf === undefined) one?.reject(new Error(fault));
    else one?.resolve(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength));
    clearTimeout(rest);
    rest = setTimeout(close, restMs).unref();
  });
  worker.on('error', ended);
  worker.on('exit', () => ended(new Error('the thread that makes papers ended')));
  return { worker, waiting };
}
