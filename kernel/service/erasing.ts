import { afterInstant } from '@yitong/kit';
import { streamOf } from '../exchange/message.ts';
import type { Suite } from '../exchange/suite.ts';
import { leafOf } from '../journal/chain.ts';
import { entryJson, type PackedEntry, packEntries, unpackEntries } from '../journal/entries.ts';
import { goneBytes, type Remnant } from '../journal/remnant.ts';
import type { Environment } from '../runtime/environment.ts';
import { positionOf } from '../runtime/ids.ts';
import { isUrgent, parseOwn } from '../runtime/open.ts';
import { partitionOf } from '../runtime/partition.ts';
import type { BodyRow, ConversationRow, RecordRow } from '../store/rows.ts';
import type { Erasure, JournalBatch, Miss } from '../store/store.ts';
import type { Standing } from './standing-entries.ts';

/** A record whose term is over though it is there: it is to be taken away first. */
export interface Expired {
  readonly type: string;
  readonly subject: string;
  readonly id: string;
  readonly at: number;
  readonly changed: number;
}

/** What looking at one body of the journal found. */
export interface Looked {
  /** Undefined when nothing of it can be erased yet. */
  readonly erasure: Erasure | undefined;
  readonly erased: number;
  readonly expired: readonly Expired[];
  /** Commands whose conversations ended and are to name nobody any more. */
  readonly ended: readonly string[];
}

interface Living {
  readonly records: ReadonlyMap<string, RecordRow>;
  readonly conversations: ReadonlyMap<string, ConversationRow>;
}

/** One body whose term is over: which of its entries something still stands on, and what is left of the others (K27). */
export class Erasing {
  readonly #env: Environment;
  readonly #suite: Suite;
  readonly #standing: Standing;
  readonly #batch: JournalBatch;
  readonly #body: BodyRow;
  readonly #expired: Expired[] = [];
  readonly #ended: string[] = [];

  constructor(env: Environment, suite: Suite, standing: Standing, batch: JournalBatch, body: BodyRow) {
    this.#env = env;
    this.#suite = suite;
    this.#standing = standing;
    this.#batch = batch;
    this.#body = body;
  }

  async look(): Promise<Looked> {
    const entries = unpackEntries(this.#body.body);
    const living = await this.#living(entries);
    const kept: PackedEntry[] = [];
    const left: PackedEntry[] = [];
    for (const entry of entries)
      if (await this.#stays(entry, living)) kept.push(entry);
      else left.push({ index: entry.index, kind: 'gone', bytes: this.#remains(entry) });
    const found = { erased: left.length, expired: this.#expired, ended: this.#ended };
    if (left.length === 0) return { ...found, erasure: undefined };
    const { deflate } = this.#env.scene;
    const before = this.#batch.bodies.find((one) => one.class === 'gone');
    const gone = packEntries([...(before ? unpackEntries(before.body) : []), ...left], deflate);
    const erasure = {
      body: this.#body,
      kept: kept.length === 0 ? undefined : packEntries(kept, deflate),
      gone,
    };
    return { ...found, erasure };
  }

  /** The rows that the body's puts may still be the newest of. */
  async #living(entries: readonly PackedEntry[]): Promise<Living> {
    const misses: Miss[] = [];
    for (const put of entries.filter((entry) => entry.kind === 'put').map(entryJson)) {
      if (put['put'] === 'record' && this.#env.scene.registry.record(String(put['type'])))
        misses.push({ table: 'records', type: String(put['type']), subject: String(put['subject']) });
      if (put['put'] === 'conversation')
        misses.push({ table: 'conversation', command: String(put['command']) });
    }
    if (misses.length === 0) return { records: new Map(), conversations: new Map() };
    const loaded = await this.#env.store.load(this.#standing.partition, misses);
    return {
      records: new Map(loaded.records.map((row) => [recordKey(row), row])),
      conversations: new Map(loaded.conversations.map((row) => [row.command, row])),
    };
  }

  async #stays(entry: PackedEntry, living: Living): Promise<boolean> {
    const at = positionOf(this.#body.seq, entry.index);
    if (entry.kind === 'put') return this.#putStays(at, entryJson(entry), living);
    if (entry.kind !== 'in' && entry.kind !== 'out' && entry.kind !== 'route') return true;
    const { id, to, subject } = parseOwn(entry.bytes);
    if (this.#standing.held.has(at) || this.#standing.awaited.has(id)) return true;
    if (entry.kind === 'out') return at > (this.#standing.receipted.get(to) ?? Number.POSITIVE_INFINITY);
    if (entry.kind === 'in') return false;
    return at > (this.#standing.routed[partitionOf(subject, this.#env.scene.partitions)] ?? 0);
  }

  async #putStays(at: number, put: Readonly<Record<string, unknown>>, living: Living): Promise<boolean> {
    switch (put['put']) {
      case 'record':
        return this.#recordStays(at, put, living);
      case 'conversation':
        return this.#conversationStays(put, living);
      case 'timer':
        return this.#standing.timers.has(at);
      case 'held':
        return this.#standing.held.has(Number(put['at']));
      default:
        return false;
    }
  }

  async #recordStays(at: number, put: Readonly<Record<string, unknown>>, living: Living): Promise<boolean> {
    const { type, subject, id, owner, home, body, previous } = put;
    const record = this.#env.scene.registry.record(String(type));
    if (!record) return true;
    // While an older version is there, that it was taken away must be there too.
    if (body === null) return this.#standing.isThere(Number(previous));
    const row = living.records.get(recordKey({ type, subject, id, owner }));
    if (row?.at !== at) return false;
    const changed = this.#batch.row.now;
    const isOver = afterInstant(changed, record.keep) <= this.#env.clock.now();
    const isBlocked = this.#standing.blocked.has(String(subject));
    if (isOver && !isBlocked && owner === '' && home === true)
      this.#expired.push({ type: record.type, subject: String(subject), id: String(id), at, changed });
    return true;
  }

  #conversationStays(put: Readonly<Record<string, unknown>>, living: Living): boolean {
    const row = living.conversations.get(String(put['command']));
    if (row?.at !== positionOf(this.#body.seq, 0)) return false;
    if (row.state !== 'open') this.#ended.push(row.command);
    return true;
  }

  #remains(entry: PackedEntry): Uint8Array {
    return goneBytes(leafOf(this.#suite, entry), this.#remnant(entry));
  }

  #remnant(entry: PackedEntry): Remnant {
    if (entry.kind === 'put') return putRemnant(entryJson(entry));
    const { partitions, streams } = this.#env.scene;
    const message = parseOwn(entry.bytes);
    const { id, to, subject } = message;
    if (entry.kind === 'route') return { was: 'route', id, partition: partitionOf(subject, partitions) };
    if (entry.kind !== 'out') return { was: 'in', id };
    const lane = isUrgent(this.#env, message) ? 'urgent' : 'main';
    return { was: 'out', id, to, stream: streamOf(lane, subject, streams) };
  }
}

function putRemnant({ put, at, previous, body, command }: Readonly<Record<string, unknown>>): Remnant {
  if (put === 'held') return { was: 'put', held: Number(at) };
  if (put === 'conversation') return { was: 'put', conversation: String(command) };
  if (put !== 'record') return { was: 'put' };
  return { was: 'put', previous: Number(previous), ...(body === null ? { removed: true } : {}) };
}

function recordKey(row: Readonly<Record<'type' | 'subject' | 'id' | 'owner', unknown>>): string {
  return [row.type, row.subject, row.id, row.owner].map(String).join('\n');
}
