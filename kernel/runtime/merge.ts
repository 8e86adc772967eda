import { afterInstant, instantOf } from '@yitong/kit';
import { toUtf8 } from '../exchange/bytes.ts';
import { canonical, type JsonObject } from '../exchange/canonical.ts';
import type { Message } from '../exchange/message.ts';
import { leafHash } from '../journal/merkle.ts';
import type { Did } from '../journal/outcome.ts';
import { legs } from '../ledger/book.ts';
import type { RecordState } from '../records/cache.ts';
import type { AwaitedRow, ConversationRow, TimerRow } from '../store/rows.ts';
import { rememberAsked } from './asked.ts';
import type { Booking, Draft, Sending, Writing } from './draft.ts';
import { conversationOf, type Item, type Scene } from './handle.ts';
import { derivedId, positionOf } from './ids.ts';
import type { Slot } from './input.ts';
import { partitionOf } from './partition.ts';
import type { NodeScene } from './plan.ts';

/** A message with its bytes, on its way to a stream or another partition. */
export interface Outgoing {
  readonly message: Message;
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
  readonly urgent: boolean;
  readonly awaited: AwaitedRow | undefined;
  /** The data decoded, for a handler of this node. */
  readonly value: unknown;
}

/** A record written in this batch; its row gets its position when the batch is assembled. */
export interface Written {
  readonly state: RecordState;
  readonly previous: RecordState | null;
}

/** What one message added to the batch. */
export interface Merged {
  readonly written: readonly Written[];
  readonly local: readonly Item[];
  /** Awaited rows of messages handled in this same batch. */
  readonly localAwaited: readonly AwaitedRow[];
  readonly routes: readonly Outgoing[];
  readonly outs: readonly Outgoing[];
  readonly timers: readonly Omit<TimerRow, 'at'>[];
  readonly conversations: readonly ConversationRow[];
}

/** Turns drafts into rows and messages, and lets the overlay show them to the messages that follow. */
export class Merger {
  readonly #scene: Scene;
  readonly #node: NodeScene;
  readonly #seq: number;

  /** `seq`: number that the batch will have in the journal. */
  constructor(scene: Scene, node: NodeScene, seq: number) {
    this.#scene = scene;
    this.#node = node;
    this.#seq = seq;
  }

  merge(slot: Slot, outcome: Did['outcome'], draft: Draft): Merged {
    const item = slot.item;
    if (!item) throw new Error('nothing is merged for an input without a message');
    if (this.#forwards(item)) return { ...empty, outs: [this.#forwarded(item)] };
    const timers = [...draft.timers];
    const sent = draft.sendings.map((one, k) => this.#outgoing(one, item, k, draft.sendings, timers));
    const conversations = [...this.#conversation(item, outcome, draft), ...this.#emptied(draft)];
    const written = draft.writings.map((one) => this.#write(one));
    const at = positionOf(this.#seq, slot.index);
    for (const booking of draft.bookings) this.#book(booking, at);
    this.#holds(draft);
    for (const id of draft.answered) this.#scene.overlay.awaited.set(id, null);
    const { here } = this.#node;
    const own = sent.filter(
      (one) => partitionOf(one.message.subject, this.#node.partitions) === this.#scene.partition,
    );
    const local = own.filter((one) => one.message.to === here);
    return {
      written,
      local: local.map((one) => this.#localItem(one)),
      localAwaited: local.flatMap((one) => one.awaited ?? []),
      routes: sent.filter((one) => !own.includes(one)),
      outs: own.filter((one) => one.message.to !== here),
      timers,
      conversations,
    };
  }

  /** A routed message for a peer goes on into the stream of its subject here. */
  #forwards(item: Item): boolean {
    return item.message.to !== this.#node.here;
  }

  #forwarded({ message, bytes, leaf, route }: Item): Outgoing {
    const urgent = (route.is === 'message' || route.is === 'reply') && route.message.urgent;
    return { message, bytes, leaf, urgent, awaited: undefined, value: undefined };
  }

  #outgoing(
    sending: Sending,
    item: Item,
    k: number,
    all: readonly Sending[],
    timers: Omit<TimerRow, 'at'>[],
  ): Outgoing {
    const equal = all
      .slice(0, k)
      .filter((o) => o.to === sending.to && o.type === sending.type && o.subject === sending.subject);
    const id = derivedId(item.message.id, sending.to, sending.type, sending.subject, equal.length);
    const data = sending.text;
    const own = item.message.subject;
    const message = this.#message(sending, id, item.message.id, own);
    const bytes = toUtf8(textOf(message, data));
    const leaf = leafHash(this.#node.suite, bytes);
    const awaited = sending.awaited ? this.#await(sending, id, data, own) : undefined;
    if (sending.patience)
      timers.push({
        subject: own,
        name: `kernel/patience:${id}`,
        due: afterInstant(this.#scene.nowMs, sending.patience),
        type: 'kernel/patience',
        version: 1,
        data: canonical({ message: id }),
        cause: item.message.id,
      });
    const { urgent, value = sending.data } = sending;
    return { message, bytes, leaf, urgent, awaited, value };
  }

  #message(sending: Sending, id: string, cause: string, own: string): Message {
    const { conversation, to, type, subject, version, causation, purpose } = sending;
    return {
      causationid: causation ?? cause,
      ...(conversation === undefined ? {} : { conversation }),
      // The cast is safe: the data have a canonical text.
      data: sending.data as JsonObject,
      datacontenttype: 'application/json',
      dataschema: `yitong:${type}/${version}`,
      id,
      purpose: purpose ?? 'internal',
      ...(sending.awaited ? { replyto: own } : {}),
      source: `yitong:${this.#node.here}`,
      specversion: '1.0',
      subject,
      time: instantOf(this.#scene.nowMs),
      to,
      type,
    };
  }

  #await(sending: Sending, message: string, data: string, subject: string): AwaitedRow {
    const { to, type, version, conversation = '' } = sending;
    const row = { message, peer: to, conversation, subject, type, version, data, at: 0 };
    if (sending.value !== undefined) rememberAsked(row, sending.value);
    this.#scene.overlay.awaited.set(message, row);
    return row;
  }

  #localItem({ message, bytes, leaf, value }: Outgoing): Item {
    const route = this.#node.registry.route(message.type);
    if (!route) throw new Error(`${message.type} is not declared`);
    return { message, bytes, leaf, route, from: this.#node.here, value };
  }

  #write(writing: Writing): Written {
    const { overlay } = this.#scene;
    const { record, subject, id, owner, body, value, schema, home } = writing;
    const previous = overlay.record(record.type, subject, id, owner);
    const version = (previous?.row.version ?? 0) + 1;
    const state: RecordState = {
      row: { type: record.type, subject, id, owner, version, at: 0, schema, body, home },
      value,
    };
    overlay.write(state);
    return { state, previous };
  }

  #book(booking: Booking, at: number): void {
    const { overlay } = this.#scene;
    overlay.changing(booking.debit).debit += booking.fen;
    overlay.changing(booking.credit).credit += booking.fen;
    overlay.transfers.set(booking.transfer, legs(booking, at));
  }

  #holds(draft: Draft): void {
    const { overlay } = this.#scene;
    for (const hold of draft.holds) {
      const fen = hold.state === 'open' ? hold.fen : -hold.fen;
      overlay.changing(hold.debit).heldDebit += fen;
      overlay.changing(hold.credit).heldCredit += fen;
      const rows = hold.state === 'open' && hold.index === 0 ? [] : overlay.hold(hold.name);
      overlay.holds.set(hold.name, [
        ...rows.filter((row) => row.transfer !== hold.transfer),
        { ...hold, at: 0 },
      ]);
    }
  }

  /** The conversation after this message: open while answers are owed to the command's subject (K22). */
  #conversation(item: Item, outcome: Did['outcome'], draft: Draft): readonly ConversationRow[] {
    if (outcome !== 'done') return [];
    const owed = draft.sendings.filter((one) => one.awaited).length;
    const made = draft.writings
      .filter((one) => one.owner === '' && one.home && one.body !== null)
      .map((one) => [one.record.type, one.subject, one.id] as const);
    if (item.route.is === 'command') {
      if (owed === 0) return [];
      const begun = {
        command: item.message.id,
        state: 'open',
        open: owed,
        problem: '',
        made,
        at: 0,
      } as const;
      return [this.#talk(begun)];
    }
    if (item.route.is !== 'reply' && item.route.is !== 'refused' && item.route.is !== 'patience') return [];
    const command = conversationOf(item, this.#scene);
    const before = command === undefined ? null : this.#scene.overlay.conversation(command);
    if (!before) return [];
    return [this.#talk(continued(before, item, owed, draft.answered.length, made))];
  }

  /** Conversations over their term name nobody any more; that they were, and how they ended, stays. */
  #emptied({ emptied }: Draft): readonly ConversationRow[] {
    const rows = emptied.map((command) => this.#scene.overlay.conversation(command));
    return rows.flatMap((row) => (row ? [this.#talk({ ...row, made: [], problem: '' })] : []));
  }

  #talk(row: ConversationRow): ConversationRow {
    this.#scene.overlay.conversations.set(row.command, row);
    return row;
  }
}

/** The canonical text of an envelope, its keys in order; its data are canonical already. */
function textOf(message: Message, data: string): string {
  const q = JSON.stringify;
  const { causationid, conversation, replyto, dataschema, id, purpose, source, subject, time, to, type } =
    message;
  const talk = conversation === undefined ? '' : `"conversation":"${conversation}",`;
  const back = replyto === undefined ? '' : `"replyto":${q(replyto)},`;
  return `{"causationid":"${causationid}",${talk}"data":${data},"datacontenttype":"application/json","dataschema":"${dataschema}","id":"${id}","purpose":"${purpose}",${back}"source":"${source}","specversion":"1.0","subject":${q(subject)},"time":"${time}","to":"${to}","type":"${type}"}`;
}

const empty: Merged = {
  written: [],
  local: [],
  localAwaited: [],
  routes: [],
  outs: [],
  timers: [],
  conversations: [],
};

function continued(
  before: ConversationRow,
  item: Item,
  owed: number,
  answered: number,
  made: ConversationRow['made'],
): ConversationRow {
  const open = before.open + owed - answered;
  const data: JsonObject = item.message.data;
  const problem = item.route.is === 'refused' && before.problem === '' ? canonical(data) : before.problem;
  const known = new Set(before.made.map((one) => one.join('\n')));
  const state = open > 0 ? 'open' : problem === '' ? 'done' : 'refused';
  return {
    ...before,
    state,
    open,
    problem,
    made: [...before.made, ...made.filter((one) => !known.has(one.join('\n')))],
  };
}
