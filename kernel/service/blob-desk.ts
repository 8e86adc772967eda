import { createHash } from 'node:crypto';
import { f, type Problem, problem } from '@yitong/kit';
import type { Actor } from '../api.ts';
import { fileRecord } from '../blobs/blob.ts';
import type { FileRef } from '../blobs/mentions.ts';
import { freshId, itemFor } from '../runtime/door.ts';
import type { Environment } from '../runtime/environment.ts';
import { partitionOf } from '../runtime/partition.ts';
import { decodeRecord } from '../runtime/view.ts';
import type { BlobAnswer } from '../seams.ts';
import { type BlobStore, pieceBytes } from '../store/blob-store.ts';
import type { RecordRow } from '../store/rows.ts';
import { BlobFetcher } from './blob-fetcher.ts';
import { pieces } from './blob-pieces.ts';
import { NodeBusy } from './busy.ts';
import type { Counter } from './counter.ts';

const dayMs = 86_400_000;

/** A file as somebody brings it. */
export interface BlobWish {
  readonly type: string;
  readonly name: string;
  /** Citizen number of whom it concerns. */
  readonly person?: string;
  readonly purpose: string;
  readonly actor: Actor;
}

/** What became of a file that was brought. */
export type BlobKept =
  | { readonly ok: true; readonly file: FileRef }
  | { readonly ok: false; readonly problem: Problem };

/** A file and its bytes from one on. */
export interface BlobGiven {
  readonly file: FileRef;
  readonly size: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Files of this node: brought at its door, fetched from members whose messages name them, given to members that may have them (B10). */
export interface BlobDesk {
  /** Takes a file, as a stream of which one piece is in memory. Errors: `NodeBusy`. */
  keep(wish: BlobWish, bytes: AsyncIterable<Uint8Array>): Promise<BlobKept>;
  /** A file that is here, from a byte on; who may see it is for the door to know. */
  open(sha256: string, from: number): Promise<BlobGiven | undefined>;
  /** What is known of a file: undefined when nothing is. */
  state(sha256: string): Promise<{ readonly state: string; readonly by: string | null } | undefined>;
  /** A member asks for a file: its bytes from one on, once the access row is durable; else a status and a code. */
  give(peer: string, sha256: string, from: number): Promise<BlobAnswer>;
}

/** The desk, and what the node tells it. */
export class Blobs implements BlobDesk {
  readonly #env: Environment;
  readonly #counter: Counter;
  readonly #fetcher: BlobFetcher;
  #stopSweep: () => void = () => undefined;

  constructor(env: Environment, counter: Counter) {
    this.#env = env;
    this.#counter = counter;
    this.#fetcher = new BlobFetcher(env, (sha256, state) => this.#tell('fetched', sha256, { sha256, state }));
  }

  /** Goes on with what is wanted, lets go of what is no longer needed. */
  async start(): Promise<void> {
    if (this.#env.blobs === undefined) return;
    this.#fetcher.start();
    for await (const row of this.#rows('wanted')) this.#fetcher.want(row);
    this.#sweep();
  }

  stop(): void {
    this.#stopSweep();
    this.#fetcher.stop();
  }

  /** A batch wrote these records. */
  committed(rows: readonly RecordRow[]): void {
    for (const row of rows) {
      if (row.type !== fileRecord.type || row.body === null) continue;
      const { state, file } = decodeRecord(fileRecord, row);
      if (state === 'wanted') this.#fetcher.want(row);
      if (state !== 'gone') continue;
      this.#fetcher.forget(file.sha256);
      this.#dropped(file.sha256);
    }
  }

  async keep(wish: BlobWish, bytes: AsyncIterable<Uint8Array>): Promise<BlobKept> {
    const blobs = this.#store;
    const name = freshId(this.#env);
    const hash = createHash('sha256');
    let size = 0;
    try {
      for await (const piece of pieces(bytes)) {
        if (size + piece.length > this.#env.limits.blobBytes) return await this.#tooLarge(name);
        hash.update(piece);
        await blobs.write(name, size, piece);
        size += piece.length;
      }
    } catch (error) {
      await blobs.abandon(name);
      throw error;
    }
    const file = f.blob.parse({ sha256: hash.digest('hex'), size, type: wish.type, name: wish.name });
    await blobs.finish(name, { sha256: file.sha256, size });
    const { actor, person = null, purpose } = wish;
    await this.#tell('keep', file.sha256, { file, by: actor.id, person, purpose });
    return { ok: true, file };
  }

  async open(sha256: string, from: number): Promise<BlobGiven | undefined> {
    const known = await this.#file(sha256);
    const stored = known?.state === 'here' ? await this.#store.find(sha256) : undefined;
    if (!known || !stored) return undefined;
    return { file: known.file, size: stored.size, bytes: this.#bytes(sha256, from) };
  }

  async state(sha256: string) {
    const known = await this.#file(sha256);
    return known && { state: known.state, by: known.by };
  }

  async give(peer: string, sha256: string, from: number): Promise<BlobAnswer> {
    const refused = await this.#tell('give', sha256, { sha256, member: peer, from });
    const given = refused === undefined ? await this.open(sha256, from) : undefined;
    if (given) return { status: 200, size: given.size, bytes: given.bytes };
    const code = refused ?? 'not-here';
    const status = { 'not-granted': 403, 'hold-over': 410, held: 503 }[code] ?? 404;
    return { status, code, bytes: nothing() };
  }

  get #store(): BlobStore {
    const { blobs } = this.#env;
    if (!blobs) throw new Error('this node keeps no files');
    return blobs;
  }

  async #tooLarge(name: string): Promise<BlobKept> {
    await this.#store.abandon(name);
    const most = this.#env.limits.blobBytes / 1024 / 1024;
    const why = { code: 'blob-too-large', status: 413, title: `A file has at most ${most} MiB` } as const;
    return { ok: false, problem: problem({ ...why, remedy: 'Make it smaller, or divide it.' }) };
  }

  /** A whole file from a byte on; a file that was dropped meanwhile ends early, which its reader sees by the length. */
  async *#bytes(sha256: string, from: number): AsyncIterable<Uint8Array> {
    for (let at = from - (from % pieceBytes); ; at += pieceBytes) {
      const piece = await this.#store.piece({ sha256 }, at);
      if (!piece) return;
      yield at < from ? piece.subarray(from - at) : piece;
    }
  }

  /** Gives the node's own command about a file; resolves once durable, with the code of a refusal. */
  async #tell(name: string, sha256: string, data: unknown): Promise<string | undefined> {
    const actor: Actor = { id: 'node', roles: ['kernel'] };
    const wish = { type: `blob/${name}`, id: freshId(this.#env), subject: `blob:${sha256}`, data, actor };
    const { answer, did } = await this.#counter.submit(itemFor(this.#env, wish, data), false);
    if (answer.state === 'busy') throw new NodeBusy(answer.problem.title, answer.retryAfterMs);
    if (did?.refusal !== undefined) return did.refusal;
    return answer.state === 'held' ? 'held' : undefined;
  }

  async #file(sha256: string) {
    const { partitions } = this.#env.scene;
    const subject = `blob:${sha256}`;
    const row = await this.#env.reader.record(fileRecord.type, subject, '', partitionOf(subject, partitions));
    return row && row.body !== null ? decodeRecord(fileRecord, row) : undefined;
  }

  async *#rows(state: string): AsyncIterable<RecordRow> {
    let after: string | undefined;
    do {
      const where = [{ field: 'state', is: '=', value: state }] as const;
      const page = await this.#env.reader.list({
        ...{ type: fileRecord.type, where, sort: undefined, limit: 200, after, owner: 'own' },
      });
      yield* page.rows;
      after = page.next;
    } while (after !== undefined);
  }

  #dropped(sha256: string): void {
    void this.#env.blobs
      ?.drop(sha256)
      .catch((error: unknown) => this.#env.log.warn('file not dropped', { error: String(error) }));
  }

  /** Once at the start and once a day: bytes whose file is gone, or that nobody finished. */
  #sweep(): void {
    void this.#sweepOnce().catch((error: unknown) =>
      this.#env.log.warn('files not swept', { error: String(error) }),
    );
    this.#stopSweep = this.#env.clock.after(dayMs, () => this.#sweep());
  }

  async #sweepOnce(): Promise<void> {
    const blobs = this.#store;
    await blobs.sweep(this.#env.clock.now() - 7 * dayMs);
    for (let after = ''; ; ) {
      const page = await blobs.list(after);
      for (const { sha256 } of page)
        if ((await this.#file(sha256))?.state === 'gone') await blobs.drop(sha256);
      const last = page.at(-1);
      if (!last) return;
      after = last.sha256;
    }
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
