import { createHash } from 'node:crypto';
import { fileRecord } from '../blobs/blob.ts';
import type { FileRef } from '../blobs/mentions.ts';
import type { Environment } from '../runtime/environment.ts';
import { decodeRecord } from '../runtime/view.ts';
import { type BlobStore, pieceBytes } from '../store/blob-store.ts';
import type { RecordRow } from '../store/rows.ts';
import { pieces } from './blob-pieces.ts';

/** Files fetched at a time. */
const atOnce = 2;

/** What came of one try. `wrong`: other bytes than the message named. */
type Tried = 'here' | 'later' | 'wrong' | 'refused';

interface Wanted {
  readonly file: FileRef;
  readonly from: string;
  tries: number;
  wrong: number;
}

/** Tries at other bytes than were named, before their member is taken to have none. */
const wrongMax = 3;

/** Fetches files from the members whose messages name them; goes on where it stopped, and takes nothing that has another hash. */
export class BlobFetcher {
  readonly #env: Environment;
  readonly #tell: (sha256: string, state: 'here' | 'refused') => Promise<unknown>;
  readonly #wanted = new Map<string, Wanted>();
  readonly #underWay = new Set<string>();
  readonly #waits = new Map<string, () => void>();
  #stopped = true;

  constructor(env: Environment, tell: (sha256: string, state: 'here' | 'refused') => Promise<unknown>) {
    this.#env = env;
    this.#tell = tell;
  }

  start(): void {
    this.#stopped = false;
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#waits.values()) cancel();
    this.#waits.clear();
    this.#wanted.clear();
  }

  want(row: RecordRow): void {
    const { file, from } = decodeRecord(fileRecord, row);
    if (this.#stopped || from === null || this.#wanted.has(file.sha256)) return;
    this.#wanted.set(file.sha256, { file, from, tries: 0, wrong: 0 });
    this.#next();
  }

  /** Nobody needs it any more. */
  forget(sha256: string): void {
    this.#wanted.delete(sha256);
    this.#waits.get(sha256)?.();
    this.#waits.delete(sha256);
  }

  #next(): void {
    for (const [sha256, wanted] of this.#wanted) {
      if (this.#underWay.size >= atOnce) return;
      if (this.#underWay.has(sha256) || this.#waits.has(sha256)) continue;
      this.#underWay.add(sha256);
      void this.#once(wanted).finally(() => {
        this.#underWay.delete(sha256);
        if (!this.#stopped) this.#next();
      });
    }
  }

  async #once(wanted: Wanted): Promise<void> {
    const { file, from } = wanted;
    const facts = { sha256: file.sha256.slice(0, 12), from };
    try {
      const tried = await this.#try(wanted);
      if (this.#stopped) return;
      if (tried === 'wrong') this.#env.log.warn('a file had another content', facts);
      const isOver = tried === 'refused' || (tried === 'wrong' && ++wanted.wrong >= wrongMax);
      if (tried === 'here' || isOver) {
        await this.#tell(file.sha256, isOver ? 'refused' : 'here');
        this.#wanted.delete(file.sha256);
        return;
      }
    } catch (error) {
      this.#env.log.info('a file did not come', { ...facts, error: String(error) });
    }
    this.#later(wanted);
  }

  /** The same back-off as frames have (B5). */
  #later(wanted: Wanted): void {
    if (this.#stopped || !this.#wanted.has(wanted.file.sha256)) return;
    const { clock, chance, limits } = this.#env;
    const most = Math.min(limits.backOffMs * 2 ** Math.min(wanted.tries++, 20), limits.backOffMaxMs);
    const { sha256 } = wanted.file;
    const cancel = clock.after(most * (0.5 + chance.unit()), () => {
      this.#waits.delete(sha256);
      this.#next();
    });
    this.#waits.set(sha256, cancel);
  }

  async #try({ file: { sha256, size }, from: peer }: Wanted): Promise<Tried> {
    const { peers } = this.#env;
    const blobs = this.#store;
    if (await blobs.find(sha256)) return 'here';
    const name = `from ${sha256}`;
    const hash = createHash('sha256');
    let at = await this.#hashed(name, hash);
    if (at < size || size === 0) {
      const answer = await peers.blob?.(peer, sha256, at);
      if (answer?.status === 410) return 'refused';
      if (answer?.status !== 200) return 'later';
      for await (const piece of pieces(answer.bytes)) {
        if (at + piece.length > size) return this.#wrong(name);
        // A short piece before the end is the rest of a connection that was cut.
        if (piece.length < pieceBytes && at + piece.length < size) return 'later';
        hash.update(piece);
        await blobs.write(name, at, piece);
        at += piece.length;
        if (this.#stopped) return 'later';
      }
    }
    if (at < size) return 'later';
    if (at > size || hash.digest('hex') !== sha256) return this.#wrong(name);
    await blobs.finish(name, { sha256, size });
    return 'here';
  }

  get #store(): BlobStore {
    const { blobs } = this.#env;
    if (!blobs) throw new Error('this node keeps no files');
    return blobs;
  }

  /** Nothing of it is kept: which byte is at fault nobody can tell. */
  async #wrong(name: string): Promise<Tried> {
    await this.#store.abandon(name);
    return 'wrong';
  }

  /** Hash of what an earlier try left, and how much that is. */
  async #hashed(name: string, hash: ReturnType<typeof createHash>): Promise<number> {
    for (let at = 0; ; at += pieceBytes) {
      const piece = await this.#store.piece({ name }, at);
      if (!piece) return at;
      hash.update(piece);
      if (piece.length < pieceBytes) return at + piece.length;
    }
  }
}
