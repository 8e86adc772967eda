import { legalDay } from '@yitong/kit';
import { readJournalHead } from '../exchange/head.ts';
import type { Suite } from '../exchange/suite.ts';
import { monthOver, oldestIds, terms } from '../journal/terms.ts';
import { freshId, itemFor } from '../runtime/door.ts';
import { count, type Environment } from '../runtime/environment.ts';
import type { BodyRow, RetentionClass } from '../store/rows.ts';
import type { Eraser, JournalBatch } from '../store/store.ts';
import type { Counter } from './counter.ts';
import { Erasing, type Expired } from './erasing.ts';
import type { Leases } from './leases.ts';
import { type Standing, standingIn } from './standing-entries.ts';

/** What one round did: bodies looked at, entries erased, records taken away, ids forgotten; `more`: its bounds were reached. */
export interface RetentionRound {
  readonly looked: number;
  readonly erased: number;
  readonly forgotten: number;
  readonly ids: number;
  readonly more: boolean;
}

/** Bounds of one round for each partition and class: bodies looked at, ids forgotten; a longer rest follows what was not cut short. */
const bodiesMax = 64;
const idsMax = 10_000;
const actor = { id: 'kernel', roles: [] };

/** Erases what is over its term, a little at a time, on the partitions that are held here (K27). 到期销毁 */
export class Retention {
  readonly #env: Environment;
  readonly #eraser: Eraser | undefined;
  readonly #leases: Leases;
  readonly #counter: Counter;
  /** Where the next round goes on, by partition and class. */
  readonly #next = new Map<string, number>();
  #cancel: (() => void) | undefined;
  #underWay: Promise<RetentionRound> | undefined;
  #stopped = true;

  constructor(env: Environment, eraser: Eraser | undefined, leases: Leases, counter: Counter) {
    this.#env = env;
    this.#eraser = eraser;
    this.#leases = leases;
    this.#counter = counter;
  }

  /** From now on; the first round after the usual rest. */
  start(): void {
    this.#stopped = false;
    if (this.#eraser) this.#again(this.#env.limits.retentionMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#underWay?.catch(() => undefined);
  }

  /** One round, however soon after the last. Errors: no eraser was given; the store's. */
  round(): Promise<RetentionRound> {
    this.#underWay ??= this.#round().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  #again(ms: number): void {
    this.#cancel = this.#env.clock.after(ms, () => {
      void this.round()
        .catch((error: unknown) => {
          this.#env.log.warn('nothing erased', { error: String(error) });
          return { more: false };
        })
        .then(({ more }) => {
          if (!this.#stopped) this.#again(more ? this.#env.limits.beatMs : this.#env.limits.retentionMs);
        });
    });
  }

  async #round(): Promise<RetentionRound> {
    const eraser = this.#eraser;
    if (!eraser) throw new Error('the node has no role that may erase');
    let sum: RetentionRound = { looked: 0, erased: 0, forgotten: 0, ids: 0, more: false };
    // By a clock that jumped nothing is over.
    if (this.#env.clock.jumped() !== undefined) return sum;
    for (const { partition } of this.#leases.held) {
      if (this.#stopped) break;
      const nowMs = await this.#present(partition);
      const ids = await eraser.forgetIds(partition, oldestIds(nowMs), idsMax);
      sum = { ...sum, ids: sum.ids + ids, more: sum.more || ids >= idsMax };
      for (const { class: name, years } of terms)
        sum = added(
          sum,
          await this.#term(eraser, partition, { class: name, month: monthOver(nowMs, years) }),
        );
    }
    for (const name of ['erased', 'forgotten', 'ids'] as const)
      if (sum[name] > 0) count(this.#env, `retention_${name}`, sum[name]);
    if (sum.erased + sum.forgotten > 0) this.#env.log.info('erased what is over its term', { ...sum });
    return sum;
  }

  /**
   * The partition's own time, which its journal has: a check needs no other to know what may be forgotten. One that had nothing to do
   * this month is told an empty message, so that its time goes on.
   */
  async #present(partition: number): Promise<number> {
    const { journal } = await this.#env.store.tail(partition);
    const clock = this.#env.clock.now();
    if (journal.seq === 0 || monthOf(clock) <= monthOf(journal.now)) return journal.now;
    await this.#forget(`partition:${partition}`, { conversations: [] });
    return (await this.#env.store.tail(partition)).journal.now;
  }

  async #term(
    eraser: Eraser,
    partition: number,
    over: { readonly class: RetentionClass; readonly month: string },
  ): Promise<RetentionRound> {
    const key = `${partition} ${over.class}`;
    const seq = this.#next.get(key) ?? 1;
    const bodies = await eraser.due(partition, { ...over, seq, limit: bodiesMax });
    const more = bodies.length === bodiesMax;
    const last = bodies.at(-1);
    this.#next.set(key, more && last ? last.seq + 1 : 1);
    const sum = { looked: bodies.length, erased: 0, forgotten: 0, ids: 0, more };
    if (bodies.length === 0) return sum;
    const standing = await standingIn(this.#env, partition);
    for (const body of bodies) {
      const { erased, forgotten } = await this.#body(eraser, standing, body);
      sum.erased += erased;
      sum.forgotten += forgotten;
    }
    return sum;
  }

  async #body(eraser: Eraser, standing: Standing, body: BodyRow) {
    const [batch] = await this.#env.store.read(standing.partition, body.seq, 1);
    if (batch?.row.seq !== body.seq) throw new Error('a body without its batch');
    const erasing = new Erasing(this.#env, suiteOf(this.#env, batch), standing, batch, body);
    const { erasure, erased, expired, ended } = await erasing.look();
    for (const one of expired) await this.#takeAway(one);
    if (ended.length > 0) await this.#forget(`partition:${standing.partition}`, { conversations: ended });
    const isErased = erasure !== undefined && (await eraser.erase(standing.partition, erasure));
    return { erased: isErased ? erased : 0, forgotten: expired.length };
  }

  #takeAway({ type, subject, id, at, changed }: Expired): Promise<void> {
    return this.#forget(subject, { type, id, at, changed });
  }

  /** A message like any other: what it does is in the journal. */
  async #forget(subject: string, data: Readonly<Record<string, unknown>>): Promise<void> {
    const wish = { type: 'kernel/forget', id: freshId(this.#env), subject, data, actor };
    const { answer } = await this.#counter.submit(itemFor(this.#env, wish, data), false);
    if (answer.state === 'busy') throw new Error('the node is busy: erased later');
  }
}

const monthOf = (ms: number): string => legalDay(ms).slice(0, 7);

function suiteOf({ suites }: Environment, { row }: JournalBatch): Suite {
  const head = readJournalHead(row.head);
  return suites[head.ok ? head.value.suite : 'ed25519-sha256'];
}

function added(a: RetentionRound, b: RetentionRound): RetentionRound {
  return {
    looked: a.looked + b.looked,
    erased: a.erased + b.erased,
    forgotten: a.forgotten + b.forgotten,
    ids: a.ids + b.ids,
    more: a.more || b.more,
  };
}
