import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Client, escapeIdentifier } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type Pack, pack } from 'tar-stream';
import { addressOf } from '../compose.ts';
import type { NodeConfig } from '../config.ts';
import { askOne, withConnection } from '../postgres/connection.ts';
import { codeOf, SetupError } from '../postgres/setup-error.ts';
import { type Manifest, manifestName, partBytes, partName, type Sums, sumsName } from './format.ts';

/** How far a backup is, in bytes of tables, and what stops it. `files`: name in the backup to path. */
export interface BackUpOptions {
  readonly progress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
  readonly files?: ReadonlyMap<string, string>;
}

/** What is told of the node whose database is written. */
export type BackedUp = Pick<NodeConfig, 'member' | 'region' | 'partitions' | 'database'>;

/**
 * Writes a node's whole database, as it is at one moment, to a new file that its owner alone may read: gzip over tar. The node works on
 * meanwhile; memory does not grow with the database. Errors: `SetupError`, the server's, the disk's; then there is no file.
 */
export async function backUp(config: BackedUp, path: string, options: BackUpOptions): Promise<Manifest> {
  const half = `${path}.part`;
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw codeOf(error) === 'EEXIST' ? thereAlready(path, error) : error;
  });
  try {
    const manifest = await withConnection(
      { ...addressOf(config), application_name: 'yitong backup' },
      (client) => written(client, config, half, options),
    );
    await rename(half, path);
    return manifest;
  } catch (error) {
    await Promise.all([path, half].map((one) => rm(one, { force: true })));
    throw error;
  } finally {
    await file.close();
  }
}

async function written(
  client: Client,
  config: BackedUp,
  path: string,
  options: BackUpOptions,
): Promise<Manifest> {
  await client.query(`set timezone = 'UTC'; set bytea_output = 'hex'; set datestyle = 'ISO'`);
  await client.query('begin transaction isolation level repeatable read, read only');
  const manifest = await manifestOf(client, config, (options.files?.size ?? 0) > 0);
  const tar = pack();
  const packing = (async () => {
    const sums: Sums = { tables: {}, files: {} };
    await put(tar, manifestName, json(manifest));
    await putTables(client, tar, manifest, sums, options);
    for (const [name, from] of options.files ?? []) {
      const bytes = await readFile(from);
      await put(tar, name, bytes);
      sums.files[name] = createHash('sha256').update(bytes).digest('hex');
    }
    await put(tar, sumsName, json(sums));
    tar.finalize();
  })();
  const target = createWriteStream(path, { flags: 'w', mode: 0o600, flush: true });
  const piping = pipeline(tar, createGzip({ level: 4 }), target, { signal: options.signal });
  await Promise.all([packing.catch((error: unknown) => failed(tar, error)), piping]);
  return manifest;
}

function failed(tar: Pack, error: unknown): never {
  tar.destroy(error instanceof Error ? error : new Error(String(error)));
  throw error;
}

async function manifestOf(client: Client, config: BackedUp, keys: boolean): Promise<Manifest> {
  const tables = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> 'schema_version' group by 1 order by 1`,
  );
  const months = await client.query<{ month: string }>(
    `select distinct replace(right(c.relname, 7), '_', '-') as month from pg_inherits i
      join pg_class c on c.oid = i.inhrelid where i.inhparent = 'journal_body'::regclass order by 1`,
  );
  const heads = await client.query<Manifest['heads'][number]>(
    `select distinct on (partition) partition, seq::text as seq, encode(link, 'hex') as link
      from journal order by partition, journal.seq desc`,
  );
  return {
    format: 'yitong-backup/1',
    member: config.member,
    region: config.region,
    taken: new Date(
      await askOne(client, `select to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`),
    ).toISOString(),
    schema: Number(await askOne(client, 'select max(version) from schema_version')),
    partitions: config.partitions,
    heads: heads.rows,
    months: months.rows.map(({ month }) => month),
    tables: tables.rows,
    keys,
  };
}

async function putTables(
  client: Client,
  tar: Pack,
  { tables }: Manifest,
  sums: Sums,
  { progress, signal }: BackUpOptions,
): Promise<void> {
  const sizes = new Map<string, number>();
  const size = 'select coalesce(sum(pg_table_size(relid)), 0) from pg_partition_tree($1::regclass)';
  for (const { name } of tables) sizes.set(name, Number(await askOne(client, size, [name])));
  const total = [...sizes.values()].reduce((sum, one) => sum + one, 0);
  let before = 0;
  for (const { name, columns } of tables) {
    const part = new Parts(tar, name);
    const own = sizes.get(name) ?? 0;
    const text = `copy (select ${columns.map((one) => escapeIdentifier(one)).join(', ')} from ${escapeIdentifier(name)}) to stdout`;
    const stream = client.query(copyTo(text));
    for await (const bytes of stream) {
      signal.throwIfAborted();
      await part.add(bytes);
      progress(before + Math.min(own, part.bytes), total);
    }
    sums.tables[name] = { rows: stream.rowCount, sha256: await part.end() };
    before += own;
    progress(before, total);
  }
}

/** One table's bytes, gathered into parts of known size. */
class Parts {
  readonly #tar: Pack;
  readonly #table: string;
  readonly #hash = createHash('sha256');
  #waiting: Buffer[] = [];
  #length = 0;
  #count = 0;
  bytes = 0;

  constructor(tar: Pack, table: string) {
    this.#tar = tar;
    this.#table = table;
  }

  async add(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes);
    this.#waiting.push(bytes);
    this.#length += bytes.length;
    this.bytes += bytes.length;
    if (this.#length >= partBytes) await this.#flush();
  }

  async end(): Promise<string> {
    if (this.#length > 0) await this.#flush();
    return this.#hash.digest('hex');
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#length = 0;
    this.#count += 1;
    await put(this.#tar, partName(this.#table, this.#count), bytes);
  }
}

/** Resolves when the entry has been taken: the reader's pace is the writer's. */
function put(tar: Pack, name: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const header = { name, size: bytes.length, mode: 0o600, mtime: new Date(0) };
    tar.entry(header, bytes, (error) => (error ? reject(error) : resolve()));
  });
}

function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, undefined, 1)}\n`);
}

function thereAlready(path: string, cause: unknown): SetupError {
  const problem = { code: 'file-there', reason: `${path} is there already`, remedy: 'name another file' };
  return new SetupError(problem, cause);
}
