import type { Message } from '../exchange/message.ts';
import { uuidTimeMs } from '../exchange/uuid.ts';
import type { Environment } from '../runtime/environment.ts';
import type { Item } from '../runtime/handle.ts';
import { placeOf, timedId } from '../runtime/ids.ts';
import type { Input } from '../runtime/input.ts';
import { entryAt, itemOf, parseOwn } from '../runtime/open.ts';
import { entryJson, type PackedEntry } from './entries.ts';
import type { Fold, Row } from './fold.ts';
import { remnantIn } from './remnant.ts';

/** Inputs that cannot be run again: their payload was erased, or their type is no longer declared. */
export class NotAtHand extends Error {}

/** Reasons by which an input was held whatever its handler would have done. */
const heldUnrun = /^(the database refused it|its handler did not end)/;

/** The inputs of a stored batch, as the writer had them. */
export class StoredInputs {
  readonly #env: Pick<Environment, 'scene' | 'suite' | 'store'>;
  readonly #partition: number;
  readonly #fold: Fold;

  /** `fold`: the state before the batch. */
  constructor(env: Pick<Environment, 'scene' | 'suite' | 'store'>, partition: number, fold: Fold) {
    this.#env = env;
    this.#partition = partition;
    this.#fold = fold;
  }

  async of(now: number, entries: readonly PackedEntry[]): Promise<Input[]> {
    const dids = new Map<unknown, Row>();
    const unrun = new Map<unknown, string>();
    for (const entry of entries) {
      if (entry.kind === 'did') dids.set(entryJson(entry)['did'], entryJson(entry));
      const put = entry.kind === 'put' ? entryJson(entry) : {};
      if (put['put'] === 'held' && heldUnrun.test(String(put['reason'])))
        unrun.set(placeOf(Number(put['at'])).index, String(put['reason']));
    }
    const inputs: Input[] = [];
    for (const entry of entries) {
      const did = dids.get(entry.index);
      const input = did && (await this.#input(now, entry, did, entries));
      if (!input) continue;
      const hold = unrun.get(entry.index);
      inputs.push(
        hold === undefined || !('item' in input) ? input : { ...input, item: { ...input.item, hold } },
      );
    }
    return inputs;
  }

  /** Undefined: a message that a handler of this very batch sent. */
  async #input(
    now: number,
    entry: PackedEntry,
    did: Row,
    entries: readonly PackedEntry[],
  ): Promise<Input | undefined> {
    switch (entry.kind) {
      case 'dup':
      case 'bad':
        return { kind: 'skipped', skip: entry.kind, leaf: entry.bytes, code: textOf(did['code']) };
      case 'ref':
        return this.#reference(entry, did);
      case 'in':
        return this.#message(now, entry, entries);
      default:
        throw new NotAtHand(entry.kind);
    }
  }

  #message(now: number, entry: PackedEntry, entries: readonly PackedEntry[]): Input | undefined {
    const message = parseOwn(entry.bytes);
    const from = message.source.slice('yitong:'.length);
    const item = this.#item(entry, from);
    if (from !== this.#env.scene.here || message.actor !== undefined) return { kind: 'command', item };
    for (const timer of this.#fold.rows.timer.values()) {
      const { subject, name, due, cause } = timer;
      if (subject !== message.subject || Number(due) > now) continue;
      const parts = [String(cause), String(subject), String(name), Number(due)];
      if (timedId(Number(due), 'yitong-timer/1', ...parts) === message.id)
        return { kind: 'timer', item, subject: String(subject), name: String(name) };
    }
    // A timer that fired is taken away in the same batch: without that, it looks like a message of this batch's own.
    if (entries.some((one) => remnantIn(one)?.was === 'put')) throw new NotAtHand('a timer, perhaps');
    return this.#fired(message, item, entries);
  }

  /** A timer of which the arming is erased, by what was put when it fired. */
  #fired(message: Message, item: Item, entries: readonly PackedEntry[]): Input | undefined {
    const due = uuidTimeMs(message.id) ?? 0;
    for (const put of entries.filter((one) => one.kind === 'put').map(entryJson)) {
      const { subject, name } = put;
      if (put['put'] !== 'timer-gone' || subject !== message.subject) continue;
      const parts = [String(message.causationid), String(subject), String(name), due];
      if (timedId(due, 'yitong-timer/1', ...parts) === message.id)
        return { kind: 'timer', item, subject: String(subject), name: String(name) };
    }
    return undefined;
  }

  async #reference(entry: PackedEntry, did: Row): Promise<Input> {
    const { partition, position } = entryJson(entry);
    const place = { partition: Number(partition), position: Number(position) };
    const item = await this.#referred(place);
    if (place.partition !== this.#partition) return { kind: 'route', item, ...place };
    const refuse = did['code'] === 'kernel/refused-by-operator';
    return { kind: 'release', item, position: place.position, refuse };
  }

  async #referred({ partition, position }: { partition: number; position: number }): Promise<Item> {
    const entry = await entryAt(this.#env, partition, position);
    if (entry?.kind === 'ref') {
      const there = entryJson(entry);
      return this.#referred({ partition: Number(there['partition']), position: Number(there['position']) });
    }
    if (!entry || entry.kind === 'gone') throw new NotAtHand('an erased message');
    return this.#item(entry, parseOwn(entry.bytes).source.slice('yitong:'.length));
  }

  #item(entry: PackedEntry, from: string): Item {
    if (!this.#env.scene.registry.route(parseOwn(entry.bytes).type))
      throw new NotAtHand('an undeclared type');
    return itemOf(this.#env, entry.bytes, from);
  }
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}
