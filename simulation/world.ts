import { createHash } from 'node:crypto';
import { Draws } from './chance.ts';

interface Happening {
  readonly at: number;
  readonly tie: number;
  readonly order: number;
  /** Gone once it was taken back. */
  run: (() => void) | undefined;
}

/** Lets everything run that is ready: resolves when no promise is pending that needs no timer. */
export type Settle = () => Promise<void>;

/** One line of the trace: when, what. */
export interface TraceLine {
  readonly at: number;
  readonly what: readonly unknown[];
}

const traceKept = 4_000;

/** Everything random or timed goes through here: one virtual clock, one queue of what is to happen, one trace. */
export class World {
  /** Milliseconds since the run began. */
  now = 0;
  readonly seed: number;
  readonly lines: TraceLine[] = [];
  readonly counts = new Map<string, number>();
  /** Named places that some process came to. */
  readonly visited = new Set<string>();
  readonly #trace = createHash('sha256');
  readonly #ties: Draws;
  readonly #heap: Happening[] = [];
  #order = 0;
  happened = 0;

  constructor(seed: number) {
    this.seed = seed;
    this.#ties = this.draws('ties');
  }

  /** A stream of randomness of its own. */
  draws(name: string): Draws {
    return new Draws(this.seed, name);
  }

  /** What happens at one time happens in random order. Returns what takes it back. */
  after(ms: number, run: () => void): () => void {
    const at = this.now + Math.max(0, ms);
    const happening: Happening = { at, tie: this.#ties.unit(), order: this.#order++, run };
    push(this.#heap, happening);
    return () => {
      happening.run = undefined;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  get waiting(): number {
    return this.#heap.length;
  }

  /** Lets happen what is due up to `until`; ends early once `ended` says so. */
  async run(until: number, settle: Settle, ended: () => boolean = () => false): Promise<void> {
    // What was begun before may still have to say when it goes on.
    await settle();
    for (let next = this.#heap[0]; next && next.at <= until && !ended(); next = this.#heap[0]) {
      pop(this.#heap);
      if (!next.run) continue;
      this.now = Math.max(this.now, next.at);
      this.happened += 1;
      next.run();
      await settle();
    }
    if (!ended()) this.now = Math.max(this.now, until);
  }

  /** Into the trace: what a run did, by which two runs are compared. */
  note(...what: readonly unknown[]): void {
    this.#trace.update(`${JSON.stringify([this.now, ...what])}\n`);
    this.lines.push({ at: this.now, what });
    if (this.lines.length > 2 * traceKept) this.lines.splice(0, traceKept);
  }

  count(name: string, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  /** Hex digest of all notes so far. */
  traceHash(): string {
    return this.#trace.copy().digest('hex');
  }
}

function before(a: Happening, b: Happening): boolean {
  return a.at !== b.at ? a.at < b.at : a.tie !== b.tie ? a.tie < b.tie : a.order < b.order;
}

function push(heap: Happening[], one: Happening): void {
  let at = heap.length;
  heap.push(one);
  while (at > 0) {
    const up = (at - 1) >> 1;
    const parent = heap[up];
    if (!parent || before(parent, one)) break;
    heap[at] = parent;
    at = up;
  }
  heap[at] = one;
}

/** Takes the first one off. */
function pop(heap: Happening[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    const isRight = left !== undefined && right !== undefined && before(right, left);
    const child = isRight ? right : left;
    if (!child || before(last, child)) break;
    heap[at] = child;
    at = 2 * at + (isRight ? 2 : 1);
  }
  heap[at] = last;
}
