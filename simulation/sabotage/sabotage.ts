import type { Commit, KernelNode, NodeOptions, Store } from '@yitong/kernel';
import type { Draws } from '../chance.ts';
import type { Disk } from '../disk.ts';

/** What a planted defect may use: its own randomness, the member's database, and time of the process that it sits in. */
export interface Tools {
  readonly draws: Draws;
  readonly disk: Disk;
  /** Runs later, if the process still lives. */
  later(ms: number, run: () => void): void;
}

/** A defect that the simulation plants into every node at its seams, to see that its checks catch it. A node started otherwise has no such place. */
export interface Sabotage {
  readonly name: string;
  /** The defect in a sentence. */
  readonly does: string;
  /** What a node is made of, with the defect in it. */
  readonly plant?: (options: NodeOptions, tools: Tools) => NodeOptions;
  /** A node with the defect in it, of what a node is made of. */
  readonly build?: (options: NodeOptions, tools: Tools) => KernelNode;
  /** The node as others meet it, with the defect in it. */
  readonly wrap?: (node: KernelNode, tools: Tools) => KernelNode;
}

type Plant = NonNullable<Sabotage['plant']>;

/** Replaces calls of the store. */
export function store(change: (store: Store, tools: Tools) => Partial<Store>): Plant {
  return (options, tools) => ({
    ...options,
    store: { ...options.store, ...change(options.store, tools) },
  });
}

/** Changes commits before they are written; one that is written again is changed the same way. */
export function commits(change: (commit: Commit, tools: Tools) => Partial<Commit>): Plant {
  return store((inner, tools) => {
    const changed = new WeakMap<Commit, Commit>();
    return {
      commit: (commit) => {
        const found = changed.get(commit) ?? { ...commit, ...change(commit, tools) };
        changed.set(commit, found);
        return inner.commit(found);
      },
    };
  });
}

/** Without one of the rows, now and then. */
export function without<T>(rows: readonly T[], { draws }: Tools): readonly T[] {
  return rows.length > 0 && draws.happens(0.1) ? rows.toSpliced(draws.whole(0, rows.length - 1), 1) : rows;
}

/** All rows, now and then one of them changed. */
export function altered<T>(rows: readonly T[], { draws }: Tools, change: (row: T) => T): readonly T[] {
  if (rows.length === 0 || !draws.happens(0.1)) return rows;
  const chosen = draws.whole(0, rows.length - 1);
  return rows.map((row, index) => (index === chosen ? change(row) : row));
}
