import { fromUtf8 } from '../exchange/bytes.ts';
import type { Directory } from '../exchange/directory.ts';
import { DirectoryChain, type Taken } from '../exchange/directory-chain.ts';
import { instantMs } from '../exchange/instant.ts';
import { readSigned, type SignedDirectory } from '../exchange/signed-directory.ts';
import { freshId, itemFor } from '../runtime/door.ts';
import type { Environment } from '../runtime/environment.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import type { Counter } from './counter.ts';
import { storedDirectories, toldOf, versionIn } from './directory-store.ts';

/** What a node's directories need besides its loops. */
export interface DirectoriesParts {
  readonly env: Environment;
  readonly writers: readonly PartitionWriter[];
  readonly counter: Counter;
  /** Versions given at the start, oldest first. */
  readonly given: readonly SignedDirectory[];
  /** Another version is in force. */
  readonly changed: (before: Directory, now: Directory) => void;
  /** A version was taken into the chain. */
  readonly keep: (signed: SignedDirectory) => void;
}

/** Clocks of members may differ by so much (B13): a version that a peer uses already is in force here too. */
const skewMs = 300_000;
/** Most steps fetched of a peer in one go, and how long a peer without them is not asked again. */
const stepsMax = 200;
const deafMs = 5_000;
const hourMs = 3_600_000;

/**
 * The region's directory while the node runs (B8): versions are verified, stored in every partition by broadcast (K6), and in force
 * from their time on. Never lowered; a second version of one number is kept as proof.
 */
export class Directories {
  readonly #parts: DirectoriesParts;
  #chain: DirectoryChain;
  readonly #conflicts: SignedDirectory[] = [];
  /** Newest version that all partitions held here have stored, and one that a peer uses ahead of our clock. */
  #durable = 0;
  #ahead = 0;
  #line: Promise<unknown> = Promise.resolve();
  readonly #asked = new Map<string, Promise<boolean>>();
  readonly #deaf = new Map<string, number>();
  #stopped = true;
  #timers: (() => void)[] = [];

  constructor(parts: DirectoriesParts) {
    this.#parts = parts;
    this.#chain = chainOf(parts.given, parts.env.suites);
    this.#durable = this.#chain.newest.directory.version;
  }

  get chain(): DirectoryChain {
    return this.#chain;
  }
  get conflicts(): readonly SignedDirectory[] {
    return this.#conflicts;
  }

  /** What the database has goes before what was given: a version once seen is never lowered. */
  async open(): Promise<void> {
    const { env, given } = this.#parts;
    const { versions, conflicts } = await storedDirectories(env.store);
    this.#conflicts.splice(0, this.#conflicts.length, ...conflicts);
    if (versions.length > 0) this.#chain = chainOf(versions, env.suites);
    const doubtful: SignedDirectory[] = [];
    for (const signed of given) {
      const taken = this.#chain.take(signed);
      if (taken.is === 'conflict') doubtful.push(signed);
      else if (taken.is === 'refused' || taken.is === 'gap')
        env.log.warn('a directory that was given does not stand', { version: signed.directory.version });
    }
    for (const signed of doubtful) this.#contradicted(signed);
    this.#durable = this.#chain.newest.directory.version;
    // Partitions open with the epoch of their streams known.
    this.#activate();
    for (const signed of this.#chain.all) this.#parts.keep(signed);
  }

  /** Each partition learns the versions that it lacks; from now on they are followed. */
  async start(): Promise<void> {
    this.#stopped = false;
    for (const { partition } of this.#parts.writers) await this.bring(partition);
    for (const signed of this.#conflicts) await this.#tell('conflict', signed, 0);
    this.#activate();
    this.#poll();
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#timers.splice(0)) cancel();
  }

  /** What a partition lacks: the newest versions; partition 0 holds all of them. */
  async bring(partition: number): Promise<void> {
    const { store } = this.#parts.env;
    const known = await versionIn(store, partition);
    const stored = partition === 0 ? (await storedDirectories(store)).versions : [];
    const has = new Set(stored.map(({ directory }) => directory.version));
    const { version: since } = this.#chain.inForce(this.#parts.env.clock.now(), this.#durable).directory;
    for (const signed of this.#chain.all) {
      const { version } = signed.directory;
      const lacks = partition === 0 ? !has.has(version) : version > known && version >= since;
      if (lacks) await this.#tell('version', signed, partition);
    }
  }

  /** Verifies versions and takes them in, one caller after another. The result is the last version's. */
  take(list: readonly SignedDirectory[]): Promise<Taken> {
    const run = async (): Promise<Taken> => {
      let last: Taken = { is: 'known' };
      for (const signed of list) {
        last = this.#chain.take(signed);
        if (last.is === 'conflict') this.#contradicted(signed);
        if (last.is !== 'taken') continue;
        for (const { partition } of this.#parts.writers) await this.#tell('version', signed, partition);
        this.#durable = signed.directory.version;
        this.#parts.keep(signed);
        this.#parts.env.log.info('directory taken', { version: signed.directory.version });
      }
      this.#activate();
      return last;
    };
    const taken = this.#line.then(run);
    this.#line = taken.catch(() => undefined);
    return taken;
  }

  /** Fetches from a peer what it uses and we lack; whether `version` is in force here now. */
  async fetch(peer: string, version: number): Promise<boolean> {
    const { env } = this.#parts;
    if (this.#chain.newest.directory.version < version) {
      if (env.clock.monotonic() < (this.#deaf.get(peer) ?? 0)) return false;
      const asked = this.#asked.get(peer) ?? this.#steps(peer, version);
      this.#asked.set(peer, asked);
      if (!(await asked)) return false;
    }
    await this.#line;
    if (this.#chain.startsMs(version) > env.clock.now() + skewMs) return false;
    this.#ahead = Math.max(this.#ahead, version);
    this.#activate();
    return env.directory.version >= version;
  }

  async #steps(peer: string, upto: number): Promise<boolean> {
    try {
      for (let step = 0; step < stepsMax && this.#chain.newest.directory.version < upto; step += 1) {
        const next = this.#chain.newest.directory.version + 1;
        const taken = await this.#step(peer, next);
        if (taken?.is === 'refused' && taken.code === 'wrong-prev') await this.#step(peer, next - 1);
        if (taken?.is !== 'taken' && taken?.is !== 'known') break;
      }
      const isThere = this.#chain.newest.directory.version >= upto;
      if (!isThere) this.#deaf.set(peer, this.#parts.env.clock.monotonic() + deafMs);
      return isThere;
    } finally {
      this.#asked.delete(peer);
    }
  }

  async #step(peer: string, version: number): Promise<Taken | undefined> {
    const { env } = this.#parts;
    const answer = await env.peers.ask(peer, `directory/${version}`).catch(() => undefined);
    if (answer?.status !== 200) return undefined;
    const read = readSigned(parsed(answer.body));
    if (!read.ok) return undefined;
    const taken = await this.take([read.signed]);
    if (taken.is === 'refused')
      env.log.warn('a peer’s directory refused', { peer, version, code: taken.code });
    return taken;
  }

  /** Asks a peer now and then for the next version: one that hides it is not the only one that has it. */
  #poll(): void {
    const { env } = this.#parts;
    this.#later(env.limits.directoryMs, () => {
      const others = env.directory.members.filter(({ code }) => code !== env.scene.here);
      const peer = others[Math.floor(env.chance.unit() * others.length)]?.code;
      const next = this.#chain.newest.directory.version + 1;
      if (peer !== undefined) void this.#step(peer, next).catch(() => undefined);
      this.#activate();
      this.#poll();
    });
  }

  /** The newest durable version whose time has come is in force. */
  #activate(): void {
    const { env, changed } = this.#parts;
    const nowMs = env.clock.now();
    const ahead = Math.min(this.#ahead, this.#durable);
    const byTime = this.#chain.inForce(nowMs, this.#durable);
    const { directory } = byTime.directory.version >= ahead ? byTime : (this.#chain.at(ahead) ?? byTime);
    const before = env.directory;
    if (directory.version > before.version) {
      env.directory = directory;
      env.log.info('directory in force', { version: directory.version });
      changed(before, directory);
    }
    const next = this.#chain.at(directory.version + 1);
    const dueMs = (instantMs(next?.directory.issued ?? '') ?? 0) - nowMs;
    if (next && dueMs > 0 && !this.#stopped) this.#later(Math.min(dueMs, hourMs), () => this.#activate());
  }

  #contradicted(signed: SignedDirectory): void {
    const { version } = signed.directory;
    const isKept = this.#conflicts.some((one) => one.directory.version === version);
    if (isKept) return;
    this.#conflicts.push(signed);
    this.#parts.env.log.error('directory fork', { version });
    if (!this.#stopped) void this.#tell('conflict', signed, 0).catch(() => undefined);
  }

  /** Durable at a partition held here; another process brings it to those it holds. */
  async #tell(is: 'version' | 'conflict', signed: SignedDirectory, partition: number): Promise<void> {
    const { env, writers, counter } = this.#parts;
    const data = toldOf(is, signed);
    while (!this.#stopped && writers[partition]?.state) {
      const id = freshId(env);
      const actor = { id: 'node', roles: [] };
      const wish = { type: 'kernel/directory', id, subject: `partition:${partition}`, data, actor };
      const { answer } = await counter.submit(itemFor(env, wish, data), false);
      if (answer.state !== 'busy') return;
      await new Promise<void>((resolve) => env.clock.after(answer.retryAfterMs, resolve));
    }
  }

  #later(ms: number, run: () => void): void {
    if (this.#stopped) return;
    const cancel = this.#parts.env.clock.after(ms, () => {
      this.#timers = this.#timers.filter((one) => one !== cancel);
      if (!this.#stopped) run();
    });
    this.#timers.push(cancel);
  }
}

/** A chain of versions that were verified before; what does not follow is left out. */
function chainOf(versions: readonly SignedDirectory[], suites: Environment['suites']): DirectoryChain {
  const [first, ...rest] = versions;
  if (!first) throw new Error('a node needs a directory');
  const chain = new DirectoryChain(first, suites);
  for (const signed of rest) chain.take(signed);
  return chain;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(body) ?? '');
  } catch {
    return undefined;
  }
}
