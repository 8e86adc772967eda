import {
  closeSync,
  createReadStream,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { fileFailure } from '../failure.ts';
import { isObject } from '../json/difference.ts';
import { linesOf } from '../json/lines.ts';
import type { Job } from './job.ts';
import { isUnsettled, type Row } from './rows.ts';

const rowBytesMax = 16 * 1024 * 1024;
const syncEveryMs = 500;
const writeBytes = 8 * 1024;

/** What a results file holds: the job it belongs to, and how far it is whole. */
export interface Found {
  readonly job: Job | undefined;
  /** Bytes before the first row of the last line: where to go on, for that line may lack rows. */
  readonly resumeAt: number;
  /** The last line that all rows are there of, and rows up to there that may still change. */
  readonly lastLine: number;
  readonly unsettled: number;
}

/** Looks through a results file; undefined when there is none. */
export async function lookThrough(path: string): Promise<Found | undefined> {
  if (!existsSync(path)) return undefined;
  const found = { job: undefined as Job | undefined, resumeAt: 0, lastLine: 0, unsettled: 0 };
  const line = { number: 0, unsettled: 0 };
  let bytes = 0;
  for await (const { row, header, size } of entries(path)) {
    found.job ??= header;
    if (row === undefined) found.resumeAt = bytes + size;
    else {
      if (row.line !== line.number) {
        Object.assign(found, {
          resumeAt: bytes,
          lastLine: line.number,
          unsettled: found.unsettled + line.unsettled,
        });
        Object.assign(line, { number: row.line, unsettled: 0 });
      }
      if (isUnsettled(row)) line.unsettled += 1;
    }
    bytes += size;
  }
  return found;
}

/** The rows of a results file up to line `last`. */
export async function* rowsOf(path: string, last: number): AsyncGenerator<Row> {
  for await (const { row } of entries(path)) {
    if (row !== undefined && row.line > last) return;
    if (row !== undefined) yield row;
  }
}

interface Entry {
  readonly row: Row | undefined;
  readonly header: Job | undefined;
  /** Bytes with the line end. */
  readonly size: number;
}

/** Whole rows, up to the first that is torn. */
async function* entries(path: string): AsyncGenerator<Entry> {
  const source = createReadStream(path, { highWaterMark: 1 << 18 });
  try {
    for await (const { bytes, tooLong, ended } of linesOf(source, rowBytesMax)) {
      const entry = ended && !tooLong ? parsed(bytes) : undefined;
      if (entry === undefined) return;
      yield { ...entry, size: bytes.length + 1 };
    }
  } finally {
    source.destroy();
  }
}

function parsed(bytes: Buffer): Omit<Entry, 'size'> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  if (isRow(value)) return { row: value, header: undefined };
  return isHeader(value) ? { row: undefined, header: value.import } : undefined;
}

function isRow(value: unknown): value is Row {
  return isObject(value) && typeof value['line'] === 'number' && typeof value['state'] === 'string';
}

function isHeader(value: unknown): value is { readonly import: Job } {
  if (!isObject(value) || !isObject(value['import'])) return false;
  const { sha256, started, member } = value['import'];
  return typeof sha256 === 'string' && typeof started === 'number' && typeof member === 'string';
}

/**
 * Writes a results file from its beginning or from where it is whole: rows stand in the file as soon as there are some
 * kilobytes of them, and are on the disk half a second later.
 */
export class ResultsFile {
  readonly #path: string;
  readonly #file: number;
  #pending: string[] = [];
  #size = 0;
  #synced = performance.now();

  /** `from`: bytes of the file that stay. */
  constructor(path: string, from: number) {
    this.#path = path;
    try {
      this.#file = openSync(path, from === 0 ? 'w' : 'r+', 0o600);
      ftruncateSync(this.#file, from);
      this.#at = from;
    } catch (error) {
      throw fileFailure(path, error);
    }
  }
  #at: number;
  #closed = false;

  /** Whether nothing stands in it yet, not even the job. */
  get isEmpty(): boolean {
    return this.#at === 0;
  }

  header(job: Job): void {
    this.#line({ import: job });
    this.flush();
  }

  add(row: Row): void {
    this.#line(row);
    if (performance.now() - this.#synced > syncEveryMs) this.flush();
    else if (this.#size > writeBytes) this.#write();
  }

  /** Brings everything to the disk. */
  flush(): void {
    this.#write();
    this.#synced = performance.now();
    try {
      fdatasyncSync(this.#file);
    } catch (error) {
      throw fileFailure(this.#path, error);
    }
  }

  #write(): void {
    const text = Buffer.from(this.#pending.join(''), 'utf8');
    this.#pending = [];
    this.#size = 0;
    try {
      for (let done = 0; done < text.length; ) {
        const written = writeSync(this.#file, text, done, text.length - done, this.#at);
        done += written;
        this.#at += written;
      }
    } catch (error) {
      throw fileFailure(this.#path, error);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    closeSync(this.#file);
  }

  /** Closes it and gives it the name of the file that it replaces. */
  replace(path: string): void {
    this.close();
    renameSync(this.#path, path);
  }

  #line(value: unknown): void {
    const text = `${JSON.stringify(value)}\n`;
    this.#pending.push(text);
    this.#size += text.length;
  }
}
