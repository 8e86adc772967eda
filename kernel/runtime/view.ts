import type { Account, Balance, CopiedRecord, Day, Instant, RecordType, SystemType, View } from '@yitong/kit';
import { decode, fen, instantOf, legalDay } from '@yitong/kit';
import type { RecordState } from '../records/cache.ts';
import type { Overlay } from '../records/overlay.ts';
import type { RecordRow } from '../store/rows.ts';
import type { Laws } from './law.ts';

/** What is the same for every message of a node. */
export interface Place {
  readonly here: string;
  readonly region: string;
  readonly members: readonly string[];
  readonly laws: Laws;
}

/** The message under way, as its handler's view tells it. */
export interface Context {
  readonly system: SystemType;
  readonly subject: string;
  readonly from: string;
  readonly id: string;
  readonly nowMs: number;
  readonly actor?: { readonly id: string; readonly roles: readonly string[] };
}

/** A handler's window on its subject: synchronous; a record not in memory stops the handler by a throw that counts. */
export class HandlerView implements View {
  readonly here: string;
  readonly from: string;
  readonly id: string;
  readonly key: string;
  readonly #members: () => readonly string[];
  readonly #place: Place;
  readonly #context: Context;
  readonly #overlay: Overlay;
  #today: Day | undefined;

  constructor(place: Place, context: Context, overlay: Overlay, members: () => readonly string[]) {
    this.#place = place;
    this.#context = context;
    this.#overlay = overlay;
    this.here = place.here;
    this.#members = members;
    this.from = context.from;
    this.id = context.id;
    this.key = context.subject.slice(context.subject.indexOf(':') + 1);
  }

  get members(): readonly string[] {
    return this.#members();
  }
  get now(): Instant {
    return instantOf(this.#context.nowMs);
  }
  get today(): Day {
    this.#today ??= legalDay(this.#context.nowMs);
    return this.#today;
  }
  get period(): string {
    return this.today.slice(0, 7);
  }
  get actor(): { readonly id: string; readonly roles: readonly string[] } | undefined {
    return this.#context.actor;
  }

  get<T>(record: RecordType<string, T>, key?: string): T | undefined {
    this.#own(record);
    if ((key === undefined) !== (record.each === undefined))
      throw new Error(`${record.type}: ${record.each ? 'needs' : 'takes no'} key`);
    const state = this.#overlay.record(record.type, this.#context.subject, key ?? '');
    return state ? decoded(record, state) : undefined;
  }

  all<T>(record: RecordType<string, T>): readonly T[] {
    this.#own(record);
    const states = this.#overlay.group(record.type, this.#context.subject);
    return states.filter((state) => state.row.owner === '').map((state) => decoded(record, state));
  }

  need<T>(record: RecordType<string, T>, key?: string): T {
    const found = this.get(record, key);
    if (found === undefined) throw new Error(`${record.type} is missing where it must be`);
    return found;
  }

  copy<T>(record: CopiedRecord<T>, about: string, key?: string): T | undefined {
    const subject = `${record.about.kind}:${about}`;
    const states = this.#overlay.group(record.type, subject);
    const state = states.find((one) => one.row.id === (key ?? ''));
    return state && decoded(record, state);
  }

  balance(account: Account): Balance {
    const row = this.#overlay.balance(account.id);
    return {
      debit: fen(row.debit),
      credit: fen(row.credit),
      heldDebit: fen(row.heldDebit),
      heldCredit: fen(row.heldCredit),
    };
  }

  law(on: Day, of?: string): object {
    return this.#place.laws.of(this.#context.system, of ?? this.here, on);
  }

  #own(record: RecordType): void {
    const kind = this.#context.subject.slice(0, this.#context.subject.indexOf(':'));
    if (record.about.kind !== kind)
      throw new Error(`${record.type} is about '${record.about.kind}', the handler's subject is '${kind}'`);
  }
}

/** The value in memory, decoded through its schema at the first use; an older body is lifted first. */
export function decoded<T>(record: RecordType<string, T>, state: RecordState): T {
  if (state.value === undefined && state.row.body !== null)
    state.value = decodeBody(record, state.row.body, state.row.schema);
  return state.value as T;
}

/** The value of a stored row that has a body. */
export function decodeRecord<T>(record: RecordType<string, T>, { body, schema }: RecordRow): T {
  return decodeBody(record, body ?? 'null', schema) as T;
}

/** JSON body → value. Errors: a body that its own schema refuses is a broken invariant. */
function decodeBody(record: RecordType, body: string, schema: number): unknown {
  let json: unknown = JSON.parse(body);
  if (schema < record.version && record.lift) json = record.lift(json, schema);
  const read = decode(record.schema, json);
  if (!read.success) throw read.error;
  return read.data;
}
