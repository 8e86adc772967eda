import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Client, DatabaseError, escapeIdentifier } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { asOwner, type NodeDatabase, withConnection } from '../postgres/connection.ts';
import { SetupError } from '../postgres/setup-error.ts';
import { migrations } from '../store/schema.ts';
import { recordTable } from '../store/tables.ts';
import { badBackup, type Manifest } from './format.ts';
import { type BackupSink, type ReadOptions, readBackup } from './read.ts';

/** Reads a backup through and says what it holds; changes nothing. Errors: `SetupError` with what is wrong with the file. */
export async function checkBackup(path: string, options: ReadOptions): Promise<Manifest> {
  const nothing = async (): Promise<void> => undefined;
  const manifest = await readBackup(path, { manifest: nothing, part: nothing, file: nothing }, options);
  const newest = migrations.at(-1)?.version ?? 0;
  if (manifest.schema <= newest) return manifest;
  throw new SetupError({
    code: 'backup-of-later-program',
    reason: `${path}: its tables are version ${manifest.schema}, this program knows ${newest}`,
    remedy: 'use the program that wrote it, or a newer one',
  });
}

/**
 * Puts a backup into an empty database, all of it or nothing, with the tables as they were then: the node's next start brings them up to date.
 * Leases are free. `file` takes what it holds beside tables. Errors: `SetupError`; the server's.
 */
export async function restoreBackup(
  path: string,
  database: NodeDatabase,
  options: ReadOptions & { file(name: string, bytes: Buffer): Promise<void> },
): Promise<Manifest> {
  return withConnection({ ...asOwner(database), application_name: 'yitong restore' }, async (client) => {
    await client.query('begin');
    const tables = new Tables(client, path);
    const sink: BackupSink = {
      manifest: (manifest) => makeTables(client, manifest, tables),
      part: (table, bytes) => tables.add(table, bytes),
      async file(name, bytes) {
        await tables.end();
        await options.file(name, bytes);
      },
    };
    const manifest = await readBackup(path, sink, options);
    await tables.end();
    await client.query(`update lease set until = '-infinity', holder = null, address = ''`);
    await client.query('commit');
    await client.query('analyze');
    return manifest;
  });
}

async function makeTables(client: Client, manifest: Manifest, tables: Tables): Promise<void> {
  const { rows } = await client.query(
    `select 1 from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
  );
  if (rows.length > 0)
    throw new SetupError({
      code: 'database-not-empty',
      reason: 'the database has tables already',
      remedy: 'restore with --replace, which throws away what is in it',
    });
  await client.query(
    'create table schema_version (version int primary key, at timestamptz not null default clock_timestamp())',
  );
  for (const { version, statements } of migrations.filter((one) => one.version <= manifest.schema)) {
    for (const statement of statements) await client.query(statement);
    await client.query('insert into schema_version (version) values ($1)', [version]);
  }
  for (const month of manifest.months) await makeMonth(client, month);
  for (const { name, columns } of manifest.tables) {
    if (name.startsWith('r_'))
      await client.query(`create table ${name} (${recordTable(name).definition()}) with (fillfactor = 85)`);
    tables.columns.set(name, columns);
  }
}

/** As the node makes them; a schema of before has no function for it. */
async function makeMonth(client: Client, month: string): Promise<void> {
  for (const parent of ['journal_body', 'seen']) {
    const part = `${parent}_${month.replace('-', '_')}`;
    await client.query(`create table ${part} (like ${parent} including all)`);
    await client.query(`alter table ${parent} attach partition ${part} for values in ('${month}')`);
  }
}

/** Rows on their way into one table after the other. */
class Tables {
  readonly columns = new Map<string, readonly string[]>();
  readonly #client: Client;
  readonly #path: string;
  #open: { readonly table: string; readonly stream: Writable; readonly done: Promise<void> } | undefined;

  constructor(client: Client, path: string) {
    this.#client = client;
    this.#path = path;
  }

  async add(table: string, bytes: Buffer): Promise<void> {
    if (this.#open?.table !== table) {
      await this.end();
      const columns = (this.columns.get(table) ?? []).map((one) => escapeIdentifier(one)).join(', ');
      const stream = this.#client.query(copyFrom(`copy ${escapeIdentifier(table)} (${columns}) from stdin`));
      const done = finished(stream).catch((error: unknown) => {
        throw isAboutRows(error) ? badBackup(this.#path, `rows of ${table} are damaged`, error) : error;
      });
      // Whoever writes next is told; nobody may be waiting when it happens.
      done.catch(() => undefined);
      this.#open = { table, stream, done };
    }
    const { stream, done } = this.#open;
    if (!stream.write(bytes)) await Promise.race([new Promise((go) => stream.once('drain', go)), done]);
  }

  async end(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    open.stream.end();
    await open.done;
  }
}

/** A damaged file may still unpack, to rows that the server cannot read (SQLSTATE class 22) or that break its constraints (23). */
function isAboutRows(error: unknown): boolean {
  return error instanceof DatabaseError && /^2[23]/.test(error.code ?? '');
}
