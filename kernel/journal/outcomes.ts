import { positionOf } from '../runtime/ids.ts';
import { partitionOf } from '../runtime/partition.ts';
import type { JournalRow } from '../store/rows.ts';
import { messageOf } from './chain.ts';
import type { Wrong } from './check.ts';
import { entryJson, type PackedEntry } from './entries.ts';
import type { Row } from './fold.ts';
import { remnantIn } from './remnant.ts';

const inputKinds: ReadonlySet<string> = new Set(['in', 'ref', 'dup', 'bad', 'gone']);

/** What an entry says of a message between partitions of the node: where it lies, which message. */
interface Crossing {
  readonly position: number;
  /** The partition that it is for. */
  readonly to: number;
}

/** What the inputs of a partition became, followed through its journal: kernel rules 12.2, 12.4, 12.7 and 12.9. */
export class Outcomes {
  readonly partition: number;
  readonly #source: string;
  /** Subjects of held and waiting inputs by position; undefined once they are erased. */
  readonly #standing = new Map<number, string | undefined>();
  readonly #partitions: number;
  readonly #openHolds = new Map<unknown, bigint>();
  /** Messages for other partitions, in order; and positions taken from each other partition, in order. */
  readonly routes: Crossing[] = [];
  readonly taken = new Map<number, number[]>();
  /** The last batch that handled something else than timers. */
  #last: { readonly at: number; readonly now: number } | undefined;

  constructor(partition: number, here: string, partitions: number) {
    this.partition = partition;
    this.#partitions = partitions;
    this.#source = `yitong:${here}`;
  }

  batch(row: JournalRow, entries: readonly PackedEntry[], wrong: Wrong): void {
    const dids = entries.filter((entry) => entry.kind === 'did').map(entryJson);
    this.#eachHasOne(entries, dids, wrong);
    for (const did of dids) this.#released(did, wrong);
    for (const did of dids) this.#holds(did, wrong);
    for (const entry of entries) this.#entry(row, entry);
  }

  /** A timer that was due when another message was handled has fired before it (K44). */
  timer(row: Row, wrong: Wrong): void {
    if (this.#last && Number(row['at']) < this.#last.at && Number(row['due']) <= this.#last.now)
      wrong('timer', 'it was due and did not fire before later messages were handled');
  }

  #eachHasOne(entries: readonly PackedEntry[], dids: readonly Row[], wrong: Wrong): void {
    const inputs = entries.slice(0, dids.length);
    const indexes = new Set(dids.map((did) => did['did']));
    const all = indexes.size === dids.length && inputs.every((_, index) => indexes.has(index));
    const others = entries
      .slice(dids.length)
      .some((entry) => entry.kind !== 'gone' && inputKinds.has(entry.kind));
    if (!all || others || inputs.some((entry) => !inputKinds.has(entry.kind)))
      wrong('outcome', 'an input has not exactly one outcome');
  }

  /** Held inputs are released once, and in the order of their subject (K19). */
  #released(did: Row, wrong: Wrong): void {
    const position = did['released'];
    if (typeof position !== 'number') return;
    const subject = this.#standing.get(position);
    if (!this.#standing.has(position)) return wrong('released', `nothing was held at ${position}`);
    const earlier = [...this.#standing].some(([at, other]) => other === subject && at < position);
    if (earlier && subject !== undefined)
      wrong('released', `${position} was released before an earlier one of its subject`);
    this.#standing.delete(position);
  }

  /** A hold leaves `open` once, and no more is settled than was held. */
  #holds(did: Row, wrong: Wrong): void {
    for (const [transfer, , , , , fen, state] of lists(did['hold'])) {
      const open = this.#openHolds.get(transfer);
      const opens = state === 'open';
      if (opens !== (open === undefined))
        wrong('hold', `${transfer} ${opens ? 'is made twice' : 'was not open'}`);
      if (!opens && open !== BigInt(String(fen))) wrong('hold', `${transfer} leaves with another amount`);
      if (opens) this.#openHolds.set(transfer, BigInt(String(fen)));
      else this.#openHolds.delete(transfer);
    }
  }

  #entry(row: JournalRow, entry: PackedEntry): void {
    const position = positionOf(row.seq, entry.index);
    if (entry.kind === 'route')
      this.routes.push({ position, to: partitionOf(messageOf(entry).subject, this.#partitions) });
    const remnant = remnantIn(entry);
    if (remnant?.was === 'route') this.routes.push({ position, to: remnant.partition });
    if (remnant?.was === 'put' && remnant.held !== undefined) this.#standing.set(remnant.held, undefined);
    if (entry.kind === 'put') {
      const put = entryJson(entry);
      if (put['put'] === 'held') this.#standing.set(Number(put['at']), String(put['subject']));
    }
    const from = entry.kind === 'ref' ? Number(entryJson(entry)['partition']) : this.partition;
    if (from !== this.partition) {
      const list = this.taken.get(from) ?? [];
      list.push(Number(entryJson(entry)['position']));
      this.taken.set(from, list);
    }
    if (from !== this.partition || (entry.kind === 'in' && this.#isOrdinary(entry)))
      this.#last = { at: positionOf(row.seq, 0), now: row.now };
  }

  /** A command or a peer's message: no timer, and nothing that a handler sent to its own node. */
  #isOrdinary(entry: PackedEntry): boolean {
    const message = messageOf(entry);
    return message.source !== this.#source || Reflect.has(message, 'actor');
  }
}

/** Messages from one partition to another up to the cursor are there once and in order, none above it (12.7). */
export function checkCrossing(
  sent: readonly number[],
  taken: readonly number[],
  cursor: number,
  wrong: Wrong,
): void {
  const due = sent.filter((position) => position <= cursor);
  const known = new Set(taken);
  for (const position of due) if (!known.has(position)) wrong('route', `${position} was passed over`);
  if (taken.length !== due.length || taken.some((position, k) => position !== due[k]))
    wrong('route', 'messages were not taken once and in order');
}

function lists(value: unknown): readonly (readonly unknown[])[] {
  return Array.isArray(value) ? value : [];
}
