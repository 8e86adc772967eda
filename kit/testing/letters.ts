import type { MessageType, RecordType, Refused } from '../index.ts';

/** A message or its answer under way, as text. */
export interface MessageLetter {
  readonly is: 'message';
  readonly to: string;
  readonly from: string;
  readonly message: MessageType;
  readonly subject: string;
  /** JSON text, as it goes over the wire. */
  readonly data: string;
  readonly replyTo: string;
  readonly command: string;
  readonly answer?: { readonly reply: string } | { readonly refused: Refused };
}

/** A copy of a record under way to another member; `body` undefined takes it away. 副本 */
export interface CopyLetter {
  readonly is: 'copy';
  readonly to: string;
  readonly from: string;
  readonly record: RecordType;
  readonly subject: string;
  readonly id: string;
  readonly body: string | undefined;
}

/** Whatever is under way. */
export type Letter = MessageLetter | CopyLetter;

/** Letters under way between members, some of whom may be cut off. */
export class Letters {
  readonly #queue: Letter[] = [];
  readonly #down = new Set<string>();
  readonly #pick: (count: number) => number;

  /** `pick` chooses which of the letters that may come next does. */
  constructor(pick: (count: number) => number) {
    this.#pick = pick;
  }

  /** Puts a letter under way. */
  add(letter: Letter): void {
    this.#queue.push(letter);
  }

  /** Takes the letter that arrives next; undefined when none can. Copies of one subject's records overtake none of their own kind. */
  next(): Letter | undefined {
    const lanes = new Set<string>();
    const ready = this.#queue.filter((letter) => {
      if (this.#down.has(letter.to)) return false;
      if (letter.is === 'message') return true;
      const lane = `${letter.from} ${letter.to} ${letter.subject}`;
      const first = !lanes.has(lane);
      lanes.add(lane);
      return first;
    });
    const chosen = ready[this.#pick(ready.length)];
    if (chosen !== undefined) this.#queue.splice(this.#queue.indexOf(chosen), 1);
    return chosen;
  }

  /** Whether a message with these data has not arrived yet. */
  holds({ message, data }: MessageLetter): boolean {
    return this.#queue.some((one) => one.is === 'message' && one.data === data && one.message === message);
  }

  /** Lets nothing arrive at a member any more, or again; what it sends goes out all the same. */
  reachable(member: string, reachable: boolean): void {
    if (reachable) this.#down.delete(member);
    else this.#down.add(member);
  }
}
