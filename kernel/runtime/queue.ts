import type { Input } from './input.ts';

/** Something that waits for a batch, with its weight and who is told when the batch failed. */
export interface Waiting {
  readonly input: Input;
  readonly messages: number;
  readonly bytes: number;
  readonly urgent: boolean;
  /** When it was put there, by the monotonic clock; of local commands and frames. */
  readonly since?: number;
  /** Leaf (hex) of what was accepted under a command's id before, if the door found that. */
  readonly known?: string;
  /** The batch cannot be written by this writer any more: ask again later. */
  readonly dropped: (reason: string) => void;
}

/**
 * Most messages and bytes of one batch (K13); a frame is never split. A batch that is full already costs each message hardly more than
 * a larger one would, and what it made goes on its way sooner: with 1,000 two nodes waited for each other's batches by turns.
 */
const messagesMax = 250;
const bytesMax = 4 * 1024 * 1024;
/** A lane that waits gets this many messages before the next lane has its turn. */
const turn = 64;
/** Lanes of peers have their codes as names; the node's own have words. */
const isPeer = (lane: string): boolean => /^[0-9]/.test(lane);

/**
 * What waits for a partition's writer, taken in fair turns: urgent first, then answers of peers, routes and local commands (K14). While
 * others wait too, a lane of a peer has one turn a batch: what a member floods with must not make the batch long that others wait for.
 */
export class Queue {
  readonly #urgent: Waiting[] = [];
  readonly #lanes = new Map<string, Waiting[]>();
  #messages = 0;
  #next = 0;

  get length(): number {
    return this.#messages;
  }

  push(lane: string, waiting: Waiting): void {
    this.#messages += Math.max(1, waiting.messages);
    if (waiting.urgent) return void this.#urgent.push(waiting);
    const list = this.#lanes.get(lane);
    if (list) list.push(waiting);
    else this.#lanes.set(lane, [waiting]);
  }

  /** When the first that waits in a lane was put there; undefined when none waits. */
  since(lane: string): number | undefined {
    return this.#lanes.get(lane)?.[0]?.since;
  }

  /** Takes at most a batch: urgent first, then each lane in turn. */
  take(): Waiting[] {
    const taken: Waiting[] = [];
    const room = { messages: messagesMax, bytes: bytesMax };
    this.#drain(this.#urgent, messagesMax, room, taken);
    const all = [...this.#lanes];
    for (let lanes = all; lanes.length > 0 && room.messages > 0 && room.bytes > 0; ) {
      const before = taken.length;
      for (let i = 0; i < lanes.length; i += 1) {
        const lane = lanes[(this.#next + i) % lanes.length];
        if (lane) this.#drain(lane[1], turn, room, taken);
      }
      this.#next += 1;
      if (taken.length === before) break;
      const further = all.length === 1 ? all : all.filter(([name]) => !isPeer(name));
      lanes = further.filter(([, list]) => list.length > 0);
    }
    for (const [name, list] of this.#lanes) if (list.length === 0) this.#lanes.delete(name);
    return taken;
  }

  /** Empties the queue; each is told why. */
  drop(reason: string): void {
    const all = [...this.#urgent, ...[...this.#lanes.values()].flat()];
    this.#urgent.length = 0;
    this.#lanes.clear();
    this.#messages = 0;
    for (const one of all) one.dropped(reason);
  }

  #drain(list: Waiting[], most: number, room: { messages: number; bytes: number }, taken: Waiting[]): void {
    let count = 0;
    let used = 0;
    for (const one of list) {
      const fits = one.messages <= room.messages && one.bytes <= room.bytes;
      if (count >= most || (!fits && taken.length > 0)) break;
      room.messages -= one.messages;
      room.bytes -= one.bytes;
      count += Math.max(1, one.messages);
      used += 1;
      taken.push(one);
    }
    if (used > 0) list.splice(0, used);
    this.#messages -= count;
  }
}
