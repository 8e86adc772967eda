import type { RecordType } from '@yitong/kit';
import { applyCommit, probeCommit } from './memory-commit.ts';
import { memoryEraser } from './memory-eraser.ts';
import { memoryLog } from './memory-log.ts';
import { lookups } from './memory-lookups.ts';
import { memoryReader } from './memory-reader.ts';
import {
  copyTables,
  type DatabaseTables,
  emptyPartition,
  type MemoryStep,
  type PartitionTables,
} from './memory-tables.ts';
import type { Commit, CommitResult, Eraser, Reader, Store } from './store.ts';

/**
 * What goes wrong with a commit. `again`, `full`: told so, nothing written. `cut`: the connection broke before anything was written.
 * `lost`: written, and the answer got lost. `late`: told `unknown`; the server writes it when `finishLate` is called, if it still can.
 */
export type MemoryFault = 'again' | 'full' | 'cut' | 'lost' | 'late';

/** What a memory database is made of; `now` is its own clock, in ms, which leases go by. */
export interface MemoryOptions {
  readonly partitions: number;
  readonly records: readonly RecordType[];
  readonly now: () => number;
  readonly leaseMs?: number;
  /** Accounts `<system>/<name>` that grow on the credit side: their mirrored entries are shown with the sign turned. */
  readonly creditAccounts?: ReadonlySet<string>;
}

/** How one process reaches a memory database: where a simulation may wait, and what it may break. */
export interface MemoryConnection {
  /** Called before each call has effect and, as `committed`, before a commit's answer. */
  readonly step?: (call: string) => void | Promise<void>;
  readonly fault?: (commit: Commit) => MemoryFault | undefined;
}

/** One node's database in memory. It outlives the processes that are connected to it. */
export class MemoryDatabase {
  readonly options: MemoryOptions;
  readonly types: ReadonlySet<string>;
  #tables: DatabaseTables;
  #late: Commit[] = [];

  constructor(options: MemoryOptions) {
    this.options = options;
    this.types = new Set(options.records.map((record) => record.type));
    const partitions = Array.from({ length: options.partitions }, emptyPartition);
    this.#tables = { partitions, segments: [], checkpoints: [], cosignatures: [], witnessed: [] };
  }

  get tables(): DatabaseTables {
    return this.#tables;
  }

  partition(partition: number): PartitionTables {
    const tables = this.#tables.partitions[partition];
    if (!tables) throw new Error(`no partition ${partition}`);
    return tables;
  }

  /** The state as a backup keeps it. */
  snapshot(): DatabaseTables {
    return copyTables(this.#tables);
  }

  /** Puts a snapshot in the place of the state; commits under way are gone. */
  restore(snapshot: DatabaseTables): void {
    this.#tables = copyTables(snapshot);
    this.#late = [];
  }

  apply(commit: Commit): CommitResult {
    return applyCommit(this.partition(commit.partition), commit, this.types);
  }

  delay(commit: Commit): void {
    this.#late.push(commit);
  }

  /** Lets commits whose connection broke come through after all, where the fence still lets them. */
  finishLate(): readonly CommitResult[] {
    const results = this.#late.map((commit) => this.apply(commit));
    this.#late = [];
    return results;
  }
}

/** A store and a reader on a memory database, its own one unless `database` is given. */
export function openMemoryStore(
  options: (MemoryOptions | { readonly database: MemoryDatabase }) & MemoryConnection,
): { database: MemoryDatabase; store: Store; reader: Reader; eraser: Eraser } {
  const database = 'database' in options ? options.database : new MemoryDatabase(options);
  const step = async (call: string) => options.step?.(call);
  return {
    database,
    store: memoryStore(database, step, options.fault),
    reader: memoryReader(database, step),
    eraser: memoryEraser(database, step),
  };
}

function memoryStore(database: MemoryDatabase, step: MemoryStep, fault: MemoryConnection['fault']): Store {
  return {
    ...leases(database, step),
    ...lookups(database, step),
    ...memoryLog(database, step),
    async commit(commit) {
      await step('commit');
      const result = broken(database, commit, fault?.(commit)) ?? database.apply(commit);
      await step('committed');
      return result;
    },
    async probe(commit) {
      await step('probe');
      return probeCommit(database.partition(commit.partition), commit, database.types);
    },
  };
}

function broken(
  database: MemoryDatabase,
  commit: Commit,
  fault: MemoryFault | undefined,
): CommitResult | undefined {
  if (fault === undefined) return undefined;
  if (fault === 'again' || fault === 'full') return { result: fault };
  if (fault === 'lost') database.apply(commit);
  if (fault === 'late') database.delay(commit);
  return { result: 'unknown' };
}

function leases(
  database: MemoryDatabase,
  step: MemoryStep,
): Pick<Store, 'acquire' | 'renew' | 'release' | 'places'> {
  const { now, leaseMs = 5000 } = database.options;
  return {
    async places() {
      await step('places');
      return database.tables.partitions.flatMap(({ lease: { epoch, holder, address, until } }, partition) =>
        holder === undefined || until < now() ? [] : [{ partition, epoch, holder, address }],
      );
    },
    async acquire(partitions, holder, address) {
      await step('acquire');
      const free = [...partitions]
        .sort((a, b) => a - b)
        .filter((n) => database.partition(n).lease.until < now());
      return free.map((partition) => {
        const tables = database.partition(partition);
        tables.lease = { epoch: tables.lease.epoch + 1, holder, address, until: now() + leaseMs };
        return { partition, epoch: tables.lease.epoch };
      });
    },
    async renew(held, holder) {
      await step('renew');
      const mine = held.filter(({ partition, epoch }) => isMine(database, partition, epoch, holder));
      for (const { partition } of mine) {
        const tables = database.partition(partition);
        tables.lease = { ...tables.lease, until: now() + leaseMs };
      }
      return mine.map(({ partition }) => partition).sort((a, b) => a - b);
    },
    async release(held, holder) {
      await step('release');
      for (const { partition, epoch } of held) {
        if (!isMine(database, partition, epoch, holder)) continue;
        const tables = database.partition(partition);
        tables.lease = { epoch, holder: undefined, address: '', until: Number.NEGATIVE_INFINITY };
      }
    },
  };
}

function isMine(database: MemoryDatabase, partition: number, epoch: number, holder: string): boolean {
  const { lease } = database.partition(partition);
  return lease.epoch === epoch && lease.holder === holder;
}
