import { type BlobStore, type Eraser, findTypes, type Reader, type Store, typeOf } from '@yitong/kernel';
import type { RecordType } from '@yitong/kit';
import { asOwner, asRetention, type NodeDatabase } from '../postgres/connection.ts';
import { BlobTables } from './blobs.ts';
import { books } from './books.ts';
import { writeCommit } from './commit.ts';
import { eraser } from './eraser.ts';
import { frames } from './frames.ts';
import { readJournal } from './journal.ts';
import { leases } from './lease.ts';
import { Line } from './line.ts';
import { lists } from './lists.ts';
import { loadDue, loadMisses } from './load.ts';
import { logTree } from './log-tree.ts';
import { alone, migrate } from './migrate.ts';
import { Months } from './months.ts';
import { makeRecordTables, type RecordPlace, recordPlaces } from './record-tables.ts';
import { giveRights } from './rights.ts';
import { states } from './states.ts';
import { readTail } from './tail.ts';

/** What a store on PostgreSQL (15 or newer) is opened with. */
export interface PostgresStoreOptions {
  /** Its owner makes and changes the tables, the node's own role where there is none; without a role that erases nothing is erased. */
  readonly connection: NodeDatabase;
  readonly partitions: number;
  readonly records: readonly RecordType[];
  /** Write connections: partition n uses connection n mod `writers`. */
  readonly writers: number;
  /** Accounts `<system>/<name>` that grow on the credit side: their mirrored entries are shown with the sign turned. */
  readonly creditAccounts?: ReadonlySet<string>;
  /** For those who check: one connection that reads the state of one moment, however the node goes on meanwhile. */
  readonly moment?: true;
}

/** An open store: `writers` + 2 connections, each opened when first used and again after a break. */
export interface PostgresStore {
  readonly store: Store;
  readonly reader: Reader;
  readonly blobs: BlobStore;
  readonly eraser: Eraser | undefined;
  /** Waits for what is under way and closes the connections. */
  close(): Promise<void>;
  /** Closes connections that only work needs; each is opened again when first used. */
  rest(): Promise<void>;
  /** Resolves when the server answers. */
  ping(): Promise<void>;
}

/** Opens the store: migrates the schema, makes the tables and indexes of record types. Errors: the server's, with what to do. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const lines = openLines(options);
  const types = findTypes(options.records);
  const places = recordPlaces(types);
  const months = new Months(lines.desk);
  try {
    await prepare(options, places, months);
  } catch (error) {
    await closeAll(lines);
    throw error;
  }
  const placeOf = (type: string): RecordPlace => {
    const place = places.get(typeOf(types, type).record.type);
    if (!place) throw new Error(`no table for records of type ${type}`);
    return place;
  };
  return {
    store: storeOn(lines, options.partitions, places, months),
    reader: {
      ...lists(lines.hall, placeOf, options.partitions),
      ...books(lines.hall, options.creditAccounts ?? new Set()),
      ...states(lines.hall, options.partitions, places),
    },
    blobs: new BlobTables(lines.hall, options.partitions),
    eraser: lines.broom && eraser(lines.broom),
    close: () => closeAll(lines),
    async rest() {
      const broom = lines.broom ? [lines.broom] : [];
      await Promise.all([...lines.writers, lines.hall, ...broom].map((line) => line.rest()));
    },
    async ping() {
      await lines.desk.ask({ text: 'select 1', values: [] });
    },
  };
}

/** `writers` commit; `desk` loads what batches lack, answers short lookups and keeps leases; `hall` serves lists, however long; `broom` erases. */
interface Lines {
  readonly writers: readonly Line[];
  readonly desk: Line;
  readonly hall: Line;
  readonly broom?: Line;
}

function openLines({ connection: database, writers, moment }: PostgresStoreOptions): Lines {
  const { owner: _, retention: __, ...connection } = database;
  const retention = asRetention(database);
  if (moment) {
    const line = new Line(connection, { name: 'check', statementMs: 0, keysOnly: true, moment });
    return { writers: [line], desk: line, hall: line };
  }
  if (!Number.isInteger(writers) || writers < 1) throw new Error(`writers: ${writers} is not 1 or more`);
  const writer = (_: unknown, n: number) =>
    new Line(connection, { name: `writer ${n}`, statementMs: 30_000, keysOnly: true });
  return {
    writers: Array.from({ length: writers }, writer),
    desk: new Line(connection, { name: 'desk', statementMs: 10_000, keysOnly: true }),
    hall: new Line(connection, { name: 'hall', statementMs: 30_000, keysOnly: false }),
    ...(retention && {
      broom: new Line(retention, { name: 'retention', statementMs: 60_000, keysOnly: true }),
    }),
  };
}

async function closeAll(lines: Lines): Promise<void> {
  const broom = lines.broom ? [lines.broom] : [];
  await Promise.all([...lines.writers, lines.desk, lines.hall, ...broom].map((line) => line.close()));
}

/** As the tables' owner, on a connection of its own without limit: an index of a large table takes its time. */
async function prepare(
  options: PostgresStoreOptions,
  places: ReadonlyMap<string, RecordPlace>,
  months: Months,
): Promise<void> {
  const { owner, retention, user } = options.connection;
  const line = new Line(asOwner(options.connection), { name: 'prepare', statementMs: 0, keysOnly: false });
  try {
    await alone(line);
    await migrate(line, options.partitions);
    await makeRecordTables(line, places.values());
    const [raw] = await line.ask({
      text: `select array_agg(to_char(now() + n * interval '1 month', 'YYYY-MM')) as months from generate_series(0, 2) n`,
      values: [],
    });
    const ahead: unknown = raw?.['months'];
    if (owner) await giveRights(line, { node: user, retention: retention?.user });
    if (Array.isArray(ahead)) await months.make(ahead.map(String));
  } finally {
    await line.close();
  }
}

function storeOn(
  lines: Lines,
  partitions: number,
  places: ReadonlyMap<string, RecordPlace>,
  months: Months,
): Store {
  const lineOf = (partition: number): Line => {
    const line = lines.writers[partition % lines.writers.length];
    if (!line || partition < 0 || partition >= partitions) throw new Error(`no partition ${partition}`);
    return line;
  };
  return {
    ...leases(lines.desk),
    ...frames(lines.desk, partitions),
    ...logTree(lines.desk),
    tail: async (partition) => readTail(lineOf(partition), partition),
    // Not behind another partition's commit: a writer has its own commits behind it when it loads.
    load: async (partition, misses) => loadMisses(lines.desk, places, partition, misses),
    due: async (partition, now, limit) => loadDue(lineOf(partition), partition, now, limit),
    commit: async (commit) =>
      writeCommit({ line: lineOf(commit.partition), months, records: places }, commit, 'commit'),
    probe: async (commit) =>
      writeCommit({ line: lineOf(commit.partition), months, records: places }, commit, 'rollback'),
    read: async (partition, seq, limit, peer) => readJournal(lines.desk, partition, seq, limit, peer),
  };
}
