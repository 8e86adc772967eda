import { problem } from '@yitong/kit';
import type { CommandAnswer, CommandRequest } from '../api.ts';
import { admit } from '../runtime/door.ts';
import type { Environment } from '../runtime/environment.ts';
import type { Item } from '../runtime/handle.ts';
import { positionOf } from '../runtime/ids.ts';
import { itemOf } from '../runtime/open.ts';
import { answerOf, storedOutcome, talkAnswer } from '../runtime/outcomes.ts';
import { partitionOf } from '../runtime/partition.ts';
import type { Finished } from '../runtime/plan.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import type { ConversationRow, RecordRow } from '../store/rows.ts';
import { KnownIds } from './known-ids.ts';
import type { Siblings } from './siblings.ts';

/** A command by which its outcome is found. */
export interface CommandRef {
  readonly type: string;
  readonly subject: string;
  readonly id: string;
}

/** What came back once an item was durable, or why it was not taken. */
export interface Submitted {
  readonly answer: CommandAnswer;
  /** The same wish was accepted before: its outcome is to be looked up. */
  readonly again: boolean;
  readonly partition: number;
  /** What it did, once it is durable. */
  readonly did: Done | undefined;
}

/** How an item ended, and what it showed to whoever handed it in: a record, an answer to a question, the code of a refusal. */
interface Done {
  readonly outcome: Finished['outcome'];
  readonly shown: RecordRow | undefined;
  readonly given: Finished['draft']['given'];
  readonly refusal: string | undefined;
}

type Told = (finished: Finished, partition: number, seq: number) => void;

interface Waiting {
  readonly command: CommandRef;
  readonly list: Set<(answer: CommandAnswer) => void>;
}

/** Where wishes are handed in and waited for: until they are durable, and until their conversations end. */
export class Counter {
  readonly #env: Environment;
  readonly #writers: readonly PartitionWriter[];
  /** Who is told once a wish is durable: two may have handed in the same one. */
  readonly #accepted = new Map<string, Set<Told>>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #knownIds: KnownIds;
  readonly #siblings: Siblings;

  constructor(env: Environment, writers: readonly PartitionWriter[], siblings: Siblings) {
    this.#env = env;
    this.#writers = writers;
    this.#siblings = siblings;
    this.#knownIds = new KnownIds(env);
  }

  /** Takes a command, once however often it comes, and waits for the end of its conversation at the longest `waitMs`. */
  async command(request: CommandRequest, waitMs: number): Promise<CommandAnswer> {
    const admitted = admit(this.#env, request);
    if (!admitted.ok) {
      const id = request.id === undefined ? {} : { id: request.id };
      return { state: 'invalid', ...id, problem: admitted.problem };
    }
    return (await this.submit(admitted.item, request.id !== undefined, waitMs)).answer;
  }

  /**
   * Takes an item at its partition's holder, here or in another process, `lookup` after asking whether its id was accepted before;
   * resolves once it is durable, or its conversation has ended if that is waited for.
   */
  async submit(item: Item, lookup: boolean, waitMs = 0): Promise<Submitted> {
    const partition = this.#partitionOf(item.message.subject);
    if (!this.#isElsewhere(partition)) return this.#taken(item, lookup, waitMs);
    const passed = this.#siblings.ask(partition, waitMs, 'take', item.bytes, lookup, waitMs);
    return passed.catch((error: unknown) => busy(partition, String(error)));
  }

  /** Takes what came to another process of the node, here and nowhere else. */
  take(bytes: Uint8Array, lookup: boolean, waitMs: number): Promise<Submitted> {
    return this.#taken(itemOf(this.#env, bytes, this.#env.scene.here), lookup, waitMs);
  }

  async #taken(item: Item, lookup: boolean, waitMs: number): Promise<Submitted> {
    const first = await this.#durable(item, lookup);
    const { id, subject, type } = item.message;
    const ref = { type, subject, id };
    if (first.again) return { ...first, answer: (await this.known(ref, waitMs)) ?? first.answer };
    if (first.answer.state !== 'open' || waitMs <= 0) return first;
    return { ...first, answer: await this.wait(ref, waitMs, first.answer) };
  }

  async #durable(item: Item, lookup: boolean): Promise<Submitted> {
    const partition = this.#partitionOf(item.message.subject);
    // Looking an id up is waiting too, and who will be turned away is turned away before it.
    const since = this.#env.clock.monotonic();
    const full = this.#full(partition, since);
    if (full !== undefined || !lookup) return full ?? this.#submit(item, partition, since);
    try {
      const known = await this.#knownIds.leafOf(item.message);
      return this.#full(partition, since) ?? (await this.#submit(item, partition, since, known));
    } catch (error) {
      this.#env.log.warn('id not looked up', { error: String(error) });
      return busy(partition, 'the database is away');
    }
  }

  /** Why nothing more can be taken for a partition now. A count alone says nothing of how long it takes: a slow database would let people wait for minutes. */
  #full(partition: number, since: number): Submitted | undefined {
    const { limits, clock, outdated } = this.#env;
    if (outdated !== undefined) return busy(partition, outdated);
    const writer = this.#writers[partition];
    const waitedMs = Math.max(writer?.waitedMs ?? 0, clock.monotonic() - since);
    if (writer && writer.queued <= limits.queue && waitedMs <= limits.queueMs) return undefined;
    return busy(partition, 'too much waits for this partition');
  }

  #submit(item: Item, partition: number, since: number, known?: string): Promise<Submitted> {
    return new Promise((resolve) => {
      const told: Told = (finished, at, seq) => {
        const answer = answerOf(finished, at, positionOf(seq, finished.slot.index));
        const { outcome, shown, draft } = finished;
        const did = { outcome, shown, given: draft.given, refusal: draft.refusal?.code };
        resolve({ answer, again: outcome === 'dup', did, partition: at });
      };
      const key = keyOf(item);
      const expecting = this.#accepted.get(key) ?? new Set();
      this.#accepted.set(key, expecting.add(told));
      this.#writers[partition]?.push('local', {
        input: { kind: 'command', item },
        messages: 1,
        bytes: item.bytes.length,
        urgent: false,
        since,
        ...(known === undefined ? {} : { known }),
        dropped: (detail) => {
          expecting.delete(told);
          if (expecting.size === 0) this.#accepted.delete(key);
          resolve(busy(partition, detail));
        },
      });
    });
  }

  /** What became of a command that was accepted; undefined when it is not known here. */
  async outcome(command: CommandRef, waitMs: number): Promise<CommandAnswer | undefined> {
    const partition = this.#partitionOf(command.subject);
    if (waitMs <= 0 || !this.#isElsewhere(partition)) return this.known(command, waitMs);
    const asked = this.#siblings.ask(partition, waitMs, 'known', command, waitMs);
    return asked.catch(() => this.known(command, 0));
  }

  /** The same, from what is stored and what this process alone handles. */
  async known(command: CommandRef, waitMs: number): Promise<CommandAnswer | undefined> {
    const stored = await storedOutcome(this.#env, this.#partitionOf(command.subject), command);
    if (stored?.state !== 'open' || waitMs <= 0) return stored;
    return this.wait(command, waitMs, stored);
  }

  /** Resolves when the command's conversation ends, at the latest after `waitMs` with what is known meanwhile. */
  wait(command: CommandRef, waitMs: number, meanwhile: CommandAnswer): Promise<CommandAnswer> {
    return new Promise((resolve) => {
      const entry = this.#waiting.get(command.id) ?? { command, list: new Set() };
      this.#waiting.set(command.id, entry);
      const settle = (answer: CommandAnswer): void => {
        cancel();
        entry.list.delete(settle);
        if (entry.list.size === 0) this.#waiting.delete(command.id);
        resolve(answer);
      };
      const cancel = this.#env.clock.after(waitMs, () => settle(meanwhile));
      entry.list.add(settle);
      // Who waits then gets, at the latest, what was known meanwhile.
      void this.#endedMeanwhile(command, settle).catch((error: unknown) =>
        this.#env.log.warn('conversation not looked up', { error: String(error) }),
      );
    });
  }

  /** A batch made this input durable. */
  finished(partition: number, finished: Finished, seq: number): void {
    const { item, origin } = finished.slot;
    if (origin !== 'command' || !item) return;
    const key = keyOf(item);
    const told = this.#accepted.get(key);
    this.#accepted.delete(key);
    for (const tell of told ?? []) tell(finished, partition, seq);
  }

  /** A batch changed these conversations. */
  talked(partition: number, conversations: readonly ConversationRow[]): void {
    for (const row of conversations) {
      const waiting = row.state === 'open' ? undefined : this.#waiting.get(row.command);
      if (!waiting) continue;
      const answer = talkAnswer(row, waiting.command.type, waiting.command.subject, partition);
      for (const settle of [...waiting.list]) settle(answer);
    }
  }

  /** It may have ended between its commit and the wait for it: the writer mostly has it in memory still. */
  async #endedMeanwhile(command: CommandRef, settle: (answer: CommandAnswer) => void): Promise<void> {
    const partition = this.#partitionOf(command.subject);
    const known = this.#writers[partition]?.state?.cache.conversations.get(command.id);
    const row = known ?? (await this.#env.reader.conversation(partition, command.id));
    if (row && row.state !== 'open') settle(talkAnswer(row, command.type, command.subject, partition));
  }

  #isElsewhere(partition: number): boolean {
    return this.#siblings.are && this.#writers[partition]?.state === undefined;
  }

  #partitionOf(subject: string): number {
    return partitionOf(subject, this.#writers.length);
  }
}

function busy(partition: number, detail: string): Submitted {
  return { answer: busyAnswer(detail), again: false, did: undefined, partition };
}

/** Nothing was taken; the same command again later is right. */
export function busyAnswer(detail: string): CommandAnswer {
  const why = problem({ code: 'busy', status: 503, title: 'Try again later', detail });
  return { state: 'busy', retryAfterMs: 500, problem: why };
}

const keyOf = ({ message }: Item): string => `${message.id} ${message.subject}`;
