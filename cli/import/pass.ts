import type { DemonstrationPeople, Intake } from '@yitong/kit';
import type { Line } from '../json/lines.ts';
import { Pool } from '../pool.ts';
import type { Job } from './job.ts';
import { isUnsettled, type Row } from './rows.ts';
import { type Door, rowOf, sendAll } from './send.ts';
import { itemsOf, type Task } from './tasks.ts';

/** One pass over the file. */
export interface Pass {
  readonly job: Job;
  readonly intake: Intake;
  readonly people: DemonstrationPeople;
  readonly door: Door;
  readonly lines: AsyncIterable<Line>;
  /** Lines up to this one are not looked at: their rows are there. */
  readonly after: number;
  /** Rows of an earlier pass, in order of lines: those that cannot change any more are kept and not sent again. */
  readonly earlier: AsyncIterator<Row> | undefined;
  readonly parallel: number;
  readonly stop: AbortSignal;
  /** Gets all rows in order of lines. */
  write(row: Row): void;
}

/** What a node takes in one request: 1,000 lines, 16 MiB; smaller ones keep all its partitions busy. */
const chunkLines = 250;
const chunkBytes = 2 * 1024 * 1024;
const waitingMax = 5_000;

/** Sends what is to be sent with a bounded number of requests at once; rows come out in order. False when it was stopped. */
export async function run(pass: Pass): Promise<boolean> {
  try {
    return await through(pass);
  } catch (error) {
    if (pass.stop.aborted) return false; // Requests under way were broken off.
    throw error;
  }
}

async function through(pass: Pass): Promise<boolean> {
  const order = new InOrder(pass.write);
  const pool = new Pool(pass.parallel);
  const earlier = new Earlier(pass.earlier);
  let chunk: Slotted[] = [];
  let size = 0;
  const flush = async () => {
    const whole = chunk;
    chunk = [];
    size = 0;
    if (whole.length > 0) await pool.add(() => sendChunk(pass, whole));
  };
  for await (const line of pass.lines) {
    if (pass.stop.aborted || pool.failed) break;
    if (line.number <= pass.after) continue;
    const kept = await earlier.of(line.number);
    if (kept.length > 0 && !kept.some(isUnsettled)) {
      for (const row of kept) order.place()(row);
      continue;
    }
    for (const item of itemsOf(line, pass.job, pass)) {
      const settle = order.place();
      if ('row' in item) settle(item.row);
      else chunk.push({ task: item.task, settle });
    }
    size += line.bytes.length;
    if (chunk.length >= chunkLines || size >= chunkBytes) await flush();
    if (order.waiting > waitingMax) await pool.idle();
  }
  if (!pass.stop.aborted) await flush();
  await pool.idle();
  return !pass.stop.aborted;
}

interface Slotted {
  readonly task: Task;
  settle(row: Row): void;
}

async function sendChunk({ door, intake }: Pass, chunk: readonly Slotted[]): Promise<void> {
  const settles = new Map(chunk.map(({ task, settle }) => [task, settle]));
  const tasks = chunk.map(({ task }) => task);
  await sendAll(door, tasks, (task, answer) => settles.get(task)?.(rowOf(task, answer, intake)));
}

/** Holds rows back until all before them are there. */
class InOrder {
  readonly #write: (row: Row) => void;
  readonly #slots: { row: Row | undefined }[] = [];

  constructor(write: (row: Row) => void) {
    this.#write = write;
  }

  get waiting(): number {
    return this.#slots.length;
  }

  /** The next place; what it gives back fills it. */
  place(): (row: Row) => void {
    const slot: { row: Row | undefined } = { row: undefined };
    this.#slots.push(slot);
    return (row) => {
      slot.row = row;
      this.#release();
    };
  }

  #release(): void {
    let ready = 0;
    for (const { row } of this.#slots) {
      if (row === undefined) break;
      this.#write(row);
      ready += 1;
    }
    this.#slots.splice(0, ready);
  }
}

/** Rows of an earlier pass, handed out line by line. */
class Earlier {
  readonly #rows: AsyncIterator<Row> | undefined;
  #next: Row | undefined;
  #begun = false;

  constructor(rows: AsyncIterator<Row> | undefined) {
    this.#rows = rows;
  }

  async of(line: number): Promise<readonly Row[]> {
    if (!this.#begun) await this.#step();
    const rows: Row[] = [];
    while (this.#next !== undefined && this.#next.line <= line) {
      if (this.#next.line === line) rows.push(this.#next);
      await this.#step();
    }
    return rows;
  }

  async #step(): Promise<void> {
    this.#begun = true;
    const step = await this.#rows?.next();
    this.#next = step === undefined || step.done ? undefined : step.value;
  }
}
