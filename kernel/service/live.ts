import type { LiveEvent } from '../api.ts';
import type { Environment } from '../runtime/environment.ts';
import { recordView } from '../runtime/outcomes.ts';
import type { RecordRow } from '../store/rows.ts';
import type { Siblings } from './siblings.ts';

/** Which changes a listener wants: of one type, of one subject or of all. */
export interface LiveFilter {
  readonly type: string;
  readonly subject?: string;
}

interface Listening {
  readonly filter: LiveFilter;
  readonly listener: (event: LiveEvent) => void;
  readonly missed: () => void;
}

/** Beats without a sign after which another process is no longer told of changes; one that is dead is found out by the first. */
const patienceBeats = 60;

/** Tells listeners what changed, from memory after COMMIT (K50): in this process, and in those that say that they follow it. */
export class Live {
  readonly #env: Environment;
  readonly #siblings: Siblings;
  readonly #listeners = new Set<Listening>();
  /** Other processes that want changes of these types, by address. */
  readonly #followers = new Map<string, { readonly types: ReadonlySet<string>; readonly until: number }>();
  /** Those that are followed. */
  readonly #followed = new Set<string>();
  #beating = false;

  constructor(env: Environment, siblings: Siblings) {
    this.#env = env;
    this.#siblings = siblings;
  }

  /** What takes the listener off again. `missed`: changes may have been made that it was not told of. */
  subscribe(filter: LiveFilter, listener: (event: LiveEvent) => void, missed: () => void): () => void {
    const entry = { filter, listener, missed };
    this.#listeners.add(entry);
    if (this.#siblings.are && !this.#beating) void this.#beat();
    else if (this.#siblings.are) void this.#announce();
    return () => this.#listeners.delete(entry);
  }

  committed(partition: number, rows: readonly RecordRow[]): void {
    this.tell(partition, rows);
    const now = this.#env.clock.monotonic();
    for (const [address, { types, until }] of this.#followers) {
      const wanted = rows.filter(({ type }) => types.has(type));
      if (until < now) this.#followers.delete(address);
      else if (wanted.length > 0)
        void this.#siblings
          .tell(address, 0, 'live', partition, wanted)
          .catch(() => this.#followers.delete(address));
    }
  }

  /** Changes, committed here or in another process. */
  tell(partition: number, rows: readonly RecordRow[]): void {
    if (this.#listeners.size > 0) for (const row of rows) this.#tell(row, partition);
  }

  /** Another process wants changes of these types for the next beats; true when it was not told of some of them until now. */
  follow(address: string, types: readonly string[]): boolean {
    const before = this.#followers.get(address)?.types;
    const until = this.#env.clock.monotonic() + patienceBeats * this.#env.limits.beatMs;
    this.#followers.set(address, { types: new Set(types), until });
    return types.some((type) => !before?.has(type));
  }

  stop(): void {
    this.#listeners.clear();
  }

  async #beat(): Promise<void> {
    this.#beating = true;
    while (this.#listeners.size > 0) {
      await this.#announce();
      await new Promise<void>((resolve) => this.#env.clock.after(this.#env.limits.beatMs, resolve));
    }
    this.#beating = false;
  }

  /** Says to every other process what is wanted here. */
  async #announce(): Promise<void> {
    const own = this.#siblings.address ?? '';
    const types = [...new Set([...this.#listeners].map(({ filter }) => filter.type))];
    const { addresses } = this.#siblings;
    const asked = addresses.map(async (address) => {
      const isNew = await this.#siblings.tell(address, 0, 'follow', own, types).catch(() => undefined);
      if (isNew === undefined) return;
      this.#followed.add(address);
      if (isNew) this.#missed();
    });
    await Promise.all(asked);
    // What it committed last may have died with it.
    for (const gone of [...this.#followed].filter((address) => !addresses.includes(address))) {
      this.#followed.delete(gone);
      this.#missed();
    }
  }

  #missed(): void {
    for (const { missed } of [...this.#listeners]) missed();
  }

  #tell(row: RecordRow, partition: number): void {
    const event = {
      id: `${partition}.${row.at}.0`,
      type: row.type,
      subject: row.subject,
      record: row.body === null ? undefined : recordView(row, partition),
    };
    for (const { filter, listener } of this.#listeners)
      if (filter.type === row.type && (filter.subject === undefined || filter.subject === row.subject))
        listener(event);
  }
}
