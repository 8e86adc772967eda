import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { codeOf } from '../postgres/setup-error.ts';
import { badBackup, Manifest, manifestName, Sums, sumsName, tableOf } from './format.ts';

/** Takes what a backup holds, in its order: tables by their parts, then files. */
export interface BackupSink {
  manifest(manifest: Manifest): Promise<void>;
  part(table: string, bytes: Buffer): Promise<void>;
  file(name: string, bytes: Buffer): Promise<void>;
}

/** Reading on the way, in bytes of the file, and what stops it. */
export interface ReadOptions {
  readonly progress: (done: number) => void;
  readonly signal: AbortSignal;
}

/** Reads a backup from end to end and checks every checksum. Errors: `SetupError` `bad-backup`, which says what is wrong; the sink's. */
export async function readBackup(path: string, sink: BackupSink, options: ReadOptions): Promise<Manifest> {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  const tar = extract();
  const fail = (error: Error): unknown => tar.destroy(error);
  file.on('data', () => options.progress(file.bytesRead)).on('error', fail);
  gunzip.on('error', fail);
  // The types know Node's streams only; a tar stream is one to all that pipe into it.
  file.pipe(gunzip).pipe(tar as unknown as Writable);
  const reading = new Reading(path, sink);
  let isTaking = false;
  try {
    for await (const entry of tar) {
      options.signal.throwIfAborted();
      const bytes = await buffer(entry);
      isTaking = true;
      await reading.take(entry.header.name, bytes);
      isTaking = false;
    }
  } catch (error) {
    if (isTaking || options.signal.aborted) throw error;
    const isThere = codeOf(error) !== 'ENOENT';
    throw badBackup(path, isThere ? 'it is damaged or cut off' : 'there is no such file', error);
  } finally {
    file.destroy();
  }
  return reading.whole();
}

class Reading {
  readonly #path: string;
  readonly #sink: BackupSink;
  readonly #tables = new Map<string, Hash>();
  readonly #files = new Map<string, string>();
  #manifest: Manifest | undefined;
  #sums: Sums | undefined;

  constructor(path: string, sink: BackupSink) {
    this.#path = path;
    this.#sink = sink;
  }

  async take(name: string, bytes: Buffer): Promise<void> {
    if (!this.#manifest) {
      if (name !== manifestName)
        throw badBackup(this.#path, `it begins with ${name}: it is no backup of a node`);
      this.#manifest = this.#parsed(name, bytes, Manifest);
      return this.#sink.manifest(this.#manifest);
    }
    if (this.#sums) throw badBackup(this.#path, `${name} stands behind its end`);
    if (name === sumsName) {
      this.#sums = this.#parsed(name, bytes, Sums);
      return;
    }
    const table = tableOf(name);
    if (table !== undefined) return this.#part(this.#manifest, table, bytes);
    this.#files.set(name, createHash('sha256').update(bytes).digest('hex'));
    return this.#sink.file(name, bytes);
  }

  /** What was read, when all of it fits its checksums. */
  whole(): Manifest {
    if (!this.#manifest || !this.#sums) throw badBackup(this.#path, 'it is cut off: its end is missing');
    for (const { name } of this.#manifest.tables) {
      const found = (this.#tables.get(name) ?? createHash('sha256')).digest('hex');
      if (this.#sums.tables[name]?.sha256 !== found)
        throw badBackup(this.#path, `table ${name} does not fit its checksum`);
    }
    for (const name of new Set([...this.#files.keys(), ...Object.keys(this.#sums.files)]))
      if (this.#sums.files[name] !== this.#files.get(name))
        throw badBackup(this.#path, `${name} does not fit its checksum`);
    return this.#manifest;
  }

  async #part(manifest: Manifest, table: string, bytes: Buffer): Promise<void> {
    if (!manifest.tables.some(({ name }) => name === table))
      throw badBackup(this.#path, `it has rows of ${table}, which it does not declare`);
    const hash = this.#tables.get(table) ?? createHash('sha256');
    this.#tables.set(table, hash.update(bytes));
    return this.#sink.part(table, bytes);
  }

  #parsed<T>(name: string, bytes: Buffer, schema: { parse(value: unknown): T }): T {
    try {
      return schema.parse(JSON.parse(bytes.toString('utf8')));
    } catch (error) {
      throw badBackup(this.#path, `${name} cannot be read by this program`, error);
    }
  }
}
