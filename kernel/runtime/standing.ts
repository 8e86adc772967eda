import { heldGoneText, heldText, timerGoneText, timerText } from '../journal/outcome.ts';
import type { AwaitedRow, HeldRow, TimerRow } from '../store/rows.ts';
import type { Commit } from '../store/store.ts';
import type { EntryList } from './entry-list.ts';
import { positionOf } from './ids.ts';
import type { Slot } from './input.ts';
import type { Finished, Plan } from './plan.ts';

/** What a batch leaves standing or takes away: timers, held and waiting inputs, messages whose answer is awaited. */
export class Standing {
  readonly #plan: Pick<Plan, 'slots' | 'seq' | 'scene'>;
  readonly #entries: EntryList;
  readonly #timersPut = new Map<string, TimerRow>();
  readonly #timersGone = new Map<string, { subject: string; name: string }>();
  readonly #held = new Map<number, HeldRow>();
  readonly #heldGone: number[] = [];
  readonly #awaitedPut = new Map<string, AwaitedRow>();
  readonly #awaitedGone = new Set<string>();

  #localIndex: ReadonlyMap<string, number> | undefined;

  constructor(plan: Pick<Plan, 'slots' | 'seq' | 'scene'>, entries: EntryList) {
    this.#plan = plan;
    this.#entries = entries;
  }

  rows(): Pick<Commit, 'timers' | 'held' | 'awaited'> {
    return {
      timers: { put: [...this.#timersPut.values()], gone: [...this.#timersGone.values()] },
      held: { put: [...this.#held.values()], gone: this.#heldGone },
      awaited: { put: [...this.#awaitedPut.values()], gone: [...this.#awaitedGone] },
    };
  }

  timer(timer: Omit<TimerRow, 'at'>): void {
    const index = this.#entries.text('put', '1y', timerText(timer));
    const key = `${timer.subject}\n${timer.name}`;
    this.#timersPut.set(key, { ...timer, at: this.#at(index) });
    this.#timersGone.delete(key);
  }

  timerGone({ subject, name }: { subject: string; name: string }): void {
    const key = `${subject}\n${name}`;
    this.#entries.text('put', '1y', timerGoneText({ subject, name }));
    this.#timersPut.delete(key);
    this.#timersGone.set(key, { subject, name });
  }

  /** The answer to the message at this index is awaited. */
  await(row: AwaitedRow, index: number): void {
    this.#awaitedPut.set(row.message, { ...row, at: this.#at(index) });
  }

  /** A message handled in this very batch lies among the inputs; its row is put with that entry's position. */
  localAwaited(row: AwaitedRow, cause: Slot): number {
    const index = this.#locals().get(row.message) ?? cause.index;
    if (!this.#awaitedGone.has(row.message)) this.await(row, index);
    return index;
  }

  /** Index of each message that another of this batch sent to a subject of this partition, by id; looked up once for a batch. */
  #locals(): ReadonlyMap<string, number> {
    this.#localIndex ??= new Map(
      this.#plan.slots.flatMap(({ origin, item, index }) =>
        origin === 'local' && item ? [[item.message.id, index] as const] : [],
      ),
    );
    return this.#localIndex;
  }

  answered(message: string): void {
    this.#awaitedPut.delete(message);
    this.#awaitedGone.add(message);
  }

  /** A held or waiting input is noted for people; one that was released is no longer: its position. */
  input({ slot, outcome, reason }: Finished): number | undefined {
    if (outcome === 'held' || outcome === 'waiting') this.#hold(slot, outcome, reason ?? '');
    if (slot.input?.kind !== 'release') return undefined;
    this.#heldGone.push(slot.input.position);
    this.#entries.text('put', '1y', heldGoneText(slot.input.position));
    return slot.input.position;
  }

  #hold(slot: Slot, kind: 'held' | 'waiting', reason: string): void {
    const at = this.#at(slot.index);
    const clean = reason.replaceAll(/[^\P{Cc}\t\n]/gu, ' ');
    const row: HeldRow = {
      at,
      subject: slot.item?.message.subject ?? '',
      reason: clean,
      kind,
      since: this.#plan.scene.nowMs,
    };
    this.#held.set(at, row);
    this.#entries.text('put', '1y', heldText(row));
  }

  #at(index: number): number {
    return positionOf(this.#plan.seq, index);
  }
}
