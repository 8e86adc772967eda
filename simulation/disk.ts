import { type Commit, type CommitResult, MemoryDatabase } from '@yitong/kernel';

/** How a commit goes wrong, as the store in memory knows it. */
export type CommitFault = 'again' | 'full' | 'cut' | 'lost' | 'late';

/** A member's database: it outlives its processes, and each commit that is written is seen. */
export class Disk extends MemoryDatabase {
  readonly #written: (commit: Commit) => void;
  /** The last commit that the database undid because its machine died in the middle of it. */
  torn: Commit | undefined;

  constructor(options: ConstructorParameters<typeof MemoryDatabase>[0], written: (commit: Commit) => void) {
    super(options);
    this.#written = written;
  }

  override apply(commit: Commit): CommitResult {
    const result = super.apply(commit);
    if (result.result === 'done') this.#written(commit);
    return result;
  }
}

/** All tables of one partition. */
export type Tables = ReturnType<MemoryDatabase['partition']>;
